"""The timeline widget: shows live streams or a recording on one axis of time.

Turns mouse, keys and the display timer into moves of its navigator and tells the result to all parts as one
`TimeFrame`. Reads no ring and no file itself, and never waits.
"""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from studio.app.status import RecorderStatus
from studio.formats.recording import RecordingInfo, StreamRef
from studio.timing import TimeInterval, Timestamp, monotonic_ns
from studio.ui.panels.panel import PLOT_LEFT, Panel
from studio.ui.panels.panel_plan import PanelPlan
from studio.ui.panels.questions import Reader
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.time_ticks import ticks_of
from studio.ui.theme import Theme
from studio.ui.timeline.empty_page import EmptyPage
from studio.ui.timeline.first_plans import first_plans, plan_for
from studio.ui.timeline.live_clock import LiveClock
from studio.ui.timeline.navigator import Navigator
from studio.ui.timeline.panel_stack import PanelStack
from studio.ui.timeline.session import Session
from studio.ui.timeline.session_streams import SessionStreams
from studio.ui.timeline.streams import LiveStreams, NoStreams, Streams
from studio.ui.timeline.time_bar import TimeBar
from studio.ui.timeline.time_mouse import TimeMouse
from studio.ui.timeline.time_view import TimeView

DISPLAY_INTERVAL_MS = 30
"""How often new pictures are looked for; every second time the axis moves and signals are drawn."""
UNFOCUSED_INTERVAL_MS = 100
ZOOM_PER_STEP = 1.25
FAR_STEP = 10
NOTHING_TO_SEE = "Tick a device to see it live, or open a recording."
OPENING = "Opening the devices…"


