"""The list of sessions as Qt's views ask for it. Asks no other process itself; decides no looks.

Sessions come from the catalogue piece by piece, streams when a recording is opened up. Rows are moved, added
and taken away one by one, so that what is selected and opened up stays so; where very much changes at once
all rows of a folder are changed together, and `rearranging` and `rearranged` tell the view to remember.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from studio.app.session_entries import SessionEntry
from studio.formats.recording import StreamInfo
from studio.ui.sessions.arranging import Arranging
from studio.ui.sessions.session_rows import Row
from studio.ui.sessions.tree_columns import COLUMNS, HEADINGS, NUMBERS, Column, cell
from studio.ui.sessions.tree_nodes import (
    Node,
    NodeBook,
    NodeKind,
    Spec,
    has_children,
    partition_specs,
    put,
    row_of,
    stream_specs,
    words_spec,
)
from studio.ui.stream_drag import mime_of

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The Row of an index."""
KIND_ROLE = Qt.ItemDataRole.UserRole + 2

AnyIndex = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class SessionModel(QAbstractItemModel):
    """Folders, sessions, partitions, streams."""

    streams_wanted = Signal(str, int)  # path of a recording, number of the first stream
    sort_wanted = Signal(object, bool)  # Column, whether the greatest comes first
    rearranging = Signal()
    rearranged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.book = NodeBook()
        self.root = self.book.make(Spec(NodeKind.ROOT, ""))
        self._arranging = Arranging(self)
        self._streams: dict[str, tuple[StreamInfo, ...]] = {}

    # What is shown --------------------------------------------------------------------------------------

    def show_folders(self, folders: Sequence[tuple[str, Row]]) -> None:
        """These folders, in this order; what is known of their sessions stays."""
        self._arranging.arrange(self.root, [Spec(NodeKind.FOLDER, folder, row) for folder, row in folders])

    def show_sessions(self, folder: str, sessions: Sequence[SessionEntry]) -> None:
        """These sessions below a folder, in this order."""
        node = self.book.of_key(folder)
        if node is not None:
            # The same recording may be found below two folders: each has a row of its own.
            specs = [Spec(NodeKind.SESSION, f"{folder}\0{each.path}", each) for each in sessions]
            self._arranging.arrange(node, specs)

    def move_session(self, folder: str, before: str, now: str) -> None:
        """The row of a session stays the same row when the session is renamed."""
        node = self.book.of_key(f"{folder}\0{before}")
        if node is not None:
            self.book.rename(node, f"{folder}\0{now}")

    def show_streams(
        self, path: str, first: int, streams: Sequence[StreamInfo], total: int, *, are_all: bool = True
    ) -> None:
        """These streams of a recording, wherever its row is; else those that a filter has left."""
        known = (*self._streams.get(path, ())[:first], *streams)
        for node in self._rows_of(path):
            self._streams[path] = known
            self._arranging.arrange(node, stream_specs(node, path, known, total, are_all=are_all))

    def show_words(self, path: str, title: str, text: str) -> None:
        """This instead of the streams of a recording."""
        for node in self._rows_of(path):
            self._arranging.arrange(node, [words_spec(node, title, text)])

    def ask_again(self) -> None:
        """Ask anew for the streams of all recordings that are opened up."""
        for path in {node.partition.path for node in self._asked() if node.partition is not None}:
            self.streams_wanted.emit(path, 0)

    def groups_of(self, path: str) -> list[QModelIndex]:
        """The rows of groups of streams of a recording."""
        nodes = (child for node in self._rows_of(path) for child in node.children)
        return [self.index_of(node) for node in nodes if node.kind is NodeKind.GROUP]

    def _asked(self) -> Iterator[Node]:
        """Rows of recordings whose streams have been asked for."""
        for folder in self.root.children:
            for session in folder.children:
                yield from (node for node in (session, *session.children) if node.asked)

    def _rows_of(self, path: str) -> list[Node]:
        return [node for node in self._asked() if node.partition is not None and node.partition.path == path]

    def renew(self, node: Node) -> None:
        """The value of a row has changed: what stands below it may have, too."""
        node.shown = None
        if node.kind is NodeKind.SESSION and node.is_filled:
            self._arranging.arrange(node, partition_specs(node.value))
        partition = node.partition
        if partition is not None and node.asked:
            self.streams_wanted.emit(partition.path, 0)

    # Where it is ----------------------------------------------------------------------------------------

    def node(self, index: AnyIndex) -> Node:
        """The node that an index means; the root for none."""
        found = self.book.of_id(index.internalId()) if index.isValid() else None
        return found or self.root

    def index_of(self, node: Node | None, column: int = 0) -> QModelIndex:
        """Where a node is."""
        if node is None or node is self.root:
            return QModelIndex()
        return self.createIndex(node.row, column, node.id)

    def index_of_key(self, key: str) -> QModelIndex:
        """Where the row of that key is; no valid index if there is none."""
        return self.index_of(self.book.of_key(key))

    def find_recording(self, path: str) -> QModelIndex:
        """The row of a recording, or of the session with nothing else in it."""
        for folder in self.root.children:
            for session in folder.children:
                parts = session.value.partitions
                if any(part.path == path for part in parts) or session.value.path == path:
                    return self._row_in(session, path)
        return QModelIndex()

    def _row_in(self, session: Node, path: str) -> QModelIndex:
        if len(session.value.partitions) > 1:
            self._fill(session)
            for node in session.children:
                if node.partition is not None and node.partition.path == path:
                    return self.index_of(node)
        return self.index_of(session)

    def _fill(self, node: Node) -> None:
        """Make the rows of the recordings of a session: they are known, so nothing appears that was not."""
        if node.kind is NodeKind.SESSION and not node.is_filled:
            put(node, [self.book.make(spec) for spec in partition_specs(node.value)])

    # As Qt asks for it ----------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: AnyIndex = NOWHERE) -> QModelIndex:
        """Of a child."""
        node = self.node(parent)
        self._fill(node)
        if 0 <= row < len(node.children) and 0 <= column < len(COLUMNS):
            return self.createIndex(row, column, node.children[row].id)
        return QModelIndex()

    def parent(self, index: AnyIndex = NOWHERE) -> QModelIndex:  # type: ignore[override]
        """Of the row above."""
        return self.index_of(self.node(index).parent) if index.isValid() else QModelIndex()

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """How many rows stand below, as far as they have come."""
        if parent.column() > 0:
            return 0
        node = self.node(parent)
        self._fill(node)
        return len(node.children)

    def columnCount(self, _parent: AnyIndex = NOWHERE) -> int:  # noqa: N802
        """The same everywhere."""
        return len(COLUMNS)

    def hasChildren(self, parent: AnyIndex = NOWHERE) -> bool:  # noqa: N802
        """Whether a row can be opened up."""
        return parent.column() <= 0 and has_children(self.node(parent))

    def canFetchMore(self, parent: AnyIndex) -> bool:  # noqa: N802
        """Whether its streams have not been asked for."""
        node = self.node(parent)
        return node.partition is not None and not node.asked

    def fetchMore(self, parent: AnyIndex) -> None:  # noqa: N802
        """Ask for its streams."""
        node = self.node(parent)
        partition = node.partition
        if partition is not None and not node.asked:
            node.asked = True
            self.streams_wanted.emit(partition.path, 0)

    def show_more(self, index: AnyIndex) -> bool:
        """If this row stands for streams that are still to come: ask for them."""
        node = self.node(index)
        parent = node.parent
        if node.kind is not NodeKind.WORDS or parent is None or parent.partition is None:
            return False
        self.streams_wanted.emit(parent.partition.path, len(self._streams.get(parent.partition.path, ())))
        return True

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Everything but folders and words can be dragged away."""
        flags = super().flags(index)
        node = self.node(index)
        if node.kind in (NodeKind.SESSION, NodeKind.PARTITION, NodeKind.GROUP, NodeKind.STREAM):
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def supportedDragActions(self) -> Qt.DropAction:  # noqa: N802
        """What is dragged stays where it is."""
        return Qt.DropAction.CopyAction

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802
        """The streams of these rows."""
        nodes = {index.internalId(): self.node(index) for index in indexes}
        return mime_of(dict.fromkeys(ref for node in nodes.values() for ref in node.refs))

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What stands in a cell."""
        if not index.isValid():
            return None
        node, column = self.node(index), COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row_of(node).title if column is Column.NAME else self._cell(node, column)
        if role == ROW_ROLE:
            return row_of(node)
        if role == KIND_ROLE:
            return node.kind
        if role == Qt.ItemDataRole.ToolTipRole:
            return row_of(node).tooltip
        if role == Qt.ItemDataRole.TextAlignmentRole and column in NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _cell(self, node: Node, column: Column) -> str:
        if node.kind is NodeKind.STREAM:
            return cell(node.value.info, column)
        return cell(node.value, column) if node.kind in (NodeKind.SESSION, NodeKind.PARTITION) else ""

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Of a column."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[COLUMNS[section]]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[section] in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Pass on how rows shall be sorted; who knows the sessions brings them in that order."""
        if 0 <= column < len(COLUMNS):
            self.sort_wanted.emit(COLUMNS[column], order == Qt.SortOrder.DescendingOrder)
