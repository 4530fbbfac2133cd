"""Waiting for the thing itself instead of sleeping."""

import time
from collections.abc import Callable

PATIENCE = 3.0
"""A busy machine is slower than the one on which a limit was chosen; what comes in time costs nothing."""
SHORTEST_S = 0.002
LONGEST_S = 0.05


def wait_until(predicate: Callable[[], bool], timeout_s: float = 10.0, what: str = "the condition") -> None:
    """Return as soon as `predicate()` holds; fail after `PATIENCE` times `timeout_s`.

    Asks less often the longer it takes: asking costs time that the thing itself may need.
    """
    began = time.monotonic()
    while not predicate():
        elapsed = time.monotonic() - began
        if elapsed > timeout_s * PATIENCE:
            raise AssertionError(f"{what} did not come true within {elapsed:.0f} s")
        time.sleep(min(LONGEST_S, max(SHORTEST_S, elapsed / 20)))
