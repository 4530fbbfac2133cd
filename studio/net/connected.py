"""What a program waits on until a connection stands (decision 29). Opens nothing itself."""

import threading
from collections.abc import Callable

from studio.errors import StudioError
from studio.timing import NS_PER_S, monotonic_ns


class Connected:
    """Set while there is a connection. An error that no new attempt will mend wakes those who wait."""

    def __init__(self, start: Callable[[], None]) -> None:
        """`start` is called by whoever waits; it starts connecting unless that was begun."""
        self._start = start
        self._changed = threading.Condition()
        self._is_set = False
        self._error: StudioError | None = None

    def is_set(self) -> bool:
        """Whether there is a connection now."""
        return self._is_set

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until there is a connection; False if there was none in time.

        Raises the error (StudioError) for which there is none, unless it may pass by itself: a peer that is
        not there yet is waited for.
        """
        self._start()
        deadline = None if timeout_s is None else monotonic_ns() + round(timeout_s * NS_PER_S)
        with self._changed:
            while not self._is_set:
                if self._error is not None:
                    raise self._error
                if deadline is None:
                    self._changed.wait()
                elif (remaining := deadline - monotonic_ns()) <= 0:
                    return False
                else:
                    self._changed.wait(remaining / NS_PER_S)
            return True

    def set(self) -> None:
        """There is one; an earlier error is forgotten."""
        self._become(True, None)

    def clear(self) -> None:
        """There is none any more, or none yet."""
        self._become(False, None)

    def fail(self, error: StudioError) -> None:
        """There is none, and that is why."""
        self._become(False, error)

    def _become(self, is_set: bool, error: StudioError | None) -> None:
        with self._changed:
            self._is_set = is_set
            self._error = error
            self._changed.notify_all()
