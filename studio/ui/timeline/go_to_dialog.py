"""Asks for a time to go to. Moves nothing itself."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from studio.errors import TimeTextError
from studio.ui.theme import Theme
from studio.ui.timeline.selection_bar import SelectionBar
from studio.ui.timeline.session_places import SessionPlaces

EXPLAINED = (
    "<table cellspacing='0' cellpadding='2'>"
    "<tr><td>1:02.5 &nbsp; 90 s &nbsp; 1h 2m</td><td>since the beginning</td></tr>"
    "<tr><td>+3.5 &nbsp; \u2212250 ms</td><td>from the cursor</td></tr>"
    "<tr><td>2026-11-22 14:03:20.5</td><td>by the clock; with Z in UTC</td></tr>"
    "<tr><td>@14:03:20</td><td>time of the day</td></tr>"
    "<tr><td>P07@1:02.5</td><td>in another session, by its name</td></tr>"
    "<tr><td>40% &nbsp; start &nbsp; end</td><td>of the session</td></tr>"
    "<tr><td>1795319331123456789</td><td>nanoseconds since 1970</td></tr></table>"
)


class GoToDialog(QDialog):
    """A line, what can be typed, and what is wrong with what was."""

    time_chosen = Signal(object)  # Timestamp
    elsewhere_chosen = Signal(object)  # SessionPlace that is not on screen

    def __init__(
        self, theme: Theme, bar: SelectionBar, sessions: SessionPlaces, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("go_to_dialog")
        self.setWindowTitle("Go to time")
        self._bar, self._sessions = bar, sessions
        self.line = QLineEdit(self)
        self.line.setObjectName("go_to_line")
        self._problem = QLabel(self)
        self._problem.setObjectName("go_to_problem")
        self._problem.setWordWrap(True)
        self._problem.setStyleSheet(f"color: {theme.colour('error').name()};")
        self._problem.hide()
        explained = QLabel(EXPLAINED, self)
        explained.setTextFormat(Qt.TextFormat.RichText)
        explained.setStyleSheet(f"color: {theme.colour('muted').name()};")
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Go")
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMinimumSize)
        for part in (self.line, self._problem, explained, buttons):
            column.addWidget(part)

    @Slot()
    def _on_accepted(self) -> None:
        try:
            place = self._sessions.place_of(self.line.text())
            time = self._bar.time_of(self.line.text() if place is None else place.time_text)
        except TimeTextError as error:
            self._problem.setText(str(error))
            self._problem.show()
            self.line.selectAll()
            self.adjustSize()  # else the new line takes the room of another
            return
        if place is None or place.is_shown:
            self.time_chosen.emit(time)
        else:
            self.elsewhere_chosen.emit(place)
        self.accept()
