"""Turns SIGINT and SIGTERM into an event, so that a recording is finished properly. Main thread only.

Nothing of ours runs inside a signal handler: whatever the main thread is at (waiting on that very event, say)
would be interrupted in the middle of it. The interpreter writes the number of a signal into a pipe, and a
thread that reads there sets the event.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from studio.engine.threads import spawn

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible(then: Callable[[], None] | None = None) -> Iterator[threading.Event]:
    """While inside, the signals set the event instead of ending the process; again and again is harmless.

    `then` is called besides, once for each signal, on a thread of ours.
    """
    interrupted = threading.Event()
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    pipe_before = signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
    before = [signal.signal(number, _goes_through_the_pipe) for number in SIGNALS]
    failures: list[BaseException] = []

    def tell(_: threading.Event) -> None:
        while number := os.read(readable, 1):
            if number[0] in SIGNALS:
                interrupted.set()
                if then is not None:
                    then()

    teller = spawn("signals", tell, failures.append)
    try:
        yield interrupted
    finally:
        for number, handler in zip(SIGNALS, before, strict=True):
            signal.signal(number, handler)
        signal.set_wakeup_fd(pipe_before)
        os.close(writable)
        teller.join()
        os.close(readable)
    if failures:
        raise failures[0]


def _goes_through_the_pipe(number: int, frame: FrameType | None) -> None:
    """Python has to have a handler of its own for a signal, else nothing is written."""
