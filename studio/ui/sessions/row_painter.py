"""Draws a row of the list of sessions: icon, title, mark; below it the facts, unless columns tell them."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.ui.sessions.session_model import KIND_ROLE, ROW_ROLE
from studio.ui.sessions.session_rows import Row, RowMark
from studio.ui.sessions.tree_nodes import NodeKind
from studio.ui.theme import Theme, figures_font

MARGIN = 8
ICON = 16
_MARKS = {
    RowMark.RECOVERED: ("recovered", "muted"),
    RowMark.WARNING: ("warning", "warning"),
    RowMark.PROBLEM: ("error", "error"),
}

AnyIndex = QModelIndex | QPersistentModelIndex


class RowPainter(QStyledItemDelegate):
    """Two lines for every row; one when columns tell the facts."""

    def __init__(self, theme: Theme, base: QWidget) -> None:
        super().__init__(base)
        self._theme = theme
        self._base = base
        self.has_two_lines = True

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:  # noqa: N802 (Qt's name)
        """The lines and a margin."""
        return QSize(120, self._line() * (2 if self.has_two_lines else 1) + MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Ground and what stands in the cell."""
        style: Any = option  # its stub lacks the fields
        painter.save()
        self._draw_ground(painter, style)
        if index.column() == 0:
            self._draw_row(painter, QRect(style.rect), index)
        else:
            self._draw_cell(painter, QRect(style.rect), index)
        painter.restore()

    def _draw_row(self, painter: QPainter, place: QRect, index: AnyIndex) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row):
            return
        room = place.adjusted(2, MARGIN // 2, -MARGIN, -MARGIN // 2)
        first, second = QRect(room), QRect(room)
        first.setHeight(self._line())
        second.setTop(first.bottom() + 1)
        inset = self._draw_icon(painter, first, row)
        first.setLeft(first.left() + inset)
        second.setLeft(second.left() + inset)
        first.setRight(first.right() - self._draw_mark(painter, first, row.mark))
        font = QFont(self._base.font())
        font.setBold(index.data(KIND_ROLE) in (NodeKind.SESSION, NodeKind.FOLDER))
        self._draw_text(painter, first, row.title, font, "text")
        if self.has_two_lines:
            role = "error" if row.mark is RowMark.PROBLEM else "muted"
            self._draw_text(painter, second, row.detail, self._small(), role)

    def _draw_cell(self, painter: QPainter, place: QRect, index: AnyIndex) -> None:
        text = str(index.data() or "")
        align = index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignVCenter
        font = figures_font(self._base.font(), scale=0.92)
        self._draw_text(painter, place.adjusted(6, 0, -6, 0), text, font, "muted", align)

    def _draw_ground(self, painter: QPainter, style: Any) -> None:
        if style.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(style.rect, self._theme.colour("hover"))
        elif style.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(style.rect, self._theme.colour("raised"))

    def _draw_icon(self, painter: QPainter, line: QRect, row: Row) -> int:
        """Draw it at the left edge; returns how much room it took."""
        if not row.icon:
            return 0
        place = QRect(line.left(), line.top() + (line.height() - ICON) // 2, ICON, ICON)
        role = "accent" if row.mark is RowMark.DERIVED else "muted"
        self._theme.icon(row.icon, role).paint(painter, place)
        return ICON + 6

    def _draw_mark(self, painter: QPainter, room: QRect, mark: RowMark) -> int:
        """Draw the mark at the right edge; returns how much room it took."""
        if mark in (RowMark.NONE, RowMark.DERIVED):
            return 0
        if mark is RowMark.LIVE:
            return self._draw_plate(painter, room)
        place = QRect(room.right() - ICON, room.top() + (room.height() - ICON) // 2, ICON, ICON)
        self._theme.icon(*_MARKS[mark]).paint(painter, place)
        return ICON + MARGIN

    def _draw_plate(self, painter: QPainter, room: QRect) -> int:
        font = figures_font(self._base.font(), scale=0.8, bold=True)
        width = QFontMetrics(font).horizontalAdvance("REC") + 12
        plate = QRect(room.right() - width, room.top() + 1, width, room.height() - 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("record_fill"))
        painter.drawRoundedRect(plate, 4, 4)
        painter.setPen(QPen(self._theme.colour("on_record")))
        painter.setFont(font)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, "REC")
        return width + MARGIN

    def _draw_text(
        self,
        painter: QPainter,
        room: QRect,
        text: str,
        font: QFont,
        role: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    ) -> None:
        painter.setFont(font)
        painter.setPen(QPen(self._theme.colour(role)))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(align), shown)

    def _small(self) -> QFont:
        return figures_font(self._base.font(), scale=0.88)

    def _line(self) -> int:
        return QFontMetrics(self._base.font()).height() + 2
