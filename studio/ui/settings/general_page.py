"""Settings: where recordings are, what a start shows, how the window looks, what is exported at first."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from studio.app.settings import Settings
from studio.ui.jobs.export_plan import CHOICES
from studio.ui.labels import ElidedLabel
from studio.ui.named import named
from studio.ui.settings.settings_page import SettingsPage
from studio.ui.theme import Theme

THEMES = {"system": "As the system", "dark": "Dark", "light": "Light"}


class GeneralPage(SettingsPage):
    """Folders, start, theme, export, marker keys."""

    folder_wanted = Signal()  # the user wants to choose where recordings are kept
    more_folder_wanted = Signal()  # and a folder whose sessions are listed, too
    presets_wanted = Signal()  # and the words of the marker keys

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._folder = named(ElidedLabel(mode=Qt.TextElideMode.ElideMiddle), "setting_folder")
        self._choose = named(QPushButton("Choose\u2026"), "setting_choose_folder")
        self._choose.clicked.connect(self.folder_wanted)
        self._add = named(QPushButton("Add\u2026"), "setting_add_folder")
        self._more = named(QListWidget(), "setting_more_folders")
        self._more.setFixedHeight(2 * self._add.sizeHint().height() + 4)
        self._more.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._more.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._remove = named(QPushButton("Remove"), "setting_remove_folder")
        self._remove.setToolTip("Its sessions are listed no more; nothing is deleted.")
        self._add.clicked.connect(self.more_folder_wanted)
        self._remove.clicked.connect(self._on_remove)
        self._more.currentRowChanged.connect(self._on_row_changed)
        self._lay_out()

    def _lay_out(self) -> None:
        place, more, buttons = QHBoxLayout(), QHBoxLayout(), QVBoxLayout()
        more.setSpacing(8)
        buttons.setSpacing(4)
        place.addWidget(self._folder, 1)
        place.addWidget(self._choose)
        for button in (self._add, self._remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        more.addWidget(self._more, 1)
        more.addLayout(buttons)
        self.add_line("Recordings", place, self._choose)
        self.add_line("Sessions also from", more, self._add)
        self._open_last = self.add_tick("At start", "Show what was open last", "open_last")
        self._theme_choice = self.add_combo("Theme", THEMES, "theme")
        self._export = self.add_combo("Export as", CHOICES, "export_choice")
        self.add_hint("Offered first; what was made last is remembered.")
        presets = named(QPushButton("Marker keys\u2026"), "setting_presets")
        presets.clicked.connect(self.presets_wanted)
        self.add_line("Keys 1 to 9", _at_left(presets), presets)

    def show_settings(self, settings: Settings) -> None:
        """Show these."""
        self._folder.setText(settings.recordings_folder)
        self._folder.setToolTip(settings.recordings_folder)
        self._show_folders(settings.session_folders)
        self._open_last.setChecked(settings.open_last)
        self._theme_choice.setCurrentIndex(self._theme_choice.findData(settings.theme))
        self._export.setCurrentIndex(max(0, self._export.findData(settings.export_choice)))

    def _show_folders(self, folders: Sequence[str]) -> None:
        if self._folders() != tuple(folders):
            self._more.clear()
            self._more.addItems(list(folders))
            for line in range(self._more.count()):
                self._more.item(line).setToolTip(folders[line])
        self._remove.setEnabled(self._more.currentRow() >= 0)

    def _folders(self) -> tuple[str, ...]:
        return tuple(self._more.item(line).text() for line in range(self._more.count()))

    @Slot(int)
    def _on_row_changed(self, line: int) -> None:
        self._remove.setEnabled(line >= 0)

    @Slot()
    def _on_remove(self) -> None:
        line = self._more.currentRow()
        left = tuple(folder for n, folder in enumerate(self._folders()) if n != line)
        self.chosen.emit("session_folders", left)


def _at_left(button: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(button)
    row.addStretch(1)
    return row
