"""The display timer of a live view: says when pictures and when the axis are due. Draws nothing."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

DISPLAY_INTERVAL_MS = 30
"""How often new pictures are looked for; every second time the axis moves and signals are drawn."""
UNFOCUSED_INTERVAL_MS = 100


class LivePulse(QObject):
    """Beats for a widget: slower while another window has the focus, not at all while minimised."""

    axis_due = Signal()
    pictures_due = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._axis_is_due = True
        self._timer = QTimer(self, interval=DISPLAY_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def is_beating(self) -> bool:
        """Whether it has been started."""
        return self._timer.isActive()

    def start(self) -> None:
        """Beat from now on."""
        self._timer.start()

    def stop(self) -> None:
        """Rest. Idempotent."""
        self._timer.stop()

    @Slot()
    def _on_timer_timeout(self) -> None:
        window = self._widget.window()
        if window.isMinimized():
            return
        wanted = DISPLAY_INTERVAL_MS if window.isActiveWindow() else UNFOCUSED_INTERVAL_MS
        if self._timer.interval() != wanted:
            self._timer.setInterval(wanted)
        self._axis_is_due = not self._axis_is_due or wanted != DISPLAY_INTERVAL_MS
        if self._axis_is_due:
            self.axis_due.emit()
        else:
            self.pictures_due.emit()
