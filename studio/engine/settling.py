"""Waiting until the work is done: who waits for it, and when he has to look again (rule E36)."""

import threading
from collections.abc import Callable

from studio.engine.work import SchedulingContext


class Settling:
    """Tells when nothing of a context is outstanding any more. Belongs to the lock of the scheduler."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock
        self._settled = threading.Condition(lock)
        self._waiting = 0

    def settle(self, context: SchedulingContext) -> None:
        """Under the lock: one thing of the context is not outstanding any more."""
        context.outstanding -= 1
        if context.outstanding:
            return
        if context.when_empty is not None:
            go_on, context.when_empty = context.when_empty, None
            go_on()
        self.look_again()

    def look_again(self) -> None:
        """Under the lock: something has changed that somebody may wait for."""
        if self._waiting:
            self._settled.notify_all()

    def wait_until(self, predicate: Callable[[], bool], timeout_s: float | None = None) -> bool:
        """Wait until `predicate()`, called under the lock, holds; False after the time limit."""
        with self._lock:
            self._waiting += 1
            try:
                return self._settled.wait_for(predicate, timeout_s)
            finally:
                self._waiting -= 1

    def call_when_empty(self, context: SchedulingContext, go_on: Callable[[], None]) -> None:
        """Call `go_on` under the lock, once, as soon as nothing of the context is outstanding."""
        with self._lock:
            if context.outstanding:
                context.when_empty = go_on
            else:
                go_on()
