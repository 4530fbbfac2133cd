"""The dock with the sessions of one or more folders. Asks the reader of folders; opens no file itself."""

from collections.abc import Callable, Sequence
from pathlib import PurePath

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.app.session_entries import SessionEntry, StreamPage
from studio.app.session_search import SessionSearch
from studio.host.protocol import ListStreams
from studio.ui.named import named
from studio.ui.panels.questions import Reader
from studio.ui.sessions.chosen import Chosen, chosen_of, whole
from studio.ui.sessions.folder_watch import FolderWatch
from studio.ui.sessions.search_line import SearchLine
from studio.ui.sessions.session_book import FolderPage, Order
from studio.ui.sessions.session_model import SessionModel
from studio.ui.sessions.session_texts import one_line, title
from studio.ui.sessions.session_tree import SessionTree
from studio.ui.sessions.stream_filter import StreamFilter
from studio.ui.sessions.tree_columns import Column
from studio.ui.sessions.tree_nodes import Node, NodeKind
from studio.ui.theme import Theme

LOOKING = "Looking for recordings…"
STREAMS_AT_ONCE = 2000
SHOWN_AT_ONCE = 200
NEWS_INTERVAL_MS = 1000

ContextActions = Callable[[tuple[str, ...]], Sequence[QAction]]
"""Makes what a context menu offers besides for these recordings."""
ManyActions = Callable[[Chosen], Sequence[QAction]]
"""The same for several sessions at once."""


