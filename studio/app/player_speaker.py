"""Holds the loudspeaker of the computer open while sound may be wanted, on a thread of its own.

Opening may take long, and for ever when the sound system hangs: nobody waits for it. A computer without a
loudspeaker plays silently, and says so once.
"""

import threading
from collections.abc import Callable
from typing import Protocol

from studio.app.player_sound import Block
from studio.engine.threads import StudioThread, spawn
from studio.errors import DeviceError
from studio.timing import NS_PER_S, wait_on

CLOSE_S = 2.0
"""Then a sound system that hangs is left alone."""
STANDARD_RATE = 48_000.0


class OpenOutput(Protocol):
    """A running output."""

    def close(self) -> None:
        """Stop it. Idempotent."""
        ...


class OpenSpeaker(Protocol):
    """Opens the output of the computer; `devices.portaudio.open_output` is one."""

    def __call__(
        self,
        *,
        rate: float,
        channels: int,
        on_fill: Callable[[Block, int], None],
        on_finished: Callable[[], None],
    ) -> OpenOutput:
        """Raises DeviceError."""
        ...


def open_speaker(
    *, rate: float, channels: int, on_fill: Callable[[Block, int], None], on_finished: Callable[[], None]
) -> OpenOutput:
    """The output that the user's system plays to; raises DeviceError."""
    from studio.devices.portaudio import open_output  # loads PortAudio

    return open_output(rate=rate, channels=channels, on_fill=on_fill, on_finished=on_finished)


class Speaker:
    """One output, opened when it is wanted."""

    def __init__(self, opens: OpenSpeaker, on_fill: Callable[[Block, int], None]) -> None:
        self._opens = opens
        self._on_fill = on_fill
        self._thread: StudioThread | None = None
        self._released = threading.Event()
        self._lost = threading.Event()
        self._lock = threading.Lock()
        self._problem = self._told = ""
        self._is_open = False
        self.rate, self.channels = STANDARD_RATE, 2
        """What is asked for; changed while it is closed."""

    @property
    def is_open(self) -> bool:
        """Whether sound can be heard."""
        with self._lock:
            return self._is_open

    def take_problem(self) -> str:
        """Why there is no sound, in people's words, once; empty: nothing new."""
        with self._lock:
            problem, self._problem = self._problem, ""
            if problem == self._told:
                return ""
            self._told = problem or self._told
            return problem

    def want(self) -> None:
        """Begin to open it, unless it is open or could not be opened; returns at once."""
        if self._thread is not None and self._lost.is_set() and not self._thread.is_alive:
            self._thread = None  # it was open and has gone: perhaps another one is there now
        if self._thread is None:
            self._released, self._lost = threading.Event(), threading.Event()
            self._thread = spawn("speaker", self._hold, self._failed)

    def release(self) -> None:
        """Close it. Idempotent; after `want` it is tried anew."""
        self._released.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(CLOSE_S)

    def _hold(self, _cancelled: threading.Event) -> None:
        released, lost = self._released, self._lost
        try:
            output = self._opens(
                rate=self.rate, channels=self.channels, on_fill=self._on_fill, on_finished=lost.set
            )
        except DeviceError as error:
            self._tell(f"This is played without sound: {str(error).rstrip('.')}.")
            return
        with self._lock:
            self._is_open, self._told = True, ""
        try:
            while not lost.is_set() and not wait_on(released, NS_PER_S // 5):
                pass
            if not released.is_set():
                self._tell("The loudspeaker has gone; playing goes on without sound.")
        finally:
            with self._lock:
                self._is_open = False
            output.close()

    def _tell(self, text: str) -> None:
        with self._lock:
            self._problem = text

    def _failed(self, error: BaseException) -> None:
        self._tell(
            f"The loudspeaker failed ({type(error).__name__}: {error}); playing goes on without sound."
        )
