"""Asks again and again what has changed in the folders of sessions, one question at a time. Shows nothing.

The looking is done by another process, so a folder that hangs costs no one anything but news of it. After a
failure a folder is left alone for a while. Nobody is asked while nobody can see the answer.
"""

from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.app.session_entries import FolderChanges
from studio.host.protocol import LookIntoFolder
from studio.timing import NS_PER_MS, NS_PER_S, Duration, monotonic_ns
from studio.ui.panels.questions import Reader
from studio.ui.sessions.session_book import FolderPage

EVERY: Duration = 2 * NS_PER_S
AFTER_FAILURE: Duration = 5 * NS_PER_S
"""Twice as long after each further one, up to a minute."""
LONGEST_PAUSE: Duration = 60 * NS_PER_S
SHARE = 20
"""A folder is looked at for at most one of so many parts of the time..."""
SELDOM: Duration = 20 * NS_PER_S
"""...but at least that often."""


class FolderWatch(QObject):
    """Keeps the pages of some folders as they are on the disk."""

    changed = Signal(str)  # folder

    def __init__(self, reader: Reader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._pages: dict[str, FolderPage] = {}
        self._due: dict[str, int] = {}
        """When to look at a folder next, monotonic ns."""
        self._asked = ""
        self._busy: Duration = 0
        """How long the pass over the folder that is being looked at has taken so far."""
        self._failures: Counter[str] = Counter()
        """In a row, by folder."""
        self._again: set[str] = set()
        """Folders in which something has changed since they were asked about."""
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._ask)
        self._closed = False
        self._awake = True

    @property
    def pages(self) -> tuple[FolderPage, ...]:
        """In the order in which the folders were given."""
        return tuple(self._pages.values())

    def page(self, folder: str) -> FolderPage | None:
        """Of one of the folders."""
        return self._pages.get(folder)

    def watch(self, folders: Iterable[str]) -> None:
        """Look at these folders, the first one first; what is known of one stays."""
        self._pages = {folder: self._pages.get(folder) or FolderPage(folder) for folder in folders}
        self._due = {folder: self._due.get(folder, 0) for folder in self._pages}
        self._ask()

    @Slot()
    def look_again(self) -> None:
        """Look at all of them now."""
        self._due = dict.fromkeys(self._pages, 0)
        self._failures.clear()
        self._again.add(self._asked)
        self._ask()

    def rest(self, resting: bool) -> None:
        """Ask nothing for as long as nobody sees it."""
        self._awake = not resting
        self._ask()

    def close(self) -> None:
        """An answer still on its way is dropped. Idempotent."""
        self._closed = True
        self._timer.stop()

    @Slot()
    def _ask(self) -> None:
        self._timer.stop()
        if self._closed or not self._awake or self._asked or not self._due:
            return
        folder = min(self._due, key=lambda each: self._due[each])
        wait = self._due[folder] - monotonic_ns()
        if wait > 0:
            self._timer.start(wait // NS_PER_MS + 1)
            return
        page = self._pages[folder]
        self._asked = folder
        self._again.discard(folder)
        self._reader.ask(LookIntoFolder(folder, page.epoch, page.version), self._on_changes, self._on_failure)

    def _on_changes(self, changes: FolderChanges) -> None:
        folder = self._settle()
        page = self._pages.get(folder)
        if page is None or self._closed:
            self._ask()
            return
        del self._failures[folder]
        news = page.take(changes)
        self._busy += changes.took_ns
        if folder not in self._again:
            self._due[folder] = monotonic_ns() + self._pause(changes)
        if changes.complete:
            self._busy = 0
        if news:
            self.changed.emit(folder)
        self._ask()

    def _pause(self, changes: FolderChanges) -> Duration:
        return min(max(EVERY, SHARE * self._busy), SELDOM) if changes.complete else 0

    def _on_failure(self, text: str) -> None:
        folder = self._settle()
        page = self._pages.get(folder)
        if page is not None and not self._closed:
            self._busy = 0
            if folder not in self._again:
                pause = AFTER_FAILURE << min(self._failures[folder], 10)
                self._due[folder] = monotonic_ns() + min(pause, LONGEST_PAUSE)
            self._failures[folder] += 1
            if page.fail(text):
                self.changed.emit(folder)
        self._ask()

    def _settle(self) -> str:
        folder, self._asked = self._asked, ""
        return folder
