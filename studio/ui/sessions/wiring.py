"""Connects the list of sessions with the rest of the window: what is chosen, kept, moved and thrown away."""

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog

from studio.errors import SettingsError
from studio.formats.recording import StreamRef
from studio.ui.named import named
from studio.ui.sessions import session_edits
from studio.ui.sessions.chosen import Chosen, computed_name
from studio.ui.sessions.dataset_deeds import DatasetDeeds
from studio.ui.sessions.late_names import LateNames
from studio.ui.sessions.many_deeds import ManyDeeds
from studio.ui.sessions.recent import Recent
from studio.ui.sessions.session_book import Order
from studio.ui.sessions.session_deeds import SessionDeeds
from studio.ui.sessions.session_menus import MenuMaker, fill_columns, fill_order
from studio.ui.sessions.session_texts import one_line
from studio.ui.sessions.stream_menu import StreamMenu
from studio.ui.sessions.stream_reading import StreamReading
from studio.ui.sessions.tree_columns import Column
from studio.ui.sessions.tree_nodes import Node, NodeKind

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow


class SessionsWiring(QObject):
    """All connections of the list of sessions of one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._dock = window.sessions_dock
        self.deeds = SessionDeeds(window)
        self.many = ManyDeeds(window, self.deeds.edits)
        self.deeds.many_wanted.connect(self.many.trash_selected)
        self.late_names = LateNames(window, self.deeds.edits)
        self._stream_menu = StreamMenu(window)
        StreamReading(window)
        self.recent = Recent(window)
        self.deeds.edits.moved.connect(self.recent.follow_move)
        self.deeds.edits.gone.connect(self.recent.forget)
        window.undo_memory.teach(session_edits.KIND, self.deeds.edits.revived)
        self.datasets = DatasetDeeds(window)
        self._restore()
        dock = self._dock
        dock.recording_chosen.connect(window.stage.show_recording)
        dock.session_chosen.connect(window.stage.show_session)
        dock.stream_chosen.connect(self._on_stream_chosen)
        dock.order_changed.connect(self._on_order_changed)
        dock.menu_wanted.connect(self._on_menu_wanted)
        dock.list.header().customContextMenuRequested.connect(self._on_header_menu_wanted)
        dock.options.setMenu(named(MenuMaker(window.theme, dock, "sessions_menu").menu, "sessions_menu"))
        dock.options.menu().aboutToShow.connect(self._fill_options)
        window.actions_by_name["find_session"].triggered.connect(self._on_find)
        window.closed.connect(dock.close_watch)

    def _restore(self) -> None:
        settings = self._window.choices.settings
        names = {str(column): column for column in Column}
        self._columns = tuple(names[name] for name in settings.session_columns if name in names)
        self._dock.list.show_columns(self._columns)
        self._dock.set_order(Order.from_text(settings.session_order))
        self._dock.set_folders((settings.recordings_folder, *settings.session_folders))

    # What is chosen -------------------------------------------------------------------------------------

    @Slot(object)
    def _on_stream_chosen(self, ref: StreamRef) -> None:
        window = self._window
        shown = {info.path for info in window.timeline.recordings}
        if ref.path in shown and window.stage.shows_recording:
            window.timeline.add_stream(ref)
        else:
            window.stage.show_recording(ref.path)

    @Slot()
    def _on_find(self) -> None:
        self._dock.show()
        self._dock.raise_()
        self._dock.search.begin()

    # Columns, order, folders ----------------------------------------------------------------------------

    def choose_columns(self, columns: tuple[Column, ...]) -> None:
        """Show these beside the names, and remember it."""
        self._columns = columns
        self._dock.list.show_columns(columns)
        self._window.choices.change(session_columns=tuple(map(str, columns)))

    @Slot(object)
    def _on_order_changed(self, order: Order) -> None:
        self._window.choices.change(session_order=order.to_text())

    @Slot(QPoint)
    def _on_header_menu_wanted(self, place: QPoint) -> None:
        maker = MenuMaker(self._window.theme, self._dock, "sessions_columns_menu")
        fill_columns(maker.menu, self._columns, self.choose_columns)
        self._pop_up(maker, self._dock.list.header().mapToGlobal(place))

    @Slot()
    def _fill_options(self) -> None:
        menu = self._dock.options.menu()
        menu.clear()
        fill_columns(menu.addMenu("&Columns"), self._columns, self.choose_columns)
        fill_order(menu.addMenu("&Sort by"), self._dock.order, self._dock.set_order)
        menu.addSeparator()
        menu.addAction(self._window.theme.icon("add"), "&Add folder…", self.add_folder)
        menu.addAction(self._window.theme.icon("refresh"), "&Look again", self._dock.refresh)
        menu.addAction("Close &up all rows", self._dock.list.close_up)

    def add_folder(self) -> None:
        """Ask for a folder whose sessions shall be listed, too."""
        dialog = named(QFileDialog(self._window, "Which folder has sessions in it?"), "add_folder_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setDirectory(self._window.choices.settings.recordings_folder)
        dialog.fileSelected.connect(self._on_folder_added)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_folder_added(self, folder: str) -> None:
        self.set_folders((*self._dock.folders, folder))

    def _remove_folder(self, folder: str) -> None:
        self.set_folders(tuple(each for each in self._dock.folders if each != folder))

    def set_folders(self, folders: tuple[str, ...]) -> None:
        """List these, and remember it; the first is where recordings are made."""
        self._dock.set_folders(folders)
        try:
            self._window.choices.change(session_folders=self._dock.folders[1:])
        except SettingsError as error:
            self._window.messages.tell_error(str(error))

    # The menu of a row ----------------------------------------------------------------------------------

    @Slot(object, object)
    def _on_menu_wanted(self, node: Node | None, place: QPoint) -> None:
        if node is None:
            self._dock.options.menu().popup(place)
            return
        maker = MenuMaker(self._window.theme, self._dock, "session_menu")
        chosen = self._dock.chosen
        if chosen.is_many and node in self._dock.list.selected_nodes:
            self._fill_for_many(maker, chosen)
        elif node.kind is NodeKind.FOLDER:
            self._fill_for_folder(maker, node)
        else:
            self._fill_for_row(maker, node)
        self._pop_up(maker, place)

    def _fill_for_many(self, maker: MenuMaker, chosen: Chosen) -> None:
        maker.add(chosen.amount, lambda: None, enabled=False)
        for more in self._dock.many_actions:
            maker.add_all(more(chosen))

    def _fill_for_folder(self, maker: MenuMaker, node: Node) -> None:
        is_first = node.row == 0
        shown = self._dock.shown_below(node.key)
        if shown.picks:
            every = MenuMaker(self._window.theme, maker.menu, "many_menu")
            self._fill_for_many(every, shown)
            every.menu.setTitle(f"&All that are listed ({shown.words})")
            maker.menu.addMenu(every.menu)
            maker.separate()
        maker.add("&Describe\u2026", lambda: self.datasets.ask(node.key), icon="note")
        maker.add("&Show folder", lambda: self._reveal(node.key), icon="folder")
        maker.add("&Copy path", lambda: self._copy(node.key))
        maker.add("&Look again", self._dock.refresh, icon="refresh")
        maker.separate()
        maker.add(
            "&Remove from the list",
            lambda: self._remove_folder(node.key),
            icon="remove",
            enabled=not is_first,
            hint="Recordings are made here." if is_first else "Nothing is deleted.",
        )

    def _fill_for_row(self, maker: MenuMaker, node: Node) -> None:
        session, part = self._dock.session_of(node), node.at(NodeKind.PARTITION)
        if session is None:
            return
        path = part.value.path if part is not None else session.path
        paths = (path,) if part is not None else tuple(each.path for each in session.partitions)
        maker.add("&Open", lambda: self._dock.open_node(node), icon="session", enabled=bool(paths))
        maker.separate()
        self._stream_menu.add_to(maker, node)
        maker.add("Show &folder", lambda: self._reveal(path, above=session.loose or part is not None))
        maker.add("&Copy path", lambda: self._copy(path))
        maker.add("&Look again", self._dock.refresh)
        for more in self._dock.context_actions:
            maker.add_all(more(paths))
        self.deeds.add_to(maker, node)
        self._add_removals(maker, node)

    def _add_removals(self, maker: MenuMaker, node: Node) -> None:
        """What a chain has made here is removed from all sessions that are listed."""
        folder, session = node.at(NodeKind.FOLDER), node.at(NodeKind.SESSION)
        if folder is None or session is None or node.kind is not NodeKind.PARTITION:
            return
        part = node.value
        if not part.derived:
            return
        name = computed_name(session.value, part)
        found = self._dock.shown_below(folder.key).computed.get(name)
        if found is not None and len(found.picks) > 1:
            text = f"Remove \u201c{one_line(name)}\u201d from &all sessions\u2026"
            maker.add(text, lambda: self.many.remove_computed(name, found), icon="remove")

    def _reveal(self, path: str, *, above: bool = False) -> None:
        folder = str(PurePath(path).parent) if above else path
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(folder)):
            self._window.messages.tell_error(f"No file manager could be opened. The folder is {folder}")

    def _copy(self, path: str) -> None:
        QGuiApplication.clipboard().setText(path)

    def _pop_up(self, maker: MenuMaker, place: QPoint) -> None:
        maker.menu.aboutToHide.connect(maker.menu.deleteLater)
        maker.menu.popup(place)
