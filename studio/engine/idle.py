"""Workers that have nothing to do, and who of them is woken. Only touched under the scheduler's lock."""

import threading

from studio.timing import TIME_MAX, Timestamp


class Bell:
    """What one worker waits on."""

    def __init__(self, lock: threading.Lock) -> None:
        self._condition = threading.Condition(lock)
        self.due: Timestamp = TIME_MAX
        """When it wakes by itself. TIME_MAX: never."""

    def wait(self, timeout_s: float | None) -> None:
        """Wait until rung, or so long."""
        self._condition.wait(timeout_s)

    def ring(self) -> None:
        """Wake the worker."""
        self._condition.notify()


class IdleWorkers:
    """A stack: who came to rest last is woken first, so that few workers do most of the work."""

    def __init__(self) -> None:
        self._bells: list[Bell] = []

    def __bool__(self) -> bool:
        return bool(self._bells)

    def rest(self, bell: Bell, due: Timestamp, timeout_s: float | None) -> None:
        """Wait until woken, or until `due`, which is `timeout_s` away."""
        bell.due = due
        self._bells.append(bell)
        bell.wait(timeout_s)
        if bell in self._bells:  # woke by itself
            self._bells.remove(bell)

    def wake_one(self) -> None:
        """Wake one, if there is any."""
        if self._bells:
            self._bells.pop().ring()

    def wake_all(self) -> None:
        """Wake every one."""
        while self._bells:
            self._bells.pop().ring()

    def see_to(self, due: Timestamp) -> None:
        """Make sure that one of them is awake by `due`: the one that saw to it may have got other work."""
        if self._bells and not any(bell.due <= due for bell in self._bells):
            self._bells.pop().ring()
