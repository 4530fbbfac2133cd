"""Commands on their way to the player's thread. Holds no lock while anybody else's code runs."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from studio.timing import Duration, wait_on


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that the player is to do."""

    number: int
    """Of the command; told in the status when it has been done."""
    act: Callable[[], None]
    is_seek: bool = False
    """Of several in a row only the newest is done: a dragged cursor must not pile up."""


class Inbox:
    """Many threads put, the player's thread takes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wishes: list[Wish] = []
        self._woken = threading.Event()

    def put(self, wish: Wish) -> None:
        """Add one; returns at once."""
        with self._lock:
            if wish.is_seek and self._wishes and self._wishes[-1].is_seek:
                self._wishes.pop()
            self._wishes.append(wish)
        self._woken.set()

    def wake(self) -> None:
        """There is something else to look at."""
        self._woken.set()

    def wait(self, timeout: Duration) -> None:
        """Wait for a wish or a wake-up, at most `timeout` ns."""
        wait_on(self._woken, timeout)
        self._woken.clear()

    def take(self) -> Wish | None:
        """The next one; None: there is none."""
        with self._lock:
            return self._wishes.pop(0) if self._wishes else None
