"""Turns what the mouse does over plots and ruler into moves of the navigator.

Over a plot a drag pans, over the ruler it moves the cursor. With Shift a drag selects, and clicks of the left
and right button set the ends; an end of the selection can be dragged anywhere, and is put on what it comes
near to, unless Alt is held. With Ctrl all is left to the widget below.
"""

from collections.abc import Callable, Collection
from enum import Enum, auto

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from studio.timing import Duration, TimeInterval, Timestamp
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.timeline.navigator import Navigator

CLICK_PIXELS = 4.0
"""A button that is let go no further from where it was pressed was a click."""
GRIP_PIXELS = 4.0
"""So near to an end of the selection it can be taken."""
SNAP_PIXELS = 6.0
"""So near to an edge an end of the selection is put on it."""
WHEEL_UNIT = 120
"""What Qt calls one step of a wheel."""
ZOOM_PER_STEP = 1.25
EDGE_PUSH = 0.2
"""Of the pixels that a selecting pointer is beyond the edge: so far the view moves with each of its moves."""


EdgeNear = Callable[[Timestamp, Duration], Timestamp | None]
"""The edge nearest to a time and no further from it than that."""


class Drag(Enum):
    """What a pressed left button does when it moves."""

    NOTHING = auto()
    PAN = auto()
    SCRUB = auto()
    SELECT = auto()


