"""The page of all settings. What is chosen there counts at once; there is nothing to confirm."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QTabWidget, QVBoxLayout, QWidget

from studio.app.settings import Settings
from studio.ui.named import named
from studio.ui.settings.general_page import GeneralPage
from studio.ui.settings.limits_page import LimitsPage
from studio.ui.settings.times_page import TimesPage
from studio.ui.theme import Theme

WIDTH, HEIGHT = 600, 430
"""There is a screen with room for no more than 853 x 480."""


class SettingsDialog(QDialog):
    """Use `show`: the window can be used meanwhile, and what is chosen is seen there."""

    chosen = Signal(str, object)  # name of a setting, its value

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings_dialog")
        self.setWindowTitle("Settings")
        self.resize(WIDTH, HEIGHT)
        self.general, self.times, self.limits = GeneralPage(theme), TimesPage(theme), LimitsPage(theme)
        self._pages = named(QTabWidget(), "settings_pages")
        self._pages.setDocumentMode(True)
        self._pages.tabBar().setDrawBase(False)
        for title, page in (("General", self.general), ("Times", self.times), ("Limits", self.limits)):
            page.chosen.connect(self.chosen)
            self._pages.addTab(page, title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        named(buttons.button(QDialogButtonBox.StandardButton.Close), "settings_close")
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 16)
        column.addWidget(self._pages, 1)
        column.addWidget(buttons)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter shall not press what nobody looks at

    def show_settings(self, settings: Settings) -> None:
        """Show these, wherever they were chosen."""
        for page in (self.general, self.times, self.limits):
            page.show_settings(settings)