class Timeline(QWidget):
    """One axis of time, one cursor, one panel per stream."""

    cursor_moved = Signal(object)  # Timestamp
    recordings_changed = Signal()
    plans_changed = Signal()
    noted = Signal(str)  # what a user should know about what is shown

    def __init__(self, theme: Theme, bridge: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._theme = theme
        self._reader = bridge
        self._streams: Streams = NoStreams()
        self._axis: TimeAxis | None = None
        self._frame: TimeFrame | None = None
        self._axis_is_due = True
        self._hover_x: float | None = None
        self._clock = LiveClock()
        self._timer = QTimer(self)
        self._timer.setInterval(DISPLAY_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.navigator = Navigator(self)
        self._mouse = TimeMouse(self)
        self._bar = TimeBar(theme, self)
        self._stack = PanelStack(self)
        self._empty = EmptyPage(theme, self)
        self._content = QWidget(self)
        self._pages = QStackedWidget(self)
        self._lay_out()
        self._listen()

    @property
    def panels(self) -> tuple[Panel, ...]:
        """From top to bottom."""
        return self._streams.panels

    def take_recordings(self, infos: tuple[RecordingInfo, ...]) -> None:
        """The same session has grown, was replaced or got another partition: view, cursor, selection stay."""
        streams, view, extent = self._streams, self.navigator.view, Session(infos).extent
        if not isinstance(streams, SessionStreams) or view is None or extent is None:
            return
        session, before = Session(infos), set(streams.session.paths)
        new = tuple(plan for plan in first_plans(session).plans if plan.streams[0].path not in before)
        streams.close()
        self._streams = SessionStreams(self._theme, self._reader, session, streams.plans + new)
        self._fill_stack()
        self.navigator.take_extent(extent, view.grown(extent.left, extent.right))
        self._show_frame()
        self.recordings_changed.emit()

    @property
    def recordings(self) -> tuple[RecordingInfo, ...]:
        """The partitions shown now; empty while the view is live or there is nothing."""
        return self._streams.session.infos if isinstance(self._streams, SessionStreams) else ()

    @property
    def plans(self) -> tuple[PanelPlan, ...]:
        """Of the panels, from top to bottom; none while the view is live."""
        return self._streams.plans if isinstance(self._streams, SessionStreams) else ()

    @property
    def shown_streams(self) -> tuple[StreamRef, ...]:
        """Every stream that a panel shows, each once."""
        return tuple(dict.fromkeys(ref for plan in self.plans if not plan.hidden for ref in plan.streams))

    def add_stream(self, ref: StreamRef) -> None:
        """Show a panel for this stream of the session, too."""
        streams = self._streams
        if not isinstance(streams, SessionStreams):
            return
        stream = streams.session.stream(ref)
        if stream is not None:
            self.show_plans((*streams.plans, plan_for(ref, stream)))

    def show_plans(self, plans: tuple[PanelPlan, ...]) -> None:
        """Show these panels instead of those before."""
        if isinstance(self._streams, SessionStreams):
            self._streams.close()
            self._streams = SessionStreams(self._theme, self._reader, self._streams.session, plans)
            self._fill_stack()
            self._show_frame()
            self.plans_changed.emit()

    @Slot(object)
    def show_live(self, status: RecorderStatus) -> None:
        """Show the live streams of this status; to be called with every new one."""
        now = monotonic_ns()
        self._clock.take_status(status.time, now)
        if isinstance(self._streams, LiveStreams) and self._streams.takes(status):
            self.navigator.set_origin(status.started_time or self.navigator.origin_time)
            return
        streams = LiveStreams(self._theme, status)
        if not streams.panels:
            self.show_empty(OPENING if status.devices else NOTHING_TO_SEE)
            return
        view = self.navigator.view
        if view is None or not view.is_live:
            view = TimeView.live(self._clock.now(now))
        self._show(streams, view, origin_time=status.started_time or status.time, cursor_time=None)
        self._start_timer()

    @Slot(object)
    def show_recording(self, info: RecordingInfo) -> None:
        """Show a recording, all of it in view, the cursor where every stream has something."""
        self.show_session((info,))

    def show_session(self, infos: tuple[RecordingInfo, ...]) -> None:
        """Show the partitions of a session on one axis."""
        session = Session(infos)
        extent = session.extent
        if extent is None:
            self.show_empty(f"“{session.name}” holds no data.")
            return
        first = first_plans(session)
        self._show(
            SessionStreams(self._theme, self._reader, session, first.plans),
            TimeView.of_recording(extent.left, extent.right),
            origin_time=extent.left,
            cursor_time=session.cursor_time,
            extent=extent,
        )
        if first.word:
            self.noted.emit(first.word)

    @Slot()
    def show_empty(self, text: str = NOTHING_TO_SEE) -> None:
        """Show nothing but a hint what to do."""
        self._show(NoStreams(), None, origin_time=0, cursor_time=None)
        self._empty.show_text(text)
        self._pages.setCurrentWidget(self._empty)

    def close_streams(self) -> None:
        """Let go of rings and questions, before the window ends. Idempotent."""
        self.show_empty()

    def _show(
        self,
        streams: Streams,
        view: TimeView | None,
        *,
        origin_time: Timestamp,
        cursor_time: Timestamp | None,
        extent: TimeInterval | None = None,
    ) -> None:
        had_recordings = bool(self.recordings)
        self._timer.stop()
        self._streams.close()
        self._streams = streams
        self._hover_x = None
        self._fill_stack()
        self.navigator.begin(view, origin_time=origin_time, cursor_time=cursor_time, extent=extent)
        self._pages.setCurrentWidget(self._content)
        self._show_frame()
        if had_recordings or self.recordings:
            self.recordings_changed.emit()

    def _fill_stack(self) -> None:
        self._stack.show_panels(self._streams.panels)
        for panel in self._streams.panels:
            self._mouse.watch(panel.plot)

    # Parts ----------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._stack, 1)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self._empty.show_text(NOTHING_TO_SEE)

    def _listen(self) -> None:
        self.navigator.changed.connect(self._on_navigator_changed)
        self.navigator.cursor_moved.connect(self.cursor_moved)
        self._mouse.watch(self._bar.ruler)
        self._mouse.hovered.connect(self._on_mouse_hovered)
        self._mouse.clicked.connect(self._on_mouse_clicked)
        self._mouse.left.connect(self._on_mouse_left)
        self._mouse.dragged.connect(self._on_mouse_dragged)
        self._mouse.wheel_turned.connect(self._on_mouse_wheel_turned)
        self._mouse.scrolled.connect(self.navigator.pan_steps)
        self._mouse.double_clicked.connect(self._on_mouse_double_clicked)
        self._bar.follow_requested.connect(self.navigator.follow_live)
        self._bar.whole_requested.connect(self.navigator.zoom_session)
        self._stack.viewport().installEventFilter(self)

    # Drawing --------------------------------------------------------------------------------------------

    def _frame_of(self, view: TimeView) -> TimeFrame:
        width = max(1, self._stack.viewport().width() - PLOT_LEFT)
        ratio = self.devicePixelRatioF()
        if view.is_live:
            axis = TimeAxis.on_grid(view.right, view.span, width, max(1, round(width * ratio)))
        else:
            axis = TimeAxis(view.left, view.right, width)
        self._axis = axis
        cursor = self.navigator.cursor_time
        if view.is_live:
            # The line stays under the pointer while time runs below it.
            cursor = None if self._hover_x is None else axis.time_at(self._hover_x)
        origin = self.navigator.origin_time
        return TimeFrame(axis, origin, ticks_of(axis, origin), cursor, ratio)

    @Slot()
    def _on_navigator_changed(self) -> None:
        if not self._timer.isActive():
            self._show_frame()

    def _show_frame(self) -> None:
        view = self.navigator.view
        if view is not None:
            frame = self._frame = self._frame_of(view)
            self._bar.show_view(view, frame)
            self._streams.show_frame(frame)

    def _start_timer(self) -> None:
        if self.isVisible() and isinstance(self._streams, LiveStreams):
            self._timer.start()

    @Slot()
    def _on_timer_timeout(self) -> None:
        window = self.window()
        if window.isMinimized():
            return
        wanted = DISPLAY_INTERVAL_MS if window.isActiveWindow() else UNFOCUSED_INTERVAL_MS
        if self._timer.interval() != wanted:
            self._timer.setInterval(wanted)
        self._axis_is_due = not self._axis_is_due or wanted != DISPLAY_INTERVAL_MS
        if self._axis_is_due:
            self.navigator.advance(self._clock.now(monotonic_ns()))
            self._show_frame()
        elif isinstance(self._streams, LiveStreams) and self._frame is not None:
            self._streams.pull_pictures(self._frame)

    # Mouse and keys -------------------------------------------------------------------------------------

    @Slot(float)
    def _on_mouse_hovered(self, x: float) -> None:
        self._hover_x = x
        if not self.navigator.playing:
            self._put_cursor(x)

    @Slot(float)
    def _on_mouse_clicked(self, x: float) -> None:
        self._put_cursor(x)

    def _put_cursor(self, x: float) -> None:
        if self._axis is not None:
            self.navigator.set_cursor(self._axis.time_at(min(max(x, 0.0), self._axis.width)))

    @Slot()
    def _on_mouse_left(self) -> None:
        self._hover_x = None
        if self.navigator.view is not None and self.navigator.view.is_live:
            self.navigator.set_cursor(None)

    @Slot(float)
    def _on_mouse_dragged(self, pixels: float) -> None:
        if self._axis is not None:
            self.navigator.pan(-self._axis.duration_of(pixels))

    @Slot(float, float)
    def _on_mouse_wheel_turned(self, steps: float, x: float) -> None:
        if self._axis is not None:
            self.navigator.zoom(ZOOM_PER_STEP**-steps, self._axis.time_at(x))

    @Slot(object)
    def _on_mouse_double_clicked(self, widget: QWidget) -> None:
        if isinstance(widget, SignalPlot):
            widget.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Home, End, plus, minus, 0, space and arrows (with Ctrl ten times as far)."""
        moves = {
            Qt.Key.Key_Home: self.navigator.go_home,
            Qt.Key.Key_End: self.navigator.go_end,
            Qt.Key.Key_Plus: self.navigator.zoom_in,
            Qt.Key.Key_Equal: self.navigator.zoom_in,
            Qt.Key.Key_Minus: self.navigator.zoom_out,
            Qt.Key.Key_0: self.navigator.zoom_session,
            Qt.Key.Key_Space: self.navigator.hold_or_follow,
        }
        far = FAR_STEP if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 1
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step_cursor(far if event.key() == Qt.Key.Key_Right else -far)
        elif event.key() in moves:
            moves[Qt.Key(event.key())]()
        else:
            super().keyPressEvent(event)

    def _step_cursor(self, pixels: int) -> None:
        cursor = self.navigator.cursor_time
        if self._axis is not None and cursor is not None:
            self.navigator.move_cursor(cursor + self._axis.duration_of(pixels))

    # Life -----------------------------------------------------------------------------------------------

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """A scroll bar that comes or goes changes the width of the axis."""
        if event.type() == QEvent.Type.Resize:
            self._show_frame()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """The axis becomes wider or narrower."""
        super().resizeEvent(event)
        self._show_frame()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Live views move only while they can be seen."""
        super().showEvent(event)
        self._start_timer()
        self._show_frame()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """See showEvent."""
        super().hideEvent(event)
        self._timer.stop()
