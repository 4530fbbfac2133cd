"""The list of sessions as a tree that the user walks, sorts and drags from. Asks nobody, opens nothing."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from studio.ui.sessions.row_painter import RowPainter
from studio.ui.sessions.session_book import Order
from studio.ui.sessions.session_model import SessionModel
from studio.ui.sessions.tree_columns import COLUMNS, Column
from studio.ui.sessions.tree_nodes import Node, NodeKind
from studio.ui.theme import Theme

_WIDTHS = {Column.START: 132, Column.STATE: 88, Column.CLOCK: 96}
_OTHER_WIDTH = 80
_NAME_WIDTH = 200
MOST_STREAMS = 20_000
"""So many are opened up at once at most."""


class SessionTree(QTreeView):
    """Shows a session model; tells what is to be opened, what is picked, and where a menu is wanted."""

    activated_node = Signal(object)  # Node
    picked = Signal(object)  # Node, or None
    menu_wanted = Signal(object, object)  # Node or None, place on the screen
    rename_wanted = Signal()  # of the row the user is at
    trash_wanted = Signal()

    def __init__(self, model: SessionModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sessions_list")
        self._model = model
        self._theme = theme
        self._open_keys: set[str] = set()
        self.wholly_open: set[str] = set()
        """Recordings whose groups of streams are to be opened as they come."""
        self._current_key = ""
        self._painter = RowPainter(theme, self)
        self._set_up()
        self.setModel(model)
        self._set_up_header()
        self._listen()
        self._on_theme_changed()

    def _set_up(self) -> None:
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setMinimumWidth(232)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(self._painter)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def _set_up_header(self) -> None:
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(48)
        header.setSectionsMovable(False)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        for number, column in enumerate(COLUMNS):
            if number:
                header.resizeSection(number, _WIDTHS.get(column, _OTHER_WIDTH))
        self.show_columns(())

    def _listen(self) -> None:
        self.doubleClicked.connect(self._on_double_clicked)
        self.expanded.connect(self._on_expanded)
        self.collapsed.connect(self._on_collapsed)
        self.customContextMenuRequested.connect(self._on_menu_requested)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self._model.rearranging.connect(self._on_rearranging)
        self._model.rearranged.connect(self._on_rearranged)
        self._theme.changed.connect(self._on_theme_changed)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Wide enough for a date, a length and a size."""
        return QSize(288, 240)

    # Columns and order ----------------------------------------------------------------------------------

    def show_columns(self, columns: tuple[Column, ...]) -> None:
        """Show these beside the name; with none, each row tells its facts in a second line."""
        for number, column in enumerate(COLUMNS):
            self.setColumnHidden(number, number > 0 and column not in columns)
        self._painter.has_two_lines = not columns
        header = self.header()
        header.setVisible(bool(columns))
        # Names never give way to columns: those who want many scroll.
        header.setSectionResizeMode(
            0, header.ResizeMode.Interactive if columns else header.ResizeMode.Stretch
        )
        if columns and header.sectionSize(0) < _NAME_WIDTH:
            header.resizeSection(0, _NAME_WIDTH)
        self.doItemsLayout()

    def show_order(self, order: Order) -> None:
        """Mark the column by which rows are sorted."""
        way = Qt.SortOrder.DescendingOrder if order.greatest_first else Qt.SortOrder.AscendingOrder
        # First the mark, then the ability: Qt would sort at once by whatever was marked before.
        self.header().blockSignals(True)
        self.header().setSortIndicator(COLUMNS.index(order.column), way)
        self.header().blockSignals(False)
        if not self.isSortingEnabled():
            self.header().setSortIndicatorShown(True)
            self.header().setSectionsClickable(True)
            self.header().sortIndicatorChanged.connect(self._model.sort)

    # What is picked -------------------------------------------------------------------------------------

    @property
    def current_node(self) -> Node | None:
        """The row the user is at."""
        index = self.currentIndex()
        return self._model.node(index) if index.isValid() else None

    @property
    def selected_nodes(self) -> tuple[Node, ...]:
        """All rows that are selected."""
        return tuple(self._model.node(index) for index in self.selectionModel().selectedRows())

    def pick(self, index: QModelIndex) -> None:
        """Select a row alone and bring it into view."""
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def open_up(self, key: str) -> None:
        """Show what stands below a row, now or as soon as it is there."""
        self._open_keys.add(key)
        self.setExpanded(self._model.index_of_key(key), True)

    @Slot()
    def open_all(self) -> None:
        """Open every row, down to the streams of as many recordings as can be looked at."""
        left = MOST_STREAMS
        for folder in self._model.root.children:
            self.setExpanded(self._model.index_of(folder), True)
            for session in folder.children:
                left -= session.value.stream_count
                if left >= 0:
                    self._open_wholly(session)

    def _open_wholly(self, session: Node) -> None:
        index = self._model.index_of(session)
        self.setExpanded(index, True)
        for row in range(self._model.rowCount(index)):
            self.setExpanded(self._model.index(row, 0, index), True)
        self.wholly_open.update(part.path for part in session.value.partitions)
        for part in session.value.partitions:
            self.open_groups(part.path)

    def open_groups(self, path: str) -> None:
        """Open all groups of streams of a recording."""
        for index in self._model.groups_of(path):
            self.setExpanded(index, True)

    @Slot()
    def close_up(self) -> None:
        """Show what stands in the folders, and nothing below that."""
        self._open_keys.clear()
        self.wholly_open.clear()
        self.collapseAll()
        for row in range(self._model.rowCount()):
            self.setExpanded(self._model.index(row, 0), True)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Enter opens what is picked, F2 renames it, Delete throws it away."""
        node = self.current_node
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and node is not None:
            self._activate(node)
        elif event.key() == Qt.Key.Key_F2:
            self.rename_wanted.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.trash_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _activate(self, node: Node) -> None:
        index = self._model.index_of(node)
        if self._model.show_more(index):
            return
        if node.kind in (NodeKind.FOLDER, NodeKind.GROUP):
            self.setExpanded(index, not self.isExpanded(index))
        else:
            self.activated_node.emit(node)

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        self._activate(self._model.node(index))

    @Slot(QPoint)
    def _on_menu_requested(self, place: QPoint) -> None:
        index = self.indexAt(place)
        node = self._model.node(index) if index.isValid() else None
        self.menu_wanted.emit(node, self.viewport().mapToGlobal(place))

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.picked.emit(self._model.node(current) if current.isValid() else None)

    # What is opened up ----------------------------------------------------------------------------------

    @Slot(QModelIndex)
    def _on_expanded(self, index: QModelIndex) -> None:
        node = self._model.node(index)
        self._open_keys.add(node.key)
        if node.kind is NodeKind.SESSION and self._model.rowCount(index) == 1:
            # Nobody wants to open two rows to see what is in the one recording of a session.
            self.setExpanded(self._model.index(0, 0, index), True)

    @Slot(QModelIndex)
    def _on_collapsed(self, index: QModelIndex) -> None:
        self._open_keys.discard(self._model.node(index).key)

    @Slot()
    def _on_rearranging(self) -> None:
        node = self.current_node
        self._current_key = node.key if node is not None else ""

    @Slot()
    def _on_rearranged(self) -> None:
        for key in tuple(self._open_keys):
            index = self._model.index_of_key(key)
            if index.isValid():
                self.setExpanded(index, True)
        index = self._model.index_of_key(self._current_key)
        if self._current_key and index.isValid():
            self.pick(index)

    @Slot()
    def _on_theme_changed(self) -> None:
        palette = self.palette()
        # Qt itself fills the place of the arrow; the row's own ground continues there.
        palette.setColor(QPalette.ColorRole.Highlight, self._theme.colour("hover"))
        self.setPalette(palette)
        self.viewport().update()
