"""Chains: files as users write them, run over real recordings."""
