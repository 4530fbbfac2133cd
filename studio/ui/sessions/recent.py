"""The submenu of what was opened last. Owns the list of it; the stage opens.

An entry is all recordings of a session that were on screen together. One that cannot be opened any more is
told of and leaves the list.
"""

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from studio.ui.named import named
from studio.ui.sessions.session_texts import one_line

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow

MOST = 10
Paths = tuple[str, ...]


class Recent(QObject):
    """Follows what is opened in a window, and what becomes of it."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._asked: Paths = ()
        """The entry that was chosen and is not on screen yet."""
        self.menu = named(QMenu("Open &recent", window), "recent_menu")
        self.menu.setToolTipsVisible(True)
        file_menu = window.menuBar().findChild(QMenu, "file_menu")
        if file_menu is not None:
            file_menu.insertMenu(window.actions_by_name["choose_folder"], self.menu)
        self.menu.aboutToShow.connect(self._fill)
        window.stage.opened.connect(self._on_opened)
        window.stage.failed.connect(self._on_failed)
        self._fill()

    @property
    def entries(self) -> tuple[Paths, ...]:
        """The newest first."""
        return self._window.choices.settings.recent

    @Slot(str, str)
    def follow_move(self, before: str, now: str) -> None:
        """A session is at another place."""
        self._keep(tuple(tuple(_moved(path, before, now) for path in entry) for entry in self.entries))

    @Slot(object)
    def forget(self, gone: Paths) -> None:
        """These are in the trash, and what was in them."""
        rest = (tuple(p for p in entry if not _lies_in_any(p, gone)) for entry in self.entries)
        self._keep(tuple(entry for entry in rest if entry))

    def _keep(self, entries: tuple[Paths, ...]) -> None:
        if entries != self.entries:
            self._window.choices.change(recent=entries[:MOST])
            self.menu.setEnabled(bool(entries))

    @Slot(str)
    def _on_opened(self, path: str) -> None:
        self._asked = ()
        shown = tuple(info.path for info in self._window.timeline.recordings)
        if path and shown:
            self._keep((shown, *(entry for entry in self.entries if entry[0] not in shown)))

    @Slot(str)
    def _on_failed(self, _text: str) -> None:
        # If the others of its recordings can be opened, they come back as an entry of their own.
        asked, self._asked = self._asked, ()
        if asked:
            self._keep(tuple(entry for entry in self.entries if entry != asked))

    # Menu -----------------------------------------------------------------------------------------------

    @Slot()
    def _fill(self) -> None:
        self.menu.clear()
        self.menu.setEnabled(bool(self.entries))
        for entry in self.entries:
            part = PurePath(entry[0]).stem if len(entry) == 1 else ""
            name = self._window.sessions_dock.name_of(entry[0], part)
            action = self.menu.addAction(one_line(name).replace("&", "&&"))
            action.setToolTip("\n".join(map(one_line, entry)))
            action.setData(entry)
            action.triggered.connect(self._on_chosen)
        self.menu.addSeparator()
        self.menu.addAction("&Forget these", self._on_clear)

    @Slot()
    def _on_chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._show(tuple(map(str, action.data())))

    def show_last(self) -> Paths:
        """Show what was opened last; answers what that is."""
        entry = self.entries[0] if self.entries else ()
        if entry:
            self._show(entry)
        return entry

    def _show(self, entry: Paths) -> None:
        self._window.stage.show_session(entry)
        self._asked = entry

    @Slot()
    def _on_clear(self) -> None:
        self._keep(())


def _moved(path: str, before: str, now: str) -> str:
    return now + path[len(before) :] if _lies_in_any(path, (before,)) else path


def _lies_in_any(path: str, places: Paths) -> bool:
    return any(path == place or path.startswith((place + "/", place + "\\")) for place in places)
