"""What part of time is in view, what is selected and where the cursor stands, and all moves of these.

Draws nothing. The moves are slots, so that keys, buttons and actions of the window can be connected to them.
"""

from PySide6.QtCore import QObject, Signal, Slot

from studio.timing import TimeInterval, Timestamp
from studio.ui.timeline import selection
from studio.ui.timeline.time_view import TimeView

PAN_PER_STEP = 0.1
"""Of the view."""
PLAYED_PLACE = 0.1
"""Of the view: where the cursor stands after playback has left the view and the view came along."""
SELECTION_ROOM = 1.2
"""A view of the selection is that much wider, so that its ends can be seen and dragged."""


class Navigator(QObject):
    """The state of the time axis. Without a view all moves do nothing."""

    changed = Signal()
    cursor_moved = Signal(object)  # Timestamp; by the user
    selection_changed = Signal()
    selection_clamped = Signal(str)  # what was done to a selection that lay outside, in people's words

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view: TimeView | None = None
        self._cursor_time: Timestamp | None = None
        self._origin_time: Timestamp = 0
        self._extent: TimeInterval | None = None
        self._selection: TimeInterval | None = None
        self.playing = False
        """Set by playback: the cursor then follows what is played and not the mouse."""

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

    @property
    def extent(self) -> TimeInterval | None:
        """From the first to the last message of what is shown; None: live, or nothing."""
        return self._extent

    @property
    def selection(self) -> TimeInterval | None:
        """What is selected; None: nothing."""
        return self._selection

    def begin(
        self,
        view: TimeView | None,
        *,
        origin_time: Timestamp,
        cursor_time: Timestamp | None,
        extent: TimeInterval | None = None,
    ) -> None:
        """Show something else, nothing selected. View and cursor are not told, since all is drawn anew."""
        self._view, self._origin_time, self._cursor_time = view, origin_time, cursor_time
        self._extent = extent
        if self._selection is not None:
            self._selection = None
            self.selection_changed.emit()

    def take_extent(self, extent: TimeInterval, view: TimeView) -> None:
        """The recording has grown, or was replaced by another: what is selected stays as far as it can."""
        self._extent = extent
        self.move(view)
        if self._selection is not None:
            self.set_selection(self._selection)

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

    def play_to(self, time: Timestamp) -> None:
        """Playback has come to `time`: the cursor stands there, in view; `cursor_moved` is not told."""
        if self._view is None or time == self._cursor_time:
            return
        self._cursor_time = time
        if not self._view.left <= time <= self._view.right:
            wanted = time - round(PLAYED_PLACE * self._view.span)
            self._view = self._view.panned(wanted - self._view.left)
        self.changed.emit()

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

    # Selection ------------------------------------------------------------------------------------------

    def set_selection(self, interval: TimeInterval | None) -> None:
        """Select this, cut to what there is; None: nothing."""
        if interval is not None:
            if self._extent is None:
                return
            done = selection.clamped(interval, self._extent)
            interval = done.interval
            if done.word:
                self.selection_clamped.emit(done.word)
        if interval != self._selection:
            self._selection = interval
            self.selection_changed.emit()
            self.changed.emit()

    @Slot()
    def clear_selection(self) -> None:
        """Select nothing."""
        self.set_selection(None)

    def select_from(self, time: Timestamp) -> None:
        """The selection begins at `time`."""
        if self._extent is not None:
            self.set_selection(selection.with_start(self._selection, time, self._extent))

    def select_to(self, time: Timestamp) -> None:
        """The selection ends at `time`."""
        if self._extent is not None:
            self.set_selection(selection.with_end(self._selection, time, self._extent))

    @Slot()
    def select_from_cursor(self) -> None:
        """The selection begins at the cursor."""
        if self._cursor_time is not None:
            self.select_from(self._cursor_time)

    @Slot()
    def select_to_cursor(self) -> None:
        """The selection ends at the cursor."""
        if self._cursor_time is not None:
            self.select_to(self._cursor_time)

    def shift_selection(self, steps: int) -> None:
        """Later by so many of its own lengths; the view comes along when it leaves."""
        if self._selection is not None and self._extent is not None:
            self.set_selection(selection.shifted(self._selection, steps, self._extent))
            if self._view is not None:
                self.move(self._view.showing_all(self._selection.left, self._selection.right))

    @Slot()
    def cursor_to_selection_start(self) -> None:
        """The cursor to the beginning of the selection."""
        if self._selection is not None:
            self.move_cursor(self._selection.left)

    @Slot()
    def cursor_to_selection_end(self) -> None:
        """The cursor to the end of the selection."""
        if self._selection is not None:
            self.move_cursor(self._selection.right)

    @Slot()
    def zoom_selection(self) -> None:
        """The selection and a tenth of it on both sides."""
        if self._selection is not None:
            self.zoom_to(self._selection)

    def zoom_to(self, interval: TimeInterval) -> None:
        """This stretch of time, and a tenth of it on both sides."""
        if self._view is not None:
            self.move(self._view.around(interval.left, interval.right, SELECTION_ROOM))

    def _zoom_about_cursor(self, factor: float) -> None:
        if self._view is None:
            return
        left, right, cursor = self._view.left, self._view.right, self._cursor_time
        inside = cursor is not None and left <= cursor <= right
        self.zoom(factor, cursor if inside and cursor is not None else (left + right) // 2)
