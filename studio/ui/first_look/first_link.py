"""The link to the recorder, open before there is a window, which takes it over when it has come."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from studio.app.status import RecorderStatus
from studio.host.client import RecorderClient
from studio.host.protocol import Command

if TYPE_CHECKING:
    from studio.ui.bridge import RecorderCallbacks


class FirstLink:
    """One connection with two users in turn: the first look, then the window (a `RecorderLink`)."""

    def __init__(self, on_status: Callable[[RecorderStatus], None]) -> None:
        """`on_status` is called on the connection's thread until the link is handed over."""
        self._first = on_status
        self._window: RecorderCallbacks | None = None
        self._handed_over = False
        self._connected = False
        self._newest: RecorderStatus | None = None
        self._loss = ""
        self._client = RecorderClient(
            on_status=self._on_status, on_lost=self._on_lost, on_connected=self._on_connected
        )

    def begin(self) -> None:
        """Look for the recorder; returns at once."""
        self._client.open()

    def hand_over(self, callbacks: "RecorderCallbacks") -> "FirstLink":
        """From `open` on these hear what comes."""
        self._window = callbacks
        return self

    def open(self) -> None:
        """The window listens from now on; it is told what came before."""
        window = self._window
        if window is None or self._handed_over:
            return
        self._handed_over = True
        if self._connected:
            window.on_connected()
        elif self._loss:
            window.on_lost(self._loss)
        if self._connected and self._newest is not None:
            window.on_status(self._newest)
        self.begin()

    def request(self, command: Command) -> Future[object]:
        """Send a command; the answer or a StudioError comes in the future."""
        return self._client.request(command)

    def close(self) -> None:
        """End the link; the recorder goes on with what it does. Idempotent."""
        self._client.close()

    # On the thread of the connection ---------------------------------------------------------------------

    def _on_status(self, status: RecorderStatus) -> None:
        self._newest = status
        if self._handed_over and self._window is not None:
            self._window.on_status(status)
        else:
            self._first(status)

    def _on_connected(self) -> None:
        self._connected = True
        if self._handed_over and self._window is not None:
            self._window.on_connected()

    def _on_lost(self, text: str) -> None:
        self._connected, self._newest, self._loss = False, None, text
        if self._handed_over and self._window is not None:
            self._window.on_lost(text)
