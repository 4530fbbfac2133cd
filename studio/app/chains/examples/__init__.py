"""Chains to use and to learn from: each file can be copied and changed."""
