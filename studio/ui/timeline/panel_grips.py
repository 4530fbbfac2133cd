"""What can be taken hold of at a panel: the bottom edge, which makes it higher, the side, which makes it
wider, the header, which moves it.

They tell what is done and change nothing themselves.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from studio.ui.panels.panel import Panel


class BottomEdge(QWidget):
    """The few pixels below a panel."""

    dragged = Signal(object, int)  # Panel, the height it would have
    released = Signal(object, int)
    reset = Signal(object)  # Panel: as high as it likes

    def __init__(self, panel: Panel, parent: QWidget) -> None:
        super().__init__(parent)
        self._panel = panel
        self._offset: int | None = None
        self._height = 0
        """What it was dragged to; 0: not dragged."""
        self.setCursor(Qt.CursorShape.SplitVCursor)
        self.setToolTip("Drag to make the panel higher or lower; double-click: as high as it likes")

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """The edge is taken."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._height = 0
            self._offset = self._bottom_at(event) - self._panel.height()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """The edge is dragged."""
        if self._offset is not None:
            self._height = max(self._panel.minimumHeight(), self._bottom_at(event) - self._offset)
            self.dragged.emit(self._panel, self._height)

    def mouseReleaseEvent(self, _: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """The edge is let go."""
        self._offset = None
        if self._height:
            self.released.emit(self._panel, self._height)
            self._height = 0

    def mouseDoubleClickEvent(self, _: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """The height the kind likes."""
        self._height, self._offset = 0, None
        self.reset.emit(self._panel)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 (Qt's name)
        """The menu of the panel: nobody aims past four pixels with the right button."""
        self._panel.contextMenuEvent(event)

    def _bottom_at(self, event: QMouseEvent) -> int:
        """Where the pointer is, from the top of the panel."""
        return self.mapToParent(event.position().toPoint()).y() - self._panel.y()


class SideEdge(QWidget):
    """The few pixels between a panel and the one at its right."""

    dragged = Signal(object, int)  # Panel at the left, pixels to the right of where the edge was taken
    released = Signal(object, int)
    reset = Signal(object)  # Panel: all of its row equally wide

    def __init__(self, panel: Panel, parent: QWidget) -> None:
        super().__init__(parent)
        self._panel = panel
        self._taken: int | None = None
        self._by = 0
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setToolTip("Drag to make the panels wider or narrower; double-click: all equally wide")

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """The edge is taken."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._taken, self._by = self._x(event), 0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """The edge is dragged."""
        if self._taken is not None:
            self._by = self._x(event) - self._taken
            self.dragged.emit(self._panel, self._by)

    def mouseReleaseEvent(self, _: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """The edge is let go."""
        by, self._by, self._taken = self._by, 0, None
        if by:
            self.released.emit(self._panel, by)

    def mouseDoubleClickEvent(self, _: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """All panels of the row equally wide."""
        self._by, self._taken = 0, None
        self.reset.emit(self._panel)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 (Qt's name)
        """The menu of the panel: nobody aims past four pixels with the right button."""
        self._panel.contextMenuEvent(event)

    def _x(self, event: QMouseEvent) -> int:
        """Where the pointer is in the column: the edge itself moves with it."""
        return self.mapToParent(event.position().toPoint()).x()


class HeaderGrip(QObject):
    """Watches the header of a panel for a drag."""

    pressed = Signal(object)  # Panel
    moved = Signal(object, object)  # Panel, QPoint of the column
    released = Signal(object, object)  # Panel, QPoint of the column

    def __init__(self, panel: Panel, column: QWidget) -> None:
        super().__init__(column)
        self._panel, self._column = panel, column
        self._pressed: QPoint | None = None
        self._dragging = False
        panel.header.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Mouse over the header."""
        if not isinstance(event, QMouseEvent):
            return False
        position = event.position().toPoint()
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = position
            self.pressed.emit(self._panel)
        elif event.type() == QEvent.Type.MouseMove and self._pressed is not None:
            distance = (position - self._pressed).manhattanLength()
            self._dragging = self._dragging or distance >= QApplication.startDragDistance()
            if self._dragging:
                self.moved.emit(self._panel, self._in_column(position))
        elif event.type() == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            was_dragging, self._dragging, self._pressed = self._dragging, False, None
            if was_dragging:
                self.released.emit(self._panel, self._in_column(position))
        return False

    def _in_column(self, position: QPoint) -> QPoint:
        return self._panel.header.mapTo(self._column, position)
