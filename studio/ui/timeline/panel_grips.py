"""What can be taken hold of at a panel: the bottom edge, which makes it higher, the header, which moves it.

They tell what is done and change nothing themselves.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
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

    def _bottom_at(self, event: QMouseEvent) -> int:
        """Where the pointer is, from the top of the panel."""
        return self.mapToParent(event.position().toPoint()).y() - self._panel.y()


class HeaderGrip(QObject):
    """Watches the header of a panel for a drag up or down."""

    pressed = Signal(object)  # Panel
    moved = Signal(int)  # height in the column
    released = Signal(object, int)  # Panel, height in the column

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
            distance = abs((position - self._pressed).y())
            self._dragging = self._dragging or distance >= QApplication.startDragDistance()
            if self._dragging:
                self.moved.emit(self._y(position))
        elif event.type() == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            was_dragging, self._dragging, self._pressed = self._dragging, False, None
            if was_dragging:
                self.released.emit(self._panel, self._y(position))
        return False

    def _y(self, position: QPoint) -> int:
        return self._panel.header.mapTo(self._column, position).y()
