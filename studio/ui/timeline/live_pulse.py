"""The display timer of a live view: says when pictures, the axis and words are due. Draws nothing.

Never two of them in one turn of the event loop: what a user does is waited for by the longest turn, not by
the sum; and who computes for long at a stretch waits longest for a processor afterwards.
"""

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

DISPLAY_INTERVAL_MS = 30
"""How often new pictures are looked for; the axis moves and signals are drawn half as often, in between."""
BEAT_MS = DISPLAY_INTERVAL_MS // 2
BEATS = 4
"""The axis in the first, pictures in the second and fourth, the words beside the plots in the third."""
AXIS_BEAT, WORDS_BEAT = 1, 3
UNFOCUSED_INTERVAL_MS = 100


class LivePulse(QObject):
    """Beats for a widget: slower while another window has the focus, not at all while minimised."""

    axis_due = Signal()
    pictures_due = Signal()
    words_due = Signal()

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
        if self._beat == AXIS_BEAT or not is_focused:
            self.axis_due.emit()
        if self._beat % 2 == 0 or not is_focused:
            self.pictures_due.emit()
        if self._beat == WORDS_BEAT or not is_focused:
            self.words_due.emit()
