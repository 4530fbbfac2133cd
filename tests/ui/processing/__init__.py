"""Tests of the dialog that runs chains, and of what it starts."""
