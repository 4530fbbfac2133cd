"""Turns the wishes to play, pause, seek and step into commands, and moves cursor and pictures by what comes.

Owns how fast and whether in a loop it is to be played, and which command is not yet answered. Lives on the
GUI thread, never waits, draws nothing.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from studio.app.player_status import Direction, PlayerState, PlayerStatus
from studio.formats.payload import PayloadKind
from studio.formats.recording import StreamRef
from studio.host.player_protocol import (
    Load,
    Pause,
    Play,
    PlayerCommand,
    Resume,
    Seek,
    SetLoop,
    SetSpeed,
    Step,
    StopPlaying,
)
from studio.timing import NS_PER_MS, Timestamp, monotonic_ns
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.playback.played_pictures import PictureFeed
from studio.ui.playback.player_port import PlayerPort
from studio.ui.playback.what_to_play import Part, part_to_play
from studio.ui.timeline.timeline import Timeline

if TYPE_CHECKING:
    from studio.ui.playback.painted_log import PaintedLog

DISPLAY_INTERVAL_MS = 16
"""How often played pictures are looked for."""
CURSOR_INTERVAL = 30 * NS_PER_MS
"""How often the cursor moves: every panel draws then."""
WARM_UP_AFTER_MS = 1500
"""A session that has been looked at so long will perhaps be played: the player opens it already."""
SMALLEST_PICTURE = (960, 540)
LARGEST_PICTURE = (1920, 1080)


class Playback(QObject):
    """What the user wants to be played, and what is."""

    changed = Signal()  # the status, or a wish
    failed = Signal(str)  # what is wrong, in people's words

    def __init__(self, port: PlayerPort, timeline: Timeline, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._port, self._timeline, self._navigator = port, timeline, timeline.navigator
        self._status = PlayerStatus()
        self._speed, self._loop, self._is_fast = 1.0, False, False
        self._sent = 0
        """Number of the last command that moves the cursor."""
        self._loaded: Load | None = None
        self._part: Part | None = None
        self._paths: tuple[str, ...] = ()
        self._feed = PictureFeed()
        self._plots: dict[StreamRef, PicturePlot] = {}
        self._cursor_moved_at = 0
        self._told_problem = ""
        self._is_wished = False
        """Whether the user wanted anything of this session to be played; else problems are not told."""
        self.painted: PaintedLog | None = None
        """Where painted pictures are written down, if anybody wants that."""
        self._timer = QTimer(self, interval=DISPLAY_INTERVAL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._warm_up_timer = QTimer(self, singleShot=True, interval=WARM_UP_AFTER_MS)
        self._warm_up_timer.timeout.connect(self._warm_up)
        port.status_changed.connect(self._on_status_changed)
        port.lost.connect(self._on_lost)
        timeline.recordings_changed.connect(self._on_recordings_changed)
        timeline.plans_changed.connect(self._find_plots)
        self._navigator.cursor_moved.connect(self._on_cursor_moved)

    # What is known --------------------------------------------------------------------------------------

    @property
    def status(self) -> PlayerStatus:
        """The newest."""
        return self._status

    @property
    def is_possible(self) -> bool:
        """Whether there is a session to play."""
        return bool(self._timeline.recordings)

    @property
    def is_playing(self) -> bool:
        """Whether it plays just now."""
        return self._status.state is PlayerState.PLAYING

    @property
    def speed(self) -> float:
        """As wished."""
        return self._speed

    @property
    def is_fast(self) -> bool:
        """Whether it is to be played as fast as possible."""
        return self._is_fast

    @property
    def loop(self) -> bool:
        """Whether it is to begin again at the end."""
        return self._loop

    # What the user does ---------------------------------------------------------------------------------

    @Slot()
    def play_or_pause(self) -> None:
        """Space: play from the cursor, or stand still; live: hold, or go on following."""
        view = self._navigator.view
        if view is not None and view.is_live:
            self._navigator.hold_or_follow()
        elif self.is_playing:
            self._send(Pause())
        elif self._can_go_on():
            self._send(Resume())
        else:
            self._play(from_start=False)

    @Slot()
    def play_from_start(self) -> None:
        """Ctrl+Space: play from the start of the selection, or of all."""
        self._play(from_start=True)

    @Slot()
    def stop(self) -> None:
        """Play no more; the cursor goes back to where it began."""
        if self._status.state is not PlayerState.STOPPED:
            part = self._part
            self._send(StopPlaying())
            self._navigator.playing = False
            if part is not None:
                self._send(Seek(part.start))
                self._navigator.play_to(part.start)

    @Slot()
    def step_back(self) -> None:
        """To the message before."""
        self._step(Direction.BACKWARD)

    @Slot()
    def step_on(self) -> None:
        """To the next message."""
        self._step(Direction.FORWARD)

    @Slot(bool)
    def set_loop(self, loop: bool) -> None:
        """Begin again at the end, or not."""
        if loop != self._loop:
            self._loop = loop
            if self._status.state is not PlayerState.STOPPED:
                self._port.send(SetLoop(loop))
            self.changed.emit()

    def set_speed(self, speed: float, *, is_fast: bool = False) -> None:
        """Seconds of recording in a second; or as fast as possible."""
        was_fast, was_speed = self._is_fast, self._speed
        self._speed, self._is_fast = speed, is_fast
        if self._status.state is not PlayerState.STOPPED:
            if is_fast != was_fast:
                self._play_on()
            elif speed != was_speed:
                self._port.send(SetSpeed(speed))
        self.changed.emit()

    def close(self) -> None:
        """Let go of everything, before the window ends. Idempotent."""
        self._timer.stop()
        self._warm_up_timer.stop()
        self._feed.close()
        if self.painted is not None:
            self.painted.close()

    # Commands -------------------------------------------------------------------------------------------

    def _send(self, command: PlayerCommand) -> None:
        """Send a command after which the cursor may stand elsewhere."""
        self._sent = self._port.send(command)

    def _play(self, *, from_start: bool) -> None:
        navigator = self._navigator
        if navigator.extent is None or not self._load():
            return
        part = part_to_play(
            navigator.extent, navigator.selection, navigator.cursor_time, from_start=from_start
        )
        self._begin(part)

    def _begin(self, part: Part) -> None:
        self._part = part
        self._told_problem, self._is_wished = "", True
        self._send(
            Play(
                interval=part.interval,
                speed=self._speed,
                loop=self._loop,
                enforce_clock=not self._is_fast,
                start=part.start,
            )
        )

    def _play_on(self) -> None:
        """Play the same part from here on, in another way."""
        if self._part is not None and self.is_playing:
            part, now = self._part, self._status.time_at(monotonic_ns())
            self._begin(Part(part.interval, max(part.interval.left, min(now, part.interval.right))))

    def _can_go_on(self) -> bool:
        """Whether to resume: it stands still in what would be played anyway."""
        navigator, part = self._navigator, self._part
        if (
            self._status.state is not PlayerState.PAUSED
            or part is None
            or self._wanted_load() != self._loaded
        ):
            return False
        if navigator.selection is not None and navigator.selection != part.interval:
            return False
        cursor = navigator.cursor_time
        return cursor is not None and part.interval.left <= cursor < part.interval.right

    def _load(self) -> bool:
        """Have the player open what is shown; False: there is nothing."""
        wanted = self._wanted_load()
        if not wanted.streams:
            self.failed.emit("There is nothing to play: no stream is shown.")
            return False
        if wanted != self._loaded:
            self._loaded = wanted
            self._send(wanted)
        return True

    def _wanted_load(self) -> Load:
        self._find_plots()
        ratio = self._timeline.devicePixelRatioF()
        widths = [SMALLEST_PICTURE[0], *(round(plot.width() * ratio) for plot in self._plots.values())]
        heights = [SMALLEST_PICTURE[1], *(round(plot.height() * ratio) for plot in self._plots.values())]
        known = self._loaded
        width, height = min(max(widths), LARGEST_PICTURE[0]), min(max(heights), LARGEST_PICTURE[1])
        streams = self._timeline.shown_streams
        if known is not None and known.streams == streams:
            # A plot that has become smaller, or a little larger, is no reason to begin anew.
            width = known.max_width if width <= known.max_width * 1.25 else width
            height = known.max_height if height <= known.max_height * 1.25 else height
        return Load(streams, max_width=width, max_height=height)

    def _step(self, direction: Direction) -> None:
        if self._navigator.extent is None or not self._load():
            return
        self._is_wished = True
        cursor = self._navigator.cursor_time
        if self._status.state is PlayerState.STOPPED and cursor is not None:
            self._send(Seek(cursor))
        self._send(Step(direction, self._stepped_stream()))

    def _stepped_stream(self) -> StreamRef | None:
        """What a step goes along: the stream snapped to or picked, else the first pictures, else any."""
        chosen = self._timeline.cursor_moves.stepped
        shown = self._timeline.shown_streams
        if chosen is not None and chosen in shown:
            return chosen
        return next((ref for ref in shown if self._kind_of(ref) is not None and ref in self._plots), None)

    def _kind_of(self, ref: StreamRef) -> PayloadKind | None:
        session = self._timeline.session
        stream = session.stream(ref) if session is not None else None
        return None if stream is None else stream.format.kind

    # What comes -----------------------------------------------------------------------------------------

    @Slot(object)
    def _on_status_changed(self, status: PlayerStatus) -> None:
        before, self._status = self._status, status
        is_current = status.answered >= self._sent
        playing = status.state is PlayerState.PLAYING and self.is_possible
        self._navigator.playing = playing
        if playing and not self._timer.isActive():
            self._find_plots()
            self._timer.start()
        elif not playing and self._timer.isActive():
            self._timer.stop()
            self._pull()
            self._feed.rest()
        if is_current and not playing and self.is_possible and self._has_moved(before, status):
            self._navigator.play_to(status.time)
        if self._is_wished and is_current and status.problem != self._told_problem:
            self._told_problem = status.problem
            if status.problem:
                self.failed.emit(status.problem)
        self.changed.emit()

    def _has_moved(self, before: PlayerStatus, status: PlayerStatus) -> bool:
        """Whether the player, and not the user, has put the cursor elsewhere: at the end, or by a step."""
        came_to_rest = before.state is PlayerState.PLAYING and self._part is not None
        stepped = status.state is PlayerState.PAUSED and status.time != before.time
        return bool(status.time) and (came_to_rest or stepped)

    @Slot(str)
    def _on_lost(self, text: str) -> None:
        self._sent, self._loaded = 0, None
        self._on_status_changed(PlayerStatus())
        self.failed.emit(text)

    @Slot(object)
    def _on_cursor_moved(self, time: Timestamp) -> None:
        """The user has moved the cursor: playing goes on from there."""
        if self._status.state is not PlayerState.STOPPED and self.is_possible:
            self._send(Seek(time))

    @Slot()
    def _on_recordings_changed(self) -> None:
        paths = tuple(info.path for info in self._timeline.recordings)
        self._find_plots()
        if paths[: len(self._paths)] == self._paths and self._paths:
            self._paths = paths
            return  # the same session has grown
        self._paths, self._part, self._is_wished = paths, None, False
        if self._loaded is not None:
            self._loaded = None
            self._port.send(Load(()))
        self._navigator.playing = False
        if paths:
            self._warm_up_timer.start()
        else:
            self._warm_up_timer.stop()
        self.changed.emit()

    @Slot()
    def _warm_up(self) -> None:
        if self._wanted_load().streams:
            self._load()

    # The display timer ----------------------------------------------------------------------------------

    @Slot()
    def _find_plots(self) -> None:
        """Which plot shows the pictures of which stream."""
        streams = self._timeline.session_streams
        self._plots = {}
        for made in () if streams is None else streams.stored_panels:
            plot = made.panel.plot
            if isinstance(plot, PicturePlot) and made.plan.streams and not made.plan.hidden:
                self._plots[made.plan.streams[0]] = plot
                if self.painted is not None:
                    self.painted.watch(plot, made.plan.streams[0].name)

    @Slot()
    def _on_timer_timeout(self) -> None:
        if self._timeline.window().isMinimized():
            return
        self._pull()
        now = monotonic_ns()
        if now - self._cursor_moved_at >= CURSOR_INTERVAL and self._status.answered >= self._sent:
            self._cursor_moved_at = now
            self._navigator.play_to(self._status.time_at(now))

    def _pull(self) -> None:
        if self._status.answered >= self._sent:
            origin = self._timeline.timing.origin
            self._feed.pull(self._status.rings, self._plots, origin)
