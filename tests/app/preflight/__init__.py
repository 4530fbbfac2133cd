"""Tests of `studio.app.preflight`."""
