"""Holds one input of sound open on a thread of its own: a sound system that hangs must not hang its device.

Opening and closing an input may block for ever when the sound system does; whoever uses a session only ever
waits for a limited time.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from studio.engine import Pipeline
from studio.errors import DeviceError
from studio.timing import NS_PER_S, Duration, wait_on

if TYPE_CHECKING:
    from studio.devices.portaudio import OpenSound


class SoundSession:
    """Opens an input when made to `start`, closes it after `release`. `open_input` runs on its own thread."""

    def __init__(self, open_input: Callable[[], "OpenSound"], *, wake: threading.Event) -> None:
        """`wake` is set when the session has failed to open."""
        self._open_input = open_input
        self._wake = wake
        self._released = threading.Event()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._error: DeviceError | None = None

    def start(self, pipeline: Pipeline, name: str) -> None:
        """Begin to open it on the thread `studio.<name>`."""
        pipeline.spawn(name, self._run)

    @property
    def error(self) -> DeviceError | None:
        """Why it could not be opened; None while that is not known or it could."""
        with self._lock:
            return self._error

    @property
    def has_ended(self) -> bool:
        """Whether the sound system has let go of it."""
        return self._ended.is_set()

    def release(self) -> None:
        """Close it as soon as the sound system lets us."""
        self._released.set()

    def wait_ended(self, timeout: Duration) -> bool:
        """Wait at most `timeout` ns for the end after `release`; True if it has ended."""
        return wait_on(self._ended, timeout)

    def _run(self, _cancelled: threading.Event) -> None:
        # Not `_cancelled`: an input that is open must be closed, whatever becomes of the pipeline.
        try:
            opened = self._open_input()
            while not wait_on(self._released, NS_PER_S):
                pass
            opened.close()
        except DeviceError as error:
            with self._lock:
                self._error = error
        finally:
            self._ended.set()
            self._wake.set()
