"""The timeline widget: shows live streams or a session on one axis of time.

Turns keys and the display timer into moves of its navigator and tells the result to all parts as one
`TimeFrame`. Reads no ring and no file itself, and never waits.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from studio.app.status import RecorderStatus
from studio.formats.recording import RecordingInfo, StreamRef
from studio.timing import TimeInterval, Timestamp, monotonic_ns
from studio.ui.panels.panel import Panel
from studio.ui.panels.panel_plan import PanelPlan
from studio.ui.panels.questions import Reader
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.spectrogram_plot import SpectrogramPlot
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme
from studio.ui.timeline.arrangement import Arrangement
from studio.ui.timeline.cursor_moves import CursorMoves
from studio.ui.timeline.empty_page import EmptyPage
from studio.ui.timeline.first_plans import MOST_PANELS, first_plans, plans_of_new
from studio.ui.timeline.frames import Frames
from studio.ui.timeline.live_arrangement import LiveArrangement
from studio.ui.timeline.live_clock import LiveClock
from studio.ui.timeline.live_pulse import LivePulse
from studio.ui.timeline.navigator import Navigator
from studio.ui.timeline.panel_gestures import PanelGestures
from studio.ui.timeline.selection_bar import SelectionBar
from studio.ui.timeline.session import Session
from studio.ui.timeline.session_streams import SessionStreams
from studio.ui.timeline.streams import LiveStreams, NoStreams, Streams
from studio.ui.timeline.time_mouse import TimeMouse
from studio.ui.timeline.time_view import TimeView
from studio.ui.timeline.timeline_keys import TimelineKeys
from studio.ui.timeline.timeline_page import TimelinePage
from studio.ui.timeline.timing import Timing, TimingMode

NOTHING_TO_SEE = "Tick a device to see it live, or open a recording."
OPENING = "Opening the devices…"

LayoutSource = Callable[[Session], tuple[PanelPlan, ...] | None]


class Timeline(QWidget):
    """One axis of time, one cursor, one panel per stream."""

    cursor_moved = Signal(object)  # Timestamp
    recordings_changed = Signal()
    plans_changed = Signal()
    timing_changed = Signal()
    menu_opening = Signal(object, object)  # StoredPanel, QMenu that is about to be shown
    noted = Signal(str)  # what a user should know about what is shown
    streams_dropped = Signal(object)  # tuple[StreamRef, ...] of a session that is not on screen

    def __init__(self, theme: Theme, bridge: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._theme = theme
        self.reader = bridge
        self._streams: Streams = NoStreams()
        self._frame: TimeFrame | None = None  # what is shown now
        self._clock = LiveClock()
        self._layout_source: LayoutSource | None = None
        self._pulse = LivePulse(self)
        self.navigator = Navigator(self)
        self._frames = Frames(self.navigator)
        self.cursor_moves = CursorMoves(self.navigator, bridge, self)
        self.arrangement = Arrangement(self, self)
        self.live_arrangement = LiveArrangement(self)
        self._mouse = TimeMouse(self.navigator, self)
        self.page = TimelinePage(theme, self.navigator, bridge, self)
        self._stack = self.page.stack
        arranging = self.arrangement, self.live_arrangement
        self._gestures = PanelGestures(self._stack, *arranging, self.cursor_moves)
        self._empty = EmptyPage(theme, self)
        self._pages = QStackedWidget(self)
        self.keys = TimelineKeys(self.navigator, self._step_cursor)
        self._lay_out()
        self._listen()

    @property
    def panels(self) -> tuple[Panel, ...]:
        """From top to bottom."""
        return self._streams.panels

    @property
    def session(self) -> Session | None:
        """What is on screen; None: live, or nothing."""
        return self._streams.session if isinstance(self._streams, SessionStreams) else None

    @property
    def session_streams(self) -> SessionStreams | None:
        """The panels of the session on screen."""
        return self._streams if isinstance(self._streams, SessionStreams) else None

    @property
    def recordings(self) -> tuple[RecordingInfo, ...]:
        """The partitions shown now; empty while the view is live or there is nothing."""
        return self.session.infos if self.session is not None else ()

    @property
    def plans(self) -> tuple[PanelPlan, ...]:
        """Of the panels, from top to bottom; none while the view is live."""
        return self._streams.plans if isinstance(self._streams, SessionStreams) else ()

    @property
    def shown_streams(self) -> tuple[StreamRef, ...]:
        """Every stream of the session that a panel shows, each once."""
        refs = (ref for plan in self.plans if not plan.hidden for ref in plan.streams)
        session = self.session
        return tuple(ref for ref in dict.fromkeys(refs) if session is not None and session.stream(ref))

    @property
    def frame(self) -> TimeFrame | None:
        """What is drawn now; None: nothing yet."""
        return self._frame

    @property
    def selection_bar(self) -> SelectionBar:
        """Where times are typed."""
        return self.page.selection_bar

    # What is shown --------------------------------------------------------------------------------------

    @Slot(object)
    def show_live(self, status: RecorderStatus) -> None:
        """Show the live streams of this status; to be called with every new one."""
        now = monotonic_ns()
        self._clock.take_status(status, now)
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

    def show_session(
        self, infos: tuple[RecordingInfo, ...], plans: tuple[PanelPlan, ...] | None = None
    ) -> None:
        """Show the partitions of a session on one axis, with these panels or the usual ones."""
        session = Session(infos)
        extent = session.extent
        if extent is None:
            self.show_empty(session.time_problem or f"“{session.name}” holds no data.")
            return
        if plans is None and self._layout_source is not None:
            plans = self._layout_source(session)
        first = first_plans(session)
        streams = SessionStreams(self._theme, self.reader, session, first.plans if plans is None else plans)
        self.arrangement.watch(streams)
        streams.snap_requested.connect(self.cursor_moves.snap_to)
        streams.menu_opening.connect(self.menu_opening)
        view = TimeView.of_recording(extent.left, extent.right)
        self._show(streams, view, origin_time=extent.left, cursor_time=session.cursor_time, extent=extent)
        for word in (session.time_problem, first.word if plans is None else ""):
            if word:
                self.noted.emit(word)

    def set_layout_source(self, source: LayoutSource) -> None:
        """Ask there how the panels of a session stood last."""
        self._layout_source = source

    def take_recordings(self, infos: tuple[RecordingInfo, ...]) -> None:
        """The same session has grown, was replaced or got another partition: view, cursor, selection stay."""
        streams, view = self.session_streams, self.navigator.view
        session = Session(infos)
        extent = session.extent
        if streams is None or view is None or extent is None:
            return
        new = plans_of_new(streams.session, session, MOST_PANELS - len(streams.plans))
        streams.take_session(session)
        if new:
            streams.show_plans(streams.plans + new)
        self._fill_stack()
        cursor, before = self.navigator.cursor_time, self.navigator.extent
        self.navigator.take_extent(extent, view.grown(extent.left, extent.right))
        if before is not None and cursor is not None and before.right <= cursor < extent.right:
            self.navigator.set_cursor(extent.right)  # it stood on the newest
        self._show_frame()
        self.page.overview.show_session(session)
        self.recordings_changed.emit()

    def show_plans(self, plans: tuple[PanelPlan, ...]) -> None:
        """Show these panels instead of those before."""
        if isinstance(self._streams, SessionStreams) and plans != self._streams.plans:
            self._streams.show_plans(plans)
            self._fill_stack()
            self._show_frame()
            self.plans_changed.emit()

    def add_stream(self, ref: StreamRef) -> None:
        """Show a panel for this stream of the session, too."""
        self.arrangement.add_stream(ref)

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
        self._pulse.stop()
        self._streams.close()
        self._streams = streams
        self.live_arrangement.watch(streams if isinstance(streams, LiveStreams) else None)
        self._mouse.hover_x = None
        self.cursor_moves.rest()
        self._fill_stack()
        self.navigator.begin(view, origin_time=origin_time, cursor_time=cursor_time, extent=extent)
        self._pages.setCurrentWidget(self.page)
        self.page.show_session(self.session)
        self._show_frame()
        # Last: what the panels ask for is waited for, the hint is not.
        self.page.overview.show_session(self.session)
        if had_recordings or self.recordings:
            self.recordings_changed.emit()

    @Slot()
    def _fill_stack(self) -> None:
        placed = self._streams.places
        for panel in set(self._streams.panels) - set(self._stack.panels):
            if not panel.has_own_mouse:
                self._mouse.watch(panel.plot)
        self._stack.show_panels(placed)
        self._mouse.set_timeless({one.panel.plot for one in placed if one.panel.is_beside})
        self._on_sight_changed()  # who is in sight may be the same, but is told nothing yet
        self.selection_bar.show_hidden(sum(one.hidden for one in placed))

    # Parts ----------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self._empty.show_text(NOTHING_TO_SEE)

    def _listen(self) -> None:
        self.live_arrangement.changed.connect(self._fill_stack)
        self._pulse.axis_due.connect(self._on_axis_due)
        self._pulse.pictures_due.connect(self._on_pictures_due)
        self._pulse.words_due.connect(self._on_words_due)
        self.navigator.changed.connect(self._on_navigator_changed)
        self.navigator.cursor_moved.connect(self.cursor_moved)
        self.navigator.selection_clamped.connect(self.noted)
        self._mouse.watch(self.page.bar.ruler, is_ruler=True)
        self._mouse.cursor_wanted.connect(self.cursor_moves.want)
        self._mouse.double_clicked.connect(self._on_mouse_double_clicked)
        self.page.selection_bar.done.connect(self.setFocus)
        self.cursor_moves.snap_changed.connect(self._on_snap_changed)
        self.page.bar.follow_requested.connect(self.navigator.follow_live)
        self.page.bar.whole_requested.connect(self.navigator.zoom_session)
        self._gestures.others_dropped.connect(self.streams_dropped)
        self._stack.sight_changed.connect(self._on_sight_changed)
        self._stack.viewport().installEventFilter(self)

    # Drawing --------------------------------------------------------------------------------------------

    @property
    def timing(self) -> Timing:
        """How times are told now."""
        return self._frames.timing

    def set_timing_mode(self, mode: TimingMode) -> None:
        """Count like this from now on."""
        if mode is not self._frames.mode:
            self._frames.mode = mode
            self._show_frame()
            self.timing_changed.emit()

    @Slot()
    def _on_navigator_changed(self) -> None:
        if not self._pulse.is_beating:
            self._show_frame()

    def _show_frame(self) -> None:
        view = self.navigator.view
        if view is not None:
            ratio, hover_x = self.devicePixelRatioF(), self._mouse.hover_x
            frame = self._frame = self._frames.frame(view, self.page.plot_width, ratio, hover_x)
            self._mouse.axis = frame.axis
            self.page.show_view(view, frame, self.timing)
            if self.page.has_room:  # else it is asked for what nobody could see
                self._streams.show_frame(frame)

    def _start_timer(self) -> None:
        if self.isVisible() and isinstance(self._streams, LiveStreams):
            self._pulse.start()

    @Slot()
    def _on_axis_due(self) -> None:
        self.navigator.advance(self._clock.now(monotonic_ns()))
        self._show_frame()

    @Slot()
    def _on_pictures_due(self) -> None:
        if isinstance(self._streams, LiveStreams) and self._frame is not None:
            self._streams.pull_pictures(self._frame)

    @Slot()
    def _on_words_due(self) -> None:
        if isinstance(self._streams, LiveStreams) and self._frame is not None:
            self._streams.show_words(self._frame)

    @Slot()
    def _on_snap_changed(self) -> None:
        self.selection_bar.show_snap(self.cursor_moves.words)

    @Slot()
    def _on_sight_changed(self) -> None:
        if isinstance(self._streams, SessionStreams):
            self._streams.see(self._stack.in_sight)

    # Mouse and keys -------------------------------------------------------------------------------------

    def set_cursor_follows(self, follows: bool) -> None:
        """Whether the cursor follows the mouse, or stays until a click."""
        self._mouse.cursor_follows = follows

    @Slot(object)
    def _on_mouse_double_clicked(self, widget: QWidget) -> None:
        if isinstance(widget, SignalPlot | SpectrogramPlot):
            widget.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Home, End, plus, minus, 0, space, Escape and arrows; see `timeline_keys`."""
        if not self.keys.press(event):
            super().keyPressEvent(event)

    def add_key(self, keys: QKeyCombination | Qt.Key, move: Callable[[], object]) -> None:
        """With the focus here `keys` do this from now on."""
        self.keys.add(keys, move)

    def _step_cursor(self, pixels: int) -> None:
        cursor, axis = self.navigator.cursor_time, self._mouse.axis
        if axis is not None and cursor is not None:
            self.navigator.move_cursor(cursor + axis.duration_of(pixels))

    # Life -----------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """With the focus here, keys of the timeline come before letters of the menu bar."""
        if event.type() == QEvent.Type.ShortcutOverride and self.keys.claims(event):
            event.accept()
            return True
        return super().event(event)

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
        self._pulse.stop()