class TimeMouse(QObject):
    """Watches widgets whose left edge is the left end of the time axis."""

    double_clicked = Signal(object)  # the widget
    cursor_wanted = Signal(object)  # Timestamp, where the pointer is

    axis: TimeAxis | None
    """What the widgets show now."""
    hover_x: float | None
    """Where the pointer is; None: elsewhere."""
    edge_near: EdgeNear | None
    """Knows what ends of the selection are put on; None: nothing."""
    cursor_follows: bool
    """Whether the cursor follows the pointer, or waits for a click."""

    def __init__(self, navigator: Navigator, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._navigator = navigator
        self._rulers: set[QObject] = set()
        self._timeless: Collection[QObject] = ()
        self._drag = Drag.NOTHING
        self._pressed_x = self._last_x = 0.0
        self._is_click = False
        self._anchor_time: Timestamp = 0
        self._is_free = False
        """Alt is held: ends of the selection stand where the pointer is."""
        self.axis, self.hover_x, self.cursor_follows = None, None, True
        self.edge_near = None

    def watch(self, widget: QWidget, *, is_ruler: bool = False) -> None:
        """Listen to this widget from now on."""
        widget.installEventFilter(self)
        if is_ruler:
            self._rulers.add(widget)

    def set_timeless(self, widgets: Collection[QObject]) -> None:
        """Over these the pointer stands at no time: the wheel zooms about the cursor, and that is all."""
        self._timeless = widgets

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Mouse and wheel over the watched widgets."""
        if isinstance(event, QWheelEvent):
            return self._on_wheel(watched, event)
        if watched in self._timeless:
            return False
        if isinstance(event, QMouseEvent):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                return False
            self._is_free = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            return self._on_mouse(watched, event)
        if event.type() == QEvent.Type.Leave and self._drag is Drag.NOTHING:
            self._leave()
        return False

    def _leave(self) -> None:
        self.hover_x = None
        view = self._navigator.view
        if view is not None and view.is_live:
            self._navigator.set_cursor(None)

    def _on_wheel(self, watched: QObject, event: QWheelEvent) -> bool:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        across, along = event.angleDelta().x() / WHEEL_UNIT, event.angleDelta().y() / WHEEL_UNIT
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            across, along = across + along, 0.0
        if abs(across) > abs(along):
            self._navigator.pan_steps(-across)
        elif along and self.axis is not None:
            cursor = self._navigator.cursor_time if watched in self._timeless else None
            x = self.axis.width if watched in self._timeless else event.position().x()
            self._navigator.zoom(ZOOM_PER_STEP**-along, self.axis.time_at(x) if cursor is None else cursor)
        return True

    def _on_mouse(self, watched: QObject, event: QMouseEvent) -> bool:
        kind, x = event.type(), event.position().x()
        if kind == QEvent.Type.MouseMove:
            self._on_move(watched, x)
        elif kind == QEvent.Type.MouseButtonPress:
            return self._on_press(watched, event, x)
        elif kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
            self._on_release(x)
        elif kind == QEvent.Type.MouseButtonDblClick and event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit(watched)
        return False

    def _on_press(self, watched: QObject, event: QMouseEvent, x: float) -> bool:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() == Qt.MouseButton.RightButton and shift:
            if self.axis is not None:
                self._navigator.select_to(self._end_at(x))
            return True
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        self._pressed_x = self._last_x = x
        self._is_click = True
        other_end = self._other_end(x)
        if shift:
            self._drag, self._anchor_time = Drag.SELECT, self._end_at(x)
        elif other_end is not None:
            self._drag, self._anchor_time, self._is_click = Drag.SELECT, other_end, False
        elif watched in self._rulers:
            self._drag = Drag.SCRUB
            self._put_cursor(x)
        else:
            self._drag = Drag.PAN
        return False

    def _on_move(self, watched: QObject, x: float) -> None:
        self.hover_x = x
        if self._is_click and abs(x - self._pressed_x) > CLICK_PIXELS:
            self._is_click = False
        if self._drag is Drag.SELECT and not self._is_click:
            self._select(x)
        elif self._drag is Drag.PAN and self.axis is not None:
            self._navigator.pan(-self.axis.duration_of(x - self._last_x))
        elif self._drag is Drag.NOTHING and isinstance(watched, QWidget):
            self._show_grip(watched, self._other_end(x) is not None)
        self._last_x = x
        if self._drag is Drag.SCRUB or (self.cursor_follows and not self._navigator.playing):
            self._put_cursor(x)

    def _on_release(self, x: float) -> None:
        drag, self._drag = self._drag, Drag.NOTHING
        if self._is_click and drag is Drag.SELECT:
            self._navigator.select_from(self._end_at(x))
        elif self._is_click and drag is Drag.PAN:
            self._put_cursor(x)

    def _select(self, x: float) -> None:
        if self.axis is None:
            return
        beyond = min(x, 0.0) + max(x - self.axis.width, 0.0)
        if beyond:
            self._navigator.pan(self.axis.duration_of(beyond * EDGE_PUSH))
        time = self._end_at(x)
        self._navigator.set_selection(
            TimeInterval(min(time, self._anchor_time), max(time, self._anchor_time))
        )

    def _put_cursor(self, x: float) -> None:
        if self.axis is not None:
            self.cursor_wanted.emit(self._time_at(x))

    def _end_at(self, x: float) -> Timestamp:
        """Where an end of the selection is put: on an edge the pointer is near to, else at the pointer."""
        time = self._time_at(x)
        if self.axis is None or self.edge_near is None or self._is_free:
            return time
        edge = self.edge_near(time, self.axis.duration_of(SNAP_PIXELS))
        return time if edge is None else edge

    def _time_at(self, x: float) -> Timestamp:
        """The time under the pointer, in view and inside the recording."""
        if self.axis is None:
            return 0
        time, extent = self.axis.time_at(min(max(x, 0.0), self.axis.width)), self._navigator.extent
        if extent is None or self._drag is not Drag.SELECT:
            return time
        return min(max(time, extent.left), extent.right)

    def _other_end(self, x: float) -> Timestamp | None:
        """The end that stays while the one at this pixel is dragged; None: there is none."""
        selection = self._navigator.selection
        if selection is None or self.axis is None:
            return None
        to_left, to_right = (abs(self.axis.x_of(t) - x) for t in (selection.left, selection.right))
        if min(to_left, to_right) > GRIP_PIXELS:
            return None
        return selection.right if to_left < to_right else selection.left

    def _show_grip(self, widget: QWidget, is_near: bool) -> None:
        shape = Qt.CursorShape.SplitHCursor if is_near else Qt.CursorShape.CrossCursor
        if widget.cursor().shape() != shape:
            widget.setCursor(shape)
