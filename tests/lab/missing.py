"""Says which programs the laboratory lacks on this machine."""

import shutil

import pytest


def skip_unless_installed(*programs: str) -> None:
    """Skip the test unless every program is on the path (with `CI` set, that skip fails: decision 39)."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
