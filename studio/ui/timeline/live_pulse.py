"""The display timer of a live view: says when pictures and when the axis are due. Draws nothing.

Never both in one turn of the event loop: what a user does is waited for by the longest turn, not by the sum.
"""

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

DISPLAY_INTERVAL_MS = 30
"""How often new pictures are looked for; the axis moves and signals are drawn half as often, in between."""
BEAT_MS = DISPLAY_INTERVAL_MS // 2
BEATS = 4
"""Pictures in the first and third, the axis in the second; in the fourth the window catches its breath."""
UNFOCUSED_INTERVAL_MS = 100


class LivePulse(QObject):
    """Beats for a widget: slower while another window has the focus, not at all while minimised."""

    axis_due = Signal()
    pictures_due = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._beat = 0
        self._timer = QTimer(self, interval=BEAT_MS)
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
        is_focused = window.isActiveWindow()
        wanted = BEAT_MS if is_focused else UNFOCUSED_INTERVAL_MS
        if self._timer.interval() != wanted:
            self._timer.setInterval(wanted)
        self._beat = (self._beat + 1) % BEATS
        if self._beat == 1 or not is_focused:
            self.axis_due.emit()
        if self._beat % 2 == 0 or not is_focused:
            self.pictures_due.emit()