class SessionsDock(QDockWidget):
    """Lists sessions; Enter or a double click chooses one, F5 looks again."""

    recording_chosen = Signal(str)  # path of one recording
    session_chosen = Signal(object)  # paths of all recordings of a session
    stream_chosen = Signal(object)  # StreamRef
    picked = Signal(object)  # SessionEntry the user is at, or None
    order_changed = Signal(object)  # Order
    menu_wanted = Signal(object, object)  # Node or None, place on the screen

    def __init__(self, theme: Theme, bridge: Reader, parent: QWidget | None = None) -> None:
        super().__init__("Sessions", parent)
        self.setObjectName("sessions_dock")
        self._theme = theme
        self._reader = bridge
        self._wanted_path = ""
        self._search = SessionSearch()
        self._order = Order()
        self._find = ""
        self.context_actions: list[ContextActions] = []
        """Parts of the studio that have something to do with recordings add to the context menu here."""
        self.many_actions: list[ManyActions] = []
        self.model = SessionModel(self)
        self.list = SessionTree(self.model, theme, self)
        self.search = SearchLine(theme, self)
        self.filter = StreamFilter(theme, self)
        self.options = named(QToolButton(), "sessions_options")
        self.watch = FolderWatch(bridge, self)
        self._news: set[str] = set()
        """Folders of which something has come that is not shown yet."""
        self._news_timer = QTimer(self, singleShot=True)
        self._empty = QLabel(LOOKING, self)
        self._pages = QStackedWidget(self)
        self._lay_out()
        self._listen()
        self.list.show_order(self._order)
        self._on_theme_changed()

    def _lay_out(self) -> None:
        self._empty.setObjectName("sessions_empty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(16, 8, 16, 8)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.list)
        self.options.setToolTip("Columns, order and folders")
        self.options.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        top = QHBoxLayout()
        top.setContentsMargins(8, 4, 8, 4)
        top.setSpacing(4)
        top.addWidget(self.search, 1)
        top.addWidget(self.options, 0, Qt.AlignmentFlag.AlignTop)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.filter)
        column.addWidget(self._pages, 1)
        self.setWidget(inside)

    def _listen(self) -> None:
        self.watch.changed.connect(self._on_folder_changed)
        self._news_timer.timeout.connect(self._show_news)
        self.model.streams_wanted.connect(self._on_streams_wanted)
        self.model.sort_wanted.connect(self._on_sort_wanted)
        self.list.activated_node.connect(self.open_node)
        self.list.picked.connect(self._on_picked)
        self.list.menu_wanted.connect(self.menu_wanted)
        self.search.searched.connect(self.set_search)
        self.search.left.connect(self.list.setFocus)
        self.filter.filtered.connect(self.set_stream_filter)
        self.filter.left.connect(self.list.setFocus)
        self.filter.open_all_wanted.connect(self.list.open_all)
        self.filter.close_all_wanted.connect(self.list.close_up)
        self.visibilityChanged.connect(self._on_visibility_changed)
        refresh = QShortcut(QKeySequence(Qt.Key.Key_F5), self)
        refresh.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        refresh.activated.connect(self.refresh)
        self._theme.changed.connect(self._on_theme_changed)

    # Folders --------------------------------------------------------------------------------------------

    @property
    def folders(self) -> tuple[str, ...]:
        """Those that are listed; the first is where recordings are made."""
        return tuple(page.folder for page in self.watch.pages)

    @Slot(str)
    def set_folder(self, folder: str) -> None:
        """List the sessions below this folder first; other folders stay below it."""
        self.set_folders((str(folder), *self.folders[1:]))

    def set_folders(self, folders: Sequence[str]) -> None:
        """List the sessions below these folders; the first is where recordings are made."""
        before = self.folders
        self.watch.watch(dict.fromkeys(str(PurePath(folder)) for folder in folders))
        self._show_folders()
        for folder in self.folders:
            if folder not in before:
                self.list.open_up(folder)

    @Slot()
    def refresh(self) -> None:
        """Look again."""
        self.watch.look_again()

    @Slot(str)
    def select(self, path: str) -> None:
        """Select this recording, or session, as soon as it is in the list."""
        index = self.model.find_recording(path)
        self._wanted_path = "" if index.isValid() else path
        if index.isValid():
            self.list.pick(index)

    @Slot(str, str)
    def follow_move(self, before: str, now: str) -> None:
        """A session has been renamed: whoever is at its row stays there."""
        for page in self.watch.pages:
            if page.move(before, now):
                self.model.move_session(page.folder, before, now)
                self._show_sessions(page)
                self._on_picked(self.list.current_node)

    def close_watch(self) -> None:
        """Ask nobody any more. Idempotent."""
        self.watch.close()

    def session_of(self, node: Node) -> SessionEntry | None:
        """The session that a row belongs to."""
        found = node.at(NodeKind.SESSION)
        return found.value if found is not None else None

    def session_at(self, recording: str) -> SessionEntry | None:
        """The session that a recording is of; None: it is not known, or not yet."""
        sessions = (session for page in self.watch.pages for session in page.sessions.values())
        return next((s for s in sessions if any(part.path == recording for part in s.partitions)), None)

    def name_of(self, recording: str, part: str) -> str:
        """How people call a recording, which is called `part` in its session: as the session, and where that
        has several, its part."""
        session = self.session_at(recording)
        if session is None:
            return title(PurePath(recording).parent.name, part)
        return title(session.name, part if len(session.partitions) > 1 else "")

    # Several --------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> Chosen:
        """The sessions and recordings that are selected."""
        return chosen_of(self.list.selected_nodes)

    def shown_below(self, folder: str) -> Chosen:
        """All sessions of a folder that are searched for."""
        page = self.watch.page(folder)
        return whole(page.shown(self._search, self._order) if page is not None else ())

    # What is shown --------------------------------------------------------------------------------------

    @property
    def order(self) -> Order:
        """How sessions are sorted."""
        return self._order

    def set_order(self, order: Order) -> None:
        """Sort sessions so."""
        if order != self._order:
            self._order = order
            self.list.show_order(order)
            self._show_all_sessions()
            self.order_changed.emit(order)

    def set_search(self, search: SessionSearch) -> None:
        """Show only what this finds."""
        self._search = search
        self._show_all_sessions()

    @Slot(object, bool)
    def _on_sort_wanted(self, column: Column, greatest_first: bool) -> None:
        self.set_order(Order(column, greatest_first))

    def _show_all_sessions(self) -> None:
        for page in self.watch.pages:
            self._show_sessions(page)
        self._show_folders()

    def _show_sessions(self, page: FolderPage) -> None:
        self.model.show_sessions(page.folder, page.shown(self._search, self._order))

    @Slot(str)
    def _on_folder_changed(self, folder: str) -> None:
        self._news.add(folder)
        page = self.watch.page(folder)
        if page is not None and not page.complete and len(page.sessions) > SHOWN_AT_ONCE:
            # Thousands are on their way: showing them again and again would cost more than reading them.
            if not self._news_timer.isActive():
                self._news_timer.start(NEWS_INTERVAL_MS)
            return
        self._show_news()

    @Slot()
    def _show_news(self) -> None:
        self._news_timer.stop()
        for page in self.watch.pages:
            if page.folder in self._news:
                self._show_sessions(page)
        self._news.clear()
        self._show_folders()
        if self._wanted_path:
            self.select(self._wanted_path)
        node = self.list.current_node
        if node is not None:
            self._on_picked(node)

    def _show_folders(self) -> None:
        self.model.show_folders([(page.folder, page.row(self._shown_in(page))) for page in self.watch.pages])
        pages = self.watch.pages
        nothing = len(pages) == 1 and not pages[0].sessions
        if nothing:
            self._empty.setText(_invitation(pages[0]))
        self._pages.setCurrentWidget(self._empty if nothing else self.list)

    def _shown_in(self, page: FolderPage) -> int:
        node = self.model.book.of_key(page.folder)
        return len(node.children) if node is not None else 0

    # Streams --------------------------------------------------------------------------------------------

    @Slot(str, int)
    def _on_streams_wanted(self, path: str, first: int) -> None:
        self._reader.ask(
            ListStreams(path, first, STREAMS_AT_ONCE, self._find),
            self._take_page,
            lambda text: self.model.show_words(path, "cannot be opened", text),
        )

    def _take_page(self, page: StreamPage) -> None:
        if page.find != self._find:
            return  # another filter has been typed meanwhile, and its answer is on its way
        self.model.show_streams(page.path, page.first, page.streams, page.total, are_all=not page.find)
        if page.path in self.list.wholly_open or (page.find and page.total <= SHOWN_AT_ONCE):
            self.list.open_groups(page.path)

    def set_stream_filter(self, words: str) -> None:
        """Of recordings that are opened up, show only streams whose names hold all of these words."""
        if words != self._find:
            self._find = words
            self.model.ask_again()

    # What the user does ---------------------------------------------------------------------------------

    @Slot(object)
    def open_node(self, node: Node) -> None:
        """What a double click does."""
        if node.kind is NodeKind.STREAM:
            self.stream_chosen.emit(node.value.ref)
        elif node.kind is NodeKind.PARTITION:
            self.recording_chosen.emit(node.value.path)
        elif node.kind is NodeKind.SESSION:
            parts = node.value.partitions
            paths = tuple(part.path for part in parts if not part.problem or part.live)
            if paths or parts:
                self.session_chosen.emit(paths or (parts[0].path,))

    @Slot(object)
    def _on_picked(self, node: Node | None) -> None:
        self.picked.emit(self.session_of(node) if node is not None else None)

    @Slot(bool)
    def _on_visibility_changed(self, visible: bool) -> None:
        self.watch.rest(not visible)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._empty.setStyleSheet(f"color: {self._theme.colour('muted').name()};")
        self.options.setIcon(self._theme.icon("list", "muted"))


def _invitation(page: FolderPage) -> str:
    if not page.complete:
        return LOOKING
    name = one_line(page.row(0).title)
    if page.problem and not page.problem.endswith("is not there."):
        return f"The recordings cannot be listed: {page.problem}\nF5 tries again."
    return f"No recordings yet in “{name}”.\nPress Record: what you record appears here."
