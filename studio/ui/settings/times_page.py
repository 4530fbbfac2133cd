"""Settings: how times are told, and what the cursor does."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from studio.app.settings import Settings
from studio.ui.named import named
from studio.ui.settings.settings_page import SettingsPage
from studio.ui.theme import Theme

COUNTING = {
    "session": "Since the session began",
    "selection": "Since the selection began; without one, since the session began",
    "wall": "By the clock, in this computer\u2019s time zone",
}
ROWS = {
    "session": "Since the session began",
    "selection": "Since the selection began",
    "wall": "By the clock",
}


class TimesPage(SettingsPage):
    """Times and cursor."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._timing = self.add_radios("Times count", COUNTING, "timing")
        self._rows = self._add_rows()
        self._follows = self.add_tick(
            "Cursor", "Follows the mouse; else it stays until a click", "cursor_follows"
        )

    def _add_rows(self) -> dict[str, QCheckBox]:
        boxes, column = {}, QVBoxLayout()
        column.setSpacing(4)
        for value, text in ROWS.items():
            box = boxes[value] = named(QCheckBox(text), f"setting_row_{value}")
            box.clicked.connect(self._on_row_clicked)
            column.addWidget(box, 0, Qt.AlignmentFlag.AlignLeft)
        self.add_line("Rows of times", column, boxes["session"])
        self.add_hint("Cursor, selection and session end above the panels, one row each.")
        return boxes

    @Slot()
    def _on_row_clicked(self) -> None:
        self.chosen.emit("time_rows", tuple(value for value, box in self._rows.items() if box.isChecked()))

    def show_settings(self, settings: Settings) -> None:
        """Show these."""
        for value, box in self._rows.items():
            box.setChecked(value in settings.time_rows)
        self._timing[settings.timing].setChecked(True)
        self._follows.setChecked(settings.cursor_follows)
