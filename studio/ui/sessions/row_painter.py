"""Draws a line of the recordings list: title and mark, and below it the facts."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.ui.sessions.session_rows import RowMark
from studio.ui.theme import Theme, figures_font

DETAIL_ROLE = Qt.ItemDataRole.UserRole + 1
MARK_ROLE = Qt.ItemDataRole.UserRole + 2
MARGIN = 8
ICON = 16
_ICONS = {RowMark.WARNING: "warning", RowMark.PROBLEM: "error"}

AnyIndex = QModelIndex | QPersistentModelIndex


class RowPainter(QStyledItemDelegate):
    """Two lines of text for a recording, and for a stream of it."""

    def __init__(self, theme: Theme, base: QWidget) -> None:
        super().__init__(base)
        self._theme = theme
        self._base = base

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:  # noqa: N802 (Qt's name)
        """Two lines and a margin."""
        return QSize(120, self._line() * 2 + MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Ground, title, mark, facts."""
        style: Any = option  # its stub lacks the fields
        painter.save()
        self._draw_ground(painter, style)
        room = QRect(style.rect).adjusted(4, MARGIN // 2, -MARGIN, -MARGIN // 2)
        first, second = QRect(room), QRect(room)
        first.setHeight(self._line())
        second.setTop(first.bottom() + 1)
        mark = RowMark(index.data(MARK_ROLE) or "")
        first.setRight(first.right() - self._draw_mark(painter, first, mark))
        self._draw_title(painter, first, index)
        role = "error" if mark is RowMark.PROBLEM else "muted"
        self._draw_text(painter, second, str(index.data(DETAIL_ROLE) or ""), self._small(), role)
        painter.restore()

    def _draw_ground(self, painter: QPainter, style: Any) -> None:
        if style.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(style.rect, self._theme.colour("hover"))
        elif style.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(style.rect, self._theme.colour("raised"))

    def _draw_title(self, painter: QPainter, room: QRect, index: AnyIndex) -> None:
        font = QFont(self._base.font())
        font.setBold(not index.parent().isValid())
        self._draw_text(painter, room, str(index.data() or ""), font, "text")

    def _draw_mark(self, painter: QPainter, room: QRect, mark: RowMark) -> int:
        """Draw the mark at the right edge; returns how much room it took."""
        if mark is RowMark.NONE:
            return 0
        if mark is not RowMark.LIVE:
            place = QRect(room.right() - ICON, room.top() + (room.height() - ICON) // 2, ICON, ICON)
            self._theme.icon(_ICONS[mark], _ICONS[mark]).paint(painter, place)
            return ICON + MARGIN
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

    def _draw_text(self, painter: QPainter, room: QRect, text: str, font: QFont, role: str) -> None:
        painter.setFont(font)
        painter.setPen(QPen(self._theme.colour(role)))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _small(self) -> QFont:
        return figures_font(self._base.font(), scale=0.88)

    def _line(self) -> int:
        return QFontMetrics(self._base.font()).height() + 2
