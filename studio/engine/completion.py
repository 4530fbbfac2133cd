"""When a pipeline stops by itself: what the sources have said about their ends (rules E24-E31)."""

import threading
from collections.abc import Iterable

from studio.engine.element import Element
from studio.timing import TIME_MAX, TIME_MIN, Timestamp


class Completion:
    """The sources that have not told their end yet, and the latest end told."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[Element] = set()
        self._latest = TIME_MIN
        self._has_finite = False

    def begin(self, sources: Iterable[Element]) -> None:
        """Fix the set of those that are waited for; later ones do not count (rule E24)."""
        with self._lock:
            self._open = set(sources)

    def notify(self, element: Element, time: Timestamp) -> tuple[bool, bool]:
        """A source tells its end: (it is its first word and finite, it was the last one to tell)."""
        with self._lock:
            if element not in self._open:
                return False, False
            self._open.remove(element)
            is_finite = time != TIME_MAX
            if is_finite:
                self._has_finite = True
                self._latest = max(self._latest, time)
            return is_finite, not self._open

    @property
    def has_finite(self) -> bool:
        """Whether a source has told when it ends; without one nothing ends by itself (rule E26)."""
        return self._has_finite

    @property
    def latest(self) -> Timestamp:
        """Latest end of a finite source; TIME_MIN if none has told one."""
        with self._lock:
            return self._latest
