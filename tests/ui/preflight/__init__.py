"""Tests of `studio.ui.preflight`."""
