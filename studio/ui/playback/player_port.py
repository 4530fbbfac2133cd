"""The crossing between the threads of the link to the player and the GUI thread. Decides nothing."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot

from studio.app.player_status import PlayerStatus
from studio.host.player_protocol import PlayerCommand


class PlayerLink(Protocol):
    """The connection to the player; `host.player_client.PlayerClient` is one."""

    def send(self, command: PlayerCommand) -> int:
        """Send a command; its number. Returns at once."""
        ...

    def close(self) -> None:
        """End the process."""
        ...


MakePlayerLink = Callable[[Callable[[PlayerStatus], None], Callable[[str], None]], PlayerLink]
"""Given what to call, on a thread of its own, with each status and when the player is lost."""


class PlayerPort(QObject):
    """Commands out, statuses in. Use it on the GUI thread only."""

    status_changed = Signal(object)  # PlayerStatus, newest only
    lost = Signal(str)  # what happened, in people's words

    _status_arrived = Signal()
    _lost_arrived = Signal(str)

    def __init__(self, make_link: MakePlayerLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest: PlayerStatus | None = None
        self._is_pending = self._closed = False
        queued = Qt.ConnectionType.QueuedConnection
        self._status_arrived.connect(self._on_status_arrived, queued)
        self._lost_arrived.connect(self._on_lost, queued)
        self._link = make_link(self._take_status, self._lost_arrived.emit)

    def send(self, command: PlayerCommand) -> int:
        """Have the player do something; the number that a status tells when it has been done."""
        return 0 if self._closed else self._link.send(command)

    def close(self) -> None:
        """End the player. Idempotent."""
        if not self._closed:
            self._closed = True
            self._link.close()

    def _take_status(self, status: PlayerStatus) -> None:
        """Called on a thread of the link. Newest only: a window that was busy gets one status."""
        self._newest = status
        if not self._is_pending:
            self._is_pending = True
            self._status_arrived.emit()

    @Slot()
    def _on_status_arrived(self) -> None:
        self._is_pending = False  # before the read, or a newer one could be missed
        if not self._closed and self._newest is not None:
            self.status_changed.emit(self._newest)

    @Slot(str)
    def _on_lost(self, text: str) -> None:
        if not self._closed:
            self.lost.emit(text)
