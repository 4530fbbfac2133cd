"""Asks now and then how much room there is for recordings, so that it is known before Record is pressed."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.host.protocol import ReadSpace
from studio.ui.bridge import Bridge

ASK_INTERVAL_MS = 10_000


class DiskWatch(QObject):
    """Watches the volume of one folder. While recording the recorder itself knows better."""

    changed = Signal(object)  # int: bytes that a recording may use (more than a C int holds); 0: unknown

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._folder = ""
        self._free = 0
        self._timer = QTimer(self, interval=ASK_INTERVAL_MS)
        self._timer.timeout.connect(self._ask)

    @property
    def free(self) -> int:
        """As of the last answer."""
        return self._free

    def watch(self, folder: str) -> None:
        """Watch the volume of this folder from now on."""
        self._folder = folder
        self._timer.start()
        self._ask()

    def rest(self) -> None:
        """Ask no more."""
        self._timer.stop()

    @Slot()
    def _ask(self) -> None:
        folder = self._folder
        self._bridge.ask(
            ReadSpace(folder), lambda free: self._take(folder, free), lambda _: self._take(folder, 0)
        )

    def _take(self, folder: str, free: int) -> None:
        if folder == self._folder and free != self._free:
            self._free = free
            self.changed.emit(free)
