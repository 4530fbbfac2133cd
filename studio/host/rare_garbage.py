"""When a process that records looks for cyclic garbage: seldom, and never because of what just waits.

Python looks whenever more objects have come than gone, and the longer the queues of a recording grow, the
more it has to look through: at some hundred thousand waiting messages it does little else, holds all threads
up meanwhile, and the queues grow the faster. Messages are in no cycles. What is, like errors that were
caught, is small and rare.

At the same calm moment it gives back to the system what has been freed: what waited while a disk took nothing
lies in the heaps of all threads that took part, and the C library keeps it below whatever is still in use.
"""

import gc
from collections.abc import Callable

from studio.host.freed_memory import return_freed_memory
from studio.timing import NS_PER_S, Duration, monotonic_ns

YOUNG_COUNT = 50_000
"""So many more objects than there were before it looks at those that are new; a look takes some ms."""
NEVER = 1_000_000
INTERVAL: Duration = 60 * NS_PER_S


class RareGarbage:
    """Belongs to the main thread."""

    def __init__(self) -> None:
        self._before = gc.get_threshold()
        self._last = 0

    def begin(self) -> None:
        """What has been imported by now is never looked at again, and old objects only by `collect`."""
        gc.freeze()
        gc.set_threshold(YOUNG_COUNT, NEVER, NEVER)
        self._last = monotonic_ns()

    def collect(self, is_busy: Callable[[], bool]) -> bool:
        """Look at everything and give back what is free, if that is due and it `is_busy` with nothing else.

        Answers whether it did.
        """
        now = monotonic_ns()
        if now - self._last < INTERVAL:
            return False
        self._last = now
        if is_busy():
            return False
        gc.collect()
        return_freed_memory()
        return True

    def end(self) -> None:
        """As it was before."""
        gc.set_threshold(*self._before)
        gc.unfreeze()
