"""The far end of the window's connections, played by a test: it sees what was asked and answers when told.

It stands for other processes, not for code of ours; the tests of the window as a whole use the real ones.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from studio.app.status import RecorderState, RecorderStatus
from studio.devices.device import DeviceInfo
from studio.errors import RemoteFailure, RoleError
from studio.host.protocol import Command, Query
from studio.host.reader_signs import Listing
from studio.ui.bridge import Bridge, Links, RecorderCallbacks


def elsewhere(*calls: Callable[[], object]) -> None:
    """Make these calls on another thread and wait for it."""

    def run() -> None:
        for call in calls:
            call()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


class FarEnd:
    """Recorder, reader and search for devices in one."""

    def __init__(self, found: tuple[DeviceInfo, ...] = ()) -> None:
        self.asked: list[tuple[Command | Query, Future[Any]]] = []
        self.callbacks: RecorderCallbacks | None = None
        self.closed = self.called_off = 0
        self.tell_listing: Callable[[Listing], None] = lambda _: None
        self.tell_silence: Callable[[str], None] = lambda _: None
        self._found = found
        self._on_note: Callable[[str], None] | None = None

    def links(self) -> Links:
        return Links(recorder=self._connect, reader=self, devices=self._search, openings=self)

    def hear(
        self, on_listing: Callable[[Listing], None], on_silence: Callable[[str], None] | None = None
    ) -> None:
        self.tell_listing = on_listing
        self.tell_silence = on_silence or self.tell_silence

    def call_off(self) -> None:
        self.called_off += 1

    def bridge(self) -> Bridge:
        return Bridge(self.links())

    def _connect(self, callbacks: RecorderCallbacks) -> "FarEnd":
        self.callbacks = callbacks
        return self

    def _search(self, on_note: Callable[[str], None]) -> "FarEnd":
        self._on_note = on_note
        return self

    def open(self) -> None:
        assert self.callbacks is not None
        elsewhere(self.callbacks.on_connected)

    def request(self, body: Command | Query) -> Future[object]:
        if self.closed:
            raise RoleError("The connection is closed.")
        future: Future[Any] = Future()
        self.asked.append((body, future))
        return future

    def discover(self) -> Future[tuple[DeviceInfo, ...]]:
        found: Future[tuple[DeviceInfo, ...]] = Future()
        assert self._on_note is not None
        if not self._found:
            elsewhere(lambda: self._on_note("There is nothing."))  # type: ignore[misc]
        elsewhere(lambda: found.set_result(self._found))
        return found

    def close(self) -> None:
        self.closed += 1

    def bodies(self) -> list[Command | Query]:
        """What was asked so far."""
        return [body for body, _ in self.asked]

    def reply(self, value: object) -> None:
        """Answer the last question."""
        elsewhere(lambda: self.asked[-1][1].set_result(value))

    def refuse(self, text: str, *, kind: str = "RoleError") -> None:
        """Refuse the last question."""
        elsewhere(lambda: self.asked[-1][1].set_exception(RemoteFailure(text, kind=kind)))

    def answer_to(self, body: Command | Query, value: object) -> None:
        """Answer the newest question like that, which need not be the last."""
        future = next(future for asked, future in reversed(self.asked) if asked == body)
        elsewhere(lambda: future.set_result(value))

    def tell(self, state: RecorderState, **fields: Any) -> RecorderStatus:
        """Push a status."""
        assert self.callbacks is not None
        on_status, status = self.callbacks.on_status, RecorderStatus(state=state, time=1, **fields)
        elsewhere(lambda: on_status(status))
        return status

    def lose(self, text: str) -> None:
        """The recorder is gone."""
        assert self.callbacks is not None
        on_lost = self.callbacks.on_lost
        elsewhere(lambda: on_lost(text))
