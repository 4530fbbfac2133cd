"""Turns what the mouse does over plots and ruler into moves of time, in pixels of the time axis."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

CLICK_PIXELS = 4.0
"""A button that is let go no further from where it was pressed was a click."""
WHEEL_UNIT = 120
"""What Qt calls one step of a wheel."""


class TimeMouse(QObject):
    """Watches widgets whose left edge is the left end of the time axis."""

    hovered = Signal(float)  # x
    clicked = Signal(float)  # x
    left = Signal()
    dragged = Signal(float)  # pixels to the right since the last
    wheel_turned = Signal(float, float)  # steps away from the user, x
    scrolled = Signal(float)  # steps to the right: a tilted wheel, or one turned with Shift
    double_clicked = Signal(object)  # the widget

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pressed_x: float | None = None
        self._click_x: float | None = None

    def watch(self, widget: QWidget) -> None:
        """Listen to this widget from now on."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Mouse and wheel over the watched widgets."""
        if isinstance(event, QWheelEvent):
            return self._on_wheel(event)
        if isinstance(event, QMouseEvent):
            return self._on_mouse(watched, event)
        if event.type() == QEvent.Type.Leave and self._pressed_x is None:
            self.left.emit()
        return False

    def _on_wheel(self, event: QWheelEvent) -> bool:
        across, along = event.angleDelta().x() / WHEEL_UNIT, event.angleDelta().y() / WHEEL_UNIT
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            across, along = across + along, 0.0
        if abs(across) > abs(along):
            self.scrolled.emit(-across)
        elif along:
            self.wheel_turned.emit(along, event.position().x())
        return True

    def _on_mouse(self, watched: QObject, event: QMouseEvent) -> bool:
        kind, x = event.type(), event.position().x()
        if kind == QEvent.Type.MouseMove:
            if self._pressed_x is not None:
                self.dragged.emit(x - self._pressed_x)
                self._pressed_x = x
                if self._click_x is not None and abs(x - self._click_x) > CLICK_PIXELS:
                    self._click_x = None
            self.hovered.emit(x)
        elif kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._pressed_x = self._click_x = x
        elif kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
            self._pressed_x = None
            if self._click_x is not None:
                self.clicked.emit(x)
        elif kind == QEvent.Type.MouseButtonDblClick:
            self.double_clicked.emit(watched)
        return False
