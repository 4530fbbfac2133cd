"""Lets the user say what a folder of sessions, a dataset, is called and what is to be known of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from studio.app.session_entries import DatasetChange
from studio.ui.sessions import dataset_edits
from studio.ui.sessions.dataset_edits import DatasetEdits
from studio.ui.sessions.session_book import FolderPage
from studio.ui.sessions.tree_nodes import NodeKind

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow


class DatasetDeeds(QObject):
    """What the menu of a folder, and F2 on it, do."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._dock = window.sessions_dock
        self.edits = DatasetEdits(window.bridge, window.undo, self)
        self.edits.changed.connect(self._dock.refresh)
        self.edits.failed.connect(window.messages.tell_error)
        window.undo_memory.teach(dataset_edits.KIND, self.edits.revived)
        self._dock.list.rename_wanted.connect(self._on_rename_key)

    def ask(self, folder: str) -> None:
        """Show what is known of a folder, and let name and description be typed."""
        from studio.ui.sessions.dataset_dialog import DatasetDialog

        page = self._dock.watch.page(folder)
        if page is None:
            return
        dialog = DatasetDialog(self._window.theme, page, self._window)
        dialog.change_wanted.connect(lambda change: self._describe(page, change))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _describe(self, page: FolderPage, change: DatasetChange) -> None:
        old = DatasetChange(page.said.name, page.said.description)
        self.edits.describe(page.folder, old, change, page.row(0).title)

    @Slot()
    def _on_rename_key(self) -> None:
        node = self._dock.list.current_node
        if node is not None and node.kind is NodeKind.FOLDER:
            self.ask(node.key)
