"""What tests of the timeline share: a reader process of their own."""

from collections.abc import Iterator

import pytest

from tests.ui.real_reader import RealReader


@pytest.fixture
def reader() -> Iterator[RealReader]:
    """Answers as the window's does; ended with the test."""
    made = RealReader()
    yield made
    made.close()
