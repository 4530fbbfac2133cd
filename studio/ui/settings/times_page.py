"""Settings: how times are told, and what the cursor does."""

from PySide6.QtWidgets import QWidget

from studio.app.settings import Settings
from studio.ui.settings.settings_page import SettingsPage
from studio.ui.theme import Theme

COUNTING = {
    "session": "Since the session began",
    "selection": "Since the selection began; without one, since the session began",
    "wall": "By the clock, in this computer\u2019s time zone",
}


class TimesPage(SettingsPage):
    """Times and cursor."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._timing = self.add_radios("Times count", COUNTING, "timing")
        self._follows = self.add_tick(
            "Cursor", "Follows the mouse; else it stays until a click", "cursor_follows"
        )

    def show_settings(self, settings: Settings) -> None:
        """Show these."""
        self._timing[settings.timing].setChecked(True)
        self._follows.setChecked(settings.cursor_follows)
