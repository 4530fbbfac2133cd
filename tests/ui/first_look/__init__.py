"""Tests of `studio.ui.first_look`."""
