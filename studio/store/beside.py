"""Does one piece of work at a time beside the thread that writes: numpy and HDF5 let each other run.

Owns a thread from the first piece until `close`. Writes no file: whoever asked takes the result and writes
it, in order.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

from studio.engine import threads

T = TypeVar("T")


class Piece(Generic[T]):
    """Something that is being worked out, or was at once."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._done = threading.Event()
        self._results: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Work it out, on whatever thread; a failure is kept for `result`."""
        try:
            self._results.append(self._work())
        except BaseException as error:  # the edge of the thread: `result` raises it
            self._error = error
        finally:
            self._done.set()

    @property
    def is_done(self) -> bool:
        """Whether `result` would not wait."""
        return self._done.is_set()

    def result(self) -> T:
        """Wait for it; raises what the work raised."""
        self._done.wait()
        if self._error is not None:
            raise self._error
        return self._results[0]


class Beside:
    """A thread for pieces of work. Used by one thread, which asks for one piece after the other."""

    def __init__(self, name: str = "store-beside") -> None:
        """`name`: of the thread."""
        self._name = name
        self._pieces: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threads.StudioThread | None = None

    def begin(self, work: Callable[[], T]) -> Piece[T]:
        """Have `work` done while the caller goes on."""
        if self._thread is None:
            self._thread = threads.spawn(self._name, self._run, _impossible)
        piece = Piece(work)
        self._pieces.put(piece.run)
        return piece

    def _run(self, cancelled: threading.Event) -> None:
        while (run := self._pieces.get()) is not None:
            run()

    def close(self, timeout_s: float | None = None) -> None:
        """Finish what was begun and end the thread; after `timeout_s` it ends by itself. Idempotent."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._pieces.put(None)
            thread.join(timeout_s)


def _impossible(error: BaseException) -> None:
    raise AssertionError("pieces keep their failures") from error
