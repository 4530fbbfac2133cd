"""Workers that have nothing to do, and who of them is woken. Only touched under the scheduler's lock.

Waking a worker for what one that is awake does a moment later costs more than the work itself, so a worker
that leaves something ready behind only makes sure that one other keeps watch: the guardian looks again and
again, and takes what has not moved since it looked last.
"""

import threading

from studio.timing import TIME_MAX, Timestamp, monotonic_ns

GUARD_S = 0.001
"""How often a resting worker looks whether those awake get on with what is ready, while anything is."""

SLOW_NS = 60_000
"""Messages that take longer on average are worth another worker each, not only those that get stuck."""

SLOW_FOR_NS = 50_000_000
"""How long the guardian's finding that they do is believed."""


class Bell:
    """What one worker waits on."""

    def __init__(self, lock: threading.Lock) -> None:
        self._condition = threading.Condition(lock)
        self.due: Timestamp = TIME_MAX
        """When it wakes by itself. TIME_MAX: never."""
        self.is_guardian = False
        """Whether it watches what is ready instead of taking it."""
        self.seen = -1
        """Number of the first ready item when it looked last."""

    def wait(self, timeout_s: float | None) -> None:
        """Wait until rung, or so long."""
        self._condition.wait(timeout_s)

    def ring(self) -> None:
        """Wake the worker."""
        self._condition.notify()


class IdleWorkers:
    """A stack: who came to rest last is woken first, so that few workers do most of the work."""

    def __init__(self) -> None:
        self.bells: list[Bell] = []
        """Of those who rest; the guardian's too."""
        self._guardian: Bell | None = None
        self._slow_until = 0

    def rest(self, bell: Bell, due: Timestamp, timeout_s: float | None) -> int:
        """Wait until woken, or until `due`, which is at most `timeout_s` away; returns when that began."""
        if bell.is_guardian:
            timeout_s = GUARD_S if timeout_s is None else min(timeout_s, GUARD_S)
        began = monotonic_ns()
        bell.due = due
        self.bells.append(bell)
        bell.wait(timeout_s)
        if bell in self.bells:  # woke by itself
            self.bells.remove(bell)
        return began

    @property
    def is_slow(self) -> bool:
        """Whether messages take so long that each that is ready is worth a worker of its own."""
        return self._slow_until > 0 and monotonic_ns() < self._slow_until

    def judge(self, began: int, count: int) -> None:
        """Those awake have handled `count` messages since `began` and left something ready."""
        now = monotonic_ns()
        if now - began > SLOW_NS * count:
            self._slow_until = now + SLOW_FOR_NS

    def wake_one(self) -> None:
        """Wake one to work, if there is any."""
        if self.bells:
            bell = self.bells.pop()
            if bell is self._guardian:
                self.dismiss_guardian()
            bell.ring()

    def wake_all(self) -> None:
        """Wake every one."""
        while self.bells:
            self.wake_one()

    def see_to(self, due: Timestamp) -> None:
        """Make sure that one of them is awake by `due`: the one that saw to it may have got other work."""
        if self.bells and not any(bell.due <= due for bell in self.bells):
            self.wake_one()

    def set_guardian(self) -> None:
        """Make sure that one of them keeps watch."""
        if self._guardian is None and self.bells:
            self._guardian = bell = self.bells.pop(0)
            bell.is_guardian = True
            bell.seen = -1
            bell.ring()

    def dismiss_guardian(self) -> None:
        """Nobody keeps watch any more: there is nothing to watch, or the guardian works."""
        if self._guardian is not None:
            self._guardian.is_guardian = False
            self._guardian = None

    def is_moving(self, bell: Bell, first: int) -> bool:
        """Whether the first ready item is another one than last time; if not, the guardian is to take it."""
        is_moving = first != bell.seen
        bell.seen = first
        if not is_moving:
            self.dismiss_guardian()
        return is_moving
