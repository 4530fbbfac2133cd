"""A field that shows a time as text and takes one that is typed. Knows not what the time is for."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from studio.ui.theme import figures_font

WIDEST = "2d 00:00:00.000000000"


class TimeField(QLineEdit):
    """Enter takes what was typed, Escape and leaving give back what was shown."""

    entered = Signal(str)  # what was typed; answer with `show_text` or `refuse`
    given_up = Signal()

    def __init__(self, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._hint = hint
        self._shown = ""
        self.setToolTip(hint)
        self.setFont(figures_font(self.font(), scale=0.95))
        # By click only: keys such as I and O belong to the window until somebody wants to type.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.returnPressed.connect(self._on_return_pressed)

    def show_text(self, text: str) -> None:
        """Show this, unless somebody is typing."""
        self._shown = text
        if not self.hasFocus() or not self.isModified():
            self._put_back()

    def refuse(self, why: str) -> None:
        """What was typed cannot be taken."""
        self.setProperty("wrong", True)
        self.setToolTip(why)
        self._polish()
        self.selectAll()

    def accept(self) -> None:
        """What was typed was taken."""
        self._put_back()
        self.clearFocus()

    def fit(self, sample: str) -> None:
        """Have room for a text like this."""
        self.setFixedWidth(self.fontMetrics().horizontalAdvance(sample) + 24)

    @Slot()
    def _on_return_pressed(self) -> None:
        self.entered.emit(self.text())

    def _put_back(self) -> None:
        if self.text() != self._shown:
            self.setText(self._shown)
            self.setCursorPosition(0)
        self.setModified(False)
        if self.property("wrong"):
            self.setProperty("wrong", False)
            self.setToolTip(self._hint)
            self._polish()

    def _polish(self) -> None:
        self.style().unpolish(self)
        self.style().polish(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Escape gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self._put_back()
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Leaving gives up."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._put_back()
