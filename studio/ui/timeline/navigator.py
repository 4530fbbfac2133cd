"""What part of time is in view and where the cursor stands, and all moves of both. Draws nothing.

The moves are slots, so that keys, buttons and actions of the window can be connected to them.
"""

from PySide6.QtCore import QObject, Signal, Slot

from studio.timing import Timestamp
from studio.ui.timeline.time_view import TimeView

PAN_PER_STEP = 0.1
"""Of the view."""


class Navigator(QObject):
    """The state of the time axis. Without a view all moves do nothing."""

    changed = Signal()
    cursor_moved = Signal(object)  # Timestamp

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view: TimeView | None = None
        self._cursor_time: Timestamp | None = None
        self._origin_time: Timestamp = 0

    @property
    def view(self) -> TimeView | None:
        """None: nothing is shown."""
        return self._view

    @property
    def cursor_time(self) -> Timestamp | None:
        """None: nowhere (live, the pointer is elsewhere)."""
        return self._cursor_time

    @property
    def origin_time(self) -> Timestamp:
        """Where elapsed time begins."""
        return self._origin_time

    def begin(self, view: TimeView | None, *, origin_time: Timestamp, cursor_time: Timestamp | None) -> None:
        """Show something else; tells nobody, since everything is drawn anew anyway."""
        self._view, self._origin_time, self._cursor_time = view, origin_time, cursor_time

    def set_origin(self, origin_time: Timestamp) -> None:
        """Elapsed time begins there."""
        self._origin_time = origin_time

    def advance(self, now: Timestamp) -> None:
        """Live: time has passed; tells nobody, since the timer that calls draws, too."""
        if self._view is not None:
            self._view = self._view.advanced(now)

    def move(self, view: TimeView) -> None:
        """Show this part of time."""
        if view != self._view:
            self._view = view
            self.changed.emit()

    def set_cursor(self, time: Timestamp | None) -> None:
        """Put the cursor there, whether that is in view or not."""
        if time != self._cursor_time:
            self._cursor_time = time
            self.changed.emit()
            if time is not None:
                self.cursor_moved.emit(time)

    def move_cursor(self, time: Timestamp) -> None:
        """Put the cursor there and bring it into view."""
        if self._view is not None:
            time = max(self._view.first, min(time, self._view.last))
            self.move(self._view.showing(time))
            self.set_cursor(time)

    def zoom(self, factor: float, about: Timestamp) -> None:
        """`factor` times as much time in view, `about` keeps its place."""
        if self._view is not None:
            self.move(self._view.zoomed(factor, about))

    def pan(self, duration: int) -> None:
        """Later by `duration` ns."""
        if self._view is not None:
            self.move(self._view.panned(duration))

    @Slot(float)
    def pan_steps(self, steps: float) -> None:
        """Later by tenths of the view."""
        if self._view is not None:
            self.pan(round(steps * PAN_PER_STEP * self._view.span))

    @Slot()
    def zoom_in(self) -> None:
        """Half as much time, about the cursor."""
        self._zoom_about_cursor(0.5)

    @Slot()
    def zoom_out(self) -> None:
        """Twice as much time."""
        self._zoom_about_cursor(2.0)

    @Slot()
    def zoom_session(self) -> None:
        """All of the recording; live: all that is kept."""
        if self._view is not None:
            self.move(self._view.whole())

    @Slot()
    def go_home(self) -> None:
        """To the beginning."""
        if self._view is not None:
            self.pan(self._view.first - self._view.left)
            if not self._view.is_live:
                self.set_cursor(self._origin_time)

    @Slot()
    def go_end(self) -> None:
        """To the end; live: follow the newest."""
        if self._view is not None and self._view.is_live:
            self.follow_live()
        elif self._view is not None:
            self.pan(self._view.last - self._view.right)
            self.set_cursor(self._view.last)

    @Slot()
    def follow_live(self) -> None:
        """Live: back to the newest."""
        if self._view is not None and self._view.is_live:
            self.move(self._view.followed())

    @Slot()
    def hold_or_follow(self) -> None:
        """Live: hold what is in view, or go on following."""
        if self._view is not None and self._view.is_live:
            self.move(self._view.held() if self._view.following else self._view.followed())

    def _zoom_about_cursor(self, factor: float) -> None:
        if self._view is None:
            return
        left, right, cursor = self._view.left, self._view.right, self._cursor_time
        inside = cursor is not None and left <= cursor <= right
        self.zoom(factor, cursor if inside and cursor is not None else (left + right) // 2)
