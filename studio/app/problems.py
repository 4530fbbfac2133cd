"""What the user should know, numbered and in order. Thread-safe; decides nothing."""

import threading
from collections import deque

from studio.app.status import Problem, Severity
from studio.timing import Clock

MOST_KEPT = 50


class ProblemList:
    """The newest problems; any thread adds, any thread looks. Numbers count up as long as the list lives."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: deque[Problem] = deque(maxlen=MOST_KEPT)
        self._count = 0

    def add(self, severity: Severity, text: str, *, device_id: str = "") -> Problem:
        """Note one more."""
        with self._lock:
            self._count += 1
            problem = Problem(
                number=self._count, time=self._clock.now(), severity=severity, text=text, device_id=device_id
            )
            self._kept.append(problem)
        return problem

    @property
    def newest(self) -> tuple[Problem, ...]:
        """Those kept, oldest first."""
        with self._lock:
            return tuple(self._kept)

    @property
    def count(self) -> int:
        """How many there have ever been: the number of the newest."""
        with self._lock:
            return self._count

    def since(self, number: int) -> tuple[Problem, ...]:
        """Those kept that came after the one of that number."""
        return tuple(problem for problem in self.newest if problem.number > number)
