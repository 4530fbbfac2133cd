"""What stands in the middle while there is nothing to look at: where things are and what to do next."""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.theme import Theme
from studio.ui.transport_view import Situation


@dataclass(frozen=True, slots=True)
class Invitation:
    """A title and what to do."""

    title: str
    text: str


def invitation(situation: Situation, *, looking: bool) -> Invitation:
    """What to say in this situation."""
    if situation.status is None:
        return Invitation("Starting the recorder\u2026", "This takes a moment.")
    if looking and not situation.device_count:
        return Invitation("Looking for devices\u2026", "Cameras and microphones appear on the left.")
    if not situation.device_count:
        return Invitation(
            "Tick what you want to record",
            "Tick devices on the left: they are shown here alive at once.\n"
            "No hardware at hand? The simulated devices work, too.",
        )
    if not situation.preview_wanted:
        return Invitation(
            "Preview is switched off", "Press P to see the ticked devices, or R to record them at once."
        )
    if situation.preview_failed:
        return Invitation(
            "The devices could not be opened",
            "The message below says why. Change the ticks or the settings on the left,\n"
            "or press P twice to try again.",
        )
    return Invitation("Opening the devices\u2026", "Press R to record, S to stop.")


class EmptyState(QWidget):
    """Shows an invitation."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty_state")
        self._theme = theme
        centre = Qt.AlignmentFlag.AlignCenter
        self._icon = QLabel(alignment=centre)
        self._title = named(QLabel(alignment=centre, wordWrap=True), "empty_title")
        self._text = named(QLabel(alignment=centre, wordWrap=True), "empty_text")
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        self._title.setFont(font)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(16)
        column.addStretch(2)
        for widget in (self._icon, self._title, self._text):
            column.addWidget(widget)
        column.addStretch(3)
        self._retint()
        theme.changed.connect(self._retint)

    def show_invitation(self, shown: Invitation) -> None:
        """Say this."""
        if self._title.text() != shown.title:
            self._title.setText(shown.title)
        if self._text.text() != shown.text:
            self._text.setText(shown.text)

    @Slot()
    def _retint(self) -> None:
        self._icon.setPixmap(self._theme.icon("studio", "muted").pixmap(QSize(64, 64)))
        tint(self._text, self._theme, "muted")
