"""Turns SIGINT and SIGTERM into an event, so that a recording is finished properly. Main thread only."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """While inside, the signals set the event instead of ending the process; again and again is harmless."""
    interrupted = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        interrupted.set()

    before = [signal.signal(number, on_signal) for number in SIGNALS]
    try:
        yield interrupted
    finally:
        for number, handler in zip(SIGNALS, before, strict=True):
            signal.signal(number, handler)
