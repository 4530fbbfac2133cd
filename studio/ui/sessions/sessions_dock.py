"""The dock with the recordings of the chosen folder. Asks the reader process; opens no file itself."""

from pathlib import PurePath
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDockWidget, QLabel, QStackedWidget, QVBoxLayout, QWidget

from studio.app.session_entries import SessionEntry
from studio.formats.recording import RecordingInfo
from studio.host.protocol import ListSessions, OpenRecording
from studio.ui.panels.questions import Questions, Reader
from studio.ui.sessions.session_list import SessionList
from studio.ui.sessions.session_rows import row_of, stream_lines
from studio.ui.theme import Theme

LOOKING = "Looking for recordings…"


class SessionsDock(QDockWidget):
    """Lists recordings, newest first; Enter or a double click chooses one, F5 looks again."""

    recording_chosen = Signal(str)  # path

    def __init__(self, theme: Theme, bridge: Reader, parent: QWidget | None = None) -> None:
        super().__init__("Recordings", parent)
        self.setObjectName("sessions_dock")
        self._theme = theme
        self._reader = bridge
        self._folder = ""
        self._wanted_path = ""
        self._questions = Questions(bridge, self._take_entries, self._take_words)
        self.list = SessionList(theme, self)
        self._empty = QLabel(LOOKING, self)
        self._pages = QStackedWidget(self)
        self._lay_out()
        self.list.chosen.connect(self.recording_chosen)
        self.list.streams_wanted.connect(self._on_streams_wanted)
        refresh = QShortcut(QKeySequence(Qt.Key.Key_F5), self)
        refresh.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        refresh.activated.connect(self.refresh)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @Slot(str)
    def set_folder(self, folder: str) -> None:
        """List the recordings below this folder."""
        self._folder = str(folder)
        self.setToolTip(self._folder)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Look again."""
        if self._folder:
            self._questions.ask_again(ListSessions(self._folder))

    @Slot(str)
    def select(self, path: str) -> None:
        """Select this recording as soon as it is in the list."""
        self._wanted_path = "" if self.list.select(path) else path

    def _lay_out(self) -> None:
        self._empty.setObjectName("sessions_empty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(16, 8, 16, 8)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.list)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.setWidget(inside)

    def _take_entries(self, entries: tuple[SessionEntry, ...]) -> None:
        self.list.show_rows(row_of(entry) for entry in entries)
        if self._wanted_path:
            self.select(self._wanted_path)
        name = PurePath(self._folder).name
        self._empty.setText(f"No recordings yet in “{name}”.\nPress Record: what you record appears here.")
        self._pages.setCurrentWidget(self.list if entries else self._empty)

    def _take_words(self, text: str) -> None:
        if text:
            self.list.show_rows(())
            self._empty.setText(f"The recordings cannot be listed: {text}\nF5 tries again.")
            self._pages.setCurrentWidget(self._empty)

    @Slot(str)
    def _on_streams_wanted(self, path: str) -> None:
        _Expansion(self.list, path).ask(self._reader)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._empty.setStyleSheet(f"color: {self._theme.colour('muted').name()};")


class _Expansion:
    """One recording whose streams were asked for."""

    def __init__(self, target: SessionList, path: str) -> None:
        self._target = target
        self._path = path

    def ask(self, reader: Reader) -> None:
        reader.ask(OpenRecording(self._path), self._take_info, self._take_failure)

    def _take_info(self, info: Any) -> None:
        if isinstance(info, RecordingInfo):
            self._target.show_streams(self._path, stream_lines(info) or (("no streams", ""),))

    def _take_failure(self, text: str) -> None:
        self._target.show_streams(self._path, (("cannot be opened", text),))
