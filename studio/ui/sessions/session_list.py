"""The list of recordings as a tree: a line each, its streams below it once it is opened up. Asks nobody."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from studio.ui.sessions.row_painter import DETAIL_ROLE, MARK_ROLE, RowPainter
from studio.ui.sessions.session_rows import SessionRow
from studio.ui.theme import Theme

PATH_ROLE = Qt.ItemDataRole.UserRole + 3
WAITING = "…"


class SessionList(QTreeWidget):
    """Shows rows; tells which one is to be opened, and of which the streams are wanted."""

    chosen = Signal(str)  # path
    streams_wanted = Signal(str)  # path

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sessions_list")
        self._rows: dict[str, SessionRow] = {}
        self.setHeaderHidden(True)
        self.setIndentation(18)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTreeWidget.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(RowPainter(theme, self))
        self.itemDoubleClicked.connect(self._on_item_double_clicked)
        self.itemExpanded.connect(self._on_item_expanded)
        self._theme = theme
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Wide enough for a date, a length and a size."""
        return QSize(288, 240)

    @property
    def selected_path(self) -> str:
        """Of the recording that is selected (or whose stream is); empty: none."""
        items = self.selectedItems()
        return _path_of(items[0]) if items else ""

    def show_rows(self, rows: Iterable[SessionRow]) -> None:
        """Show these; what was selected or opened up stays so."""
        selected = self.selected_path
        expanded = {path for path in self._rows if (item := self._item(path)) and item.isExpanded()}
        place = self.verticalScrollBar().value()
        self.clear()
        self._rows = {row.path: row for row in rows}
        for row in self._rows.values():
            self.addTopLevelItem(_item_of(row))
        self.select(selected)
        self.verticalScrollBar().setValue(place)
        for path in expanded:
            if (item := self._item(path)) is not None:
                item.setExpanded(True)

    def show_streams(self, path: str, lines: Iterable[tuple[str, str]]) -> None:
        """Show these names and facts below a recording."""
        item = self._item(path)
        if item is None:
            return
        item.takeChildren()
        for name, facts in lines:
            child = QTreeWidgetItem([name])
            child.setData(0, DETAIL_ROLE, facts)
            child.setToolTip(0, f"{name}\n{facts}")
            item.addChild(child)

    def select(self, path: str) -> bool:
        """Select a recording and bring it into view; False if it is not in the list."""
        item = self._item(path)
        if item is None:
            return False
        self.setCurrentItem(item)
        self.scrollToItem(item)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Enter opens what is selected."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.selected_path)
        else:
            super().keyPressEvent(event)

    @Slot(QTreeWidgetItem, int)
    def _on_item_double_clicked(self, item: QTreeWidgetItem, _column: int) -> None:
        self._choose(_path_of(item))

    @Slot(QTreeWidgetItem)
    def _on_item_expanded(self, item: QTreeWidgetItem) -> None:
        self.streams_wanted.emit(_path_of(item))

    @Slot()
    def _on_theme_changed(self) -> None:
        palette = self.palette()
        # Qt itself fills the place of the arrow; the row's own ground continues there.
        palette.setColor(QPalette.ColorRole.Highlight, self._theme.colour("hover"))
        self.setPalette(palette)
        self.viewport().update()

    def _choose(self, path: str) -> None:
        if path in self._rows:
            self.chosen.emit(path)

    def _item(self, path: str) -> QTreeWidgetItem | None:
        items = (self.topLevelItem(n) for n in range(self.topLevelItemCount()))
        return next((item for item in items if item is not None and _path_of(item) == path), None)


def _item_of(row: SessionRow) -> QTreeWidgetItem:
    item = QTreeWidgetItem([row.title])
    for role, value in ((DETAIL_ROLE, row.detail), (MARK_ROLE, str(row.mark)), (PATH_ROLE, row.path)):
        item.setData(0, role, value)
    item.setToolTip(0, row.tooltip)
    if row.can_be_opened:
        item.addChild(QTreeWidgetItem([WAITING]))
    return item


def _path_of(item: QTreeWidgetItem) -> str:
    return str((item.parent() or item).data(0, PATH_ROLE))
