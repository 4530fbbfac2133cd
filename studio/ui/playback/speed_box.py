"""A list of speeds in which any other can be typed. Decides nothing about what is played."""

from bisect import bisect_left

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from studio.errors import SettingsError
from studio.timing.replay_clock import FASTEST, SLOWEST

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
FAST = "as fast as possible"
TIMES = "\u00d7"
EXPLAINED = f"Type how fast to play: a number from {SLOWEST:g} to {FASTEST:g}."


def speed_of(text: str) -> float:
    """`1.5`, `1,5`, with or without the sign; SettingsError says what can be typed."""
    typed = text.strip().rstrip(f"{TIMES}xX").strip().replace(",", ".")
    try:
        speed = float(typed)
    except ValueError as error:
        raise SettingsError(f"“{text.strip()}” is no speed. {EXPLAINED}") from error
    if not SLOWEST <= speed <= FASTEST:
        raise SettingsError(f"At “{text.strip()}” nothing can be played. {EXPLAINED}")
    return speed


def speed_text(speed: float) -> str:
    """The number with the sign for times."""
    return f"{speed:g}{TIMES}"


class SpeedBox(QComboBox):
    """Enter takes what was typed, Escape and leaving give back what was shown."""

    chosen = Signal(object)  # float, or None: as fast as possible
    refused = Signal(str)  # why what was typed cannot be played
    done = Signal()  # something was chosen or given up: the keys belong to somebody else again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown, self._speed = "", 1.0
        for speed in SPEEDS:
            self.addItem(speed_text(speed), speed)
        self.addItem(FAST, None)
        self._line = QLineEdit(self)
        self.setEditable(True)
        self.setLineEdit(self._line)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setCompleter(QCompleter(self))  # of nothing: 0.2 is not meant to become 0.25
        # By click only: keys belong to the timeline until somebody wants to type.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._line.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setToolTip(f"How fast to play: chosen or typed; sound is heard at 1{TIMES}")
        self.activated.connect(self._on_activated)
        self._line.returnPressed.connect(self._on_typed)

    def show_speed(self, speed: float, *, is_fast: bool) -> None:
        """Show this, unless somebody is typing."""
        self._speed, text = speed, FAST if is_fast else speed_text(speed)
        if text != self._shown:
            self._shown = text
            if not self._line.isModified():
                self._put_back()

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self._line.setModified(False)
        self.chosen.emit(self.itemData(index))
        self.done.emit()

    @Slot()
    def _on_typed(self) -> None:
        text = self._line.text()
        try:
            speed = None if text.strip() == FAST else speed_of(text)
        except SettingsError as error:
            self.refused.emit(str(error))
            self._line.selectAll()
            return
        self._line.setModified(False)
        self.chosen.emit(speed)
        self._put_back()
        self.done.emit()

    def _put_back(self) -> None:
        self.setCurrentIndex(self.findText(self._shown))
        self.setEditText(self._shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Escape gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self._put_back()
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """To the next speed of the list, also from one that is none of them."""
        if self.currentIndex() >= 0 or not event.angleDelta().y():
            super().wheelEvent(event)
            return
        event.accept()
        faster = bisect_left(SPEEDS, self._speed)
        index = faster if event.angleDelta().y() < 0 else faster - 1
        self.setCurrentIndex(index)
        self._on_activated(index)

    def hidePopup(self) -> None:  # noqa: N802 (Qt's name)
        """A list that was looked at and left does not keep the keys."""
        super().hidePopup()
        self.done.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Leaving gives up."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._put_back()
