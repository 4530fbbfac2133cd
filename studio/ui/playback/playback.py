"""Turns the wishes to play, pause, seek and step into commands, and tells what comes of them.

Owns how fast and whether in a loop it is to be played, and which command is not yet answered. Lives on the
GUI thread, never waits, draws nothing.
"""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.app.player_status import Direction, PlayerState, PlayerStatus
from studio.formats.recording import StreamRef
from studio.host.player_protocol import (
    Load,
    Pause,
    Play,
    PlayerCommand,
    Resume,
    Seek,
    SetLoop,
    SetMuted,
    SetSpeed,
    Step,
    StopPlaying,
)
from studio.timing import Timestamp, monotonic_ns
from studio.ui.playback.played_display import PlayedDisplay
from studio.ui.playback.player_port import PlayerPort
from studio.ui.playback.what_to_play import Part, part_to_play
from studio.ui.timeline.timeline import Timeline

PATIENCE_MS = 400
"""A player that needs longer, because it is just being started, is said to be coming."""
SETTLED_AFTER_MS = 300
"""A selection that has not changed for so long has been made."""
WARM_UP_AFTER_MS = 1500
"""A session that has been looked at so long will perhaps be played: the player opens it already."""


class Playback(QObject):
    """What the user wants to be played, and what is."""

    changed = Signal()  # the status, or a wish
    failed = Signal(str)  # what is wrong, in people's words

    def __init__(self, port: PlayerPort, timeline: Timeline, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._port, self._timeline, self._navigator = port, timeline, timeline.navigator
        self._status = PlayerStatus()
        self._speed, self._loop, self._is_fast = 1.0, False, False
        self._is_muted = False
        self._sent = 0
        """Number of the last command that moves the cursor."""
        self._loaded: Load | None = None
        self._part: Part | None = None
        self._paths: tuple[str, ...] = ()
        self.display = PlayedDisplay(timeline, self)
        self._told_problem = ""
        self._is_wished = False
        """Whether the user wanted anything of this session to be played; else problems are not told."""
        self._selected_timer = QTimer(self, singleShot=True, interval=SETTLED_AFTER_MS)
        self._selected_timer.timeout.connect(self._play_selected)
        self._patience_timer = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience_timer.timeout.connect(self.changed)
        self._warm_up_timer = QTimer(self, singleShot=True, interval=WARM_UP_AFTER_MS)
        self._warm_up_timer.timeout.connect(self._warm_up)
        port.status_changed.connect(self._on_status_changed)
        port.lost.connect(self._on_lost)
        timeline.recordings_changed.connect(self._on_recordings_changed)
        self._navigator.cursor_moved.connect(self._on_cursor_moved)
        self._navigator.selection_changed.connect(self._on_selection_changed)

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
    def is_coming(self) -> bool:
        """Whether what the user wants to be played is still to begin."""
        return self._is_wished and not self.is_playing and self._status.answered < self._sent

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

    @property
    def is_muted(self) -> bool:
        """Whether it is to be played without sound."""
        return self._is_muted

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

    @Slot(bool)
    def set_muted(self, muted: bool) -> None:
        """Play without sound, or with it."""
        if muted != self._is_muted:
            self._is_muted = muted
            if self._loaded is not None:
                self._port.send(SetMuted(muted))
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
        self._warm_up_timer.stop()
        self._selected_timer.stop()
        self._patience_timer.stop()
        self.display.close()

    # Commands -------------------------------------------------------------------------------------------

    def _send(self, command: PlayerCommand) -> None:
        """Send a command after which the cursor may stand elsewhere."""
        self._sent = self._port.send(command)
        self.display.hold()

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
        self._patience_timer.start()
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
            # The player may be another one than before, which knows of nothing.
            self._port.send(SetMuted(self._is_muted))
            self._loaded = wanted
            self._send(wanted)
        return True

    def _wanted_load(self) -> Load:
        width, height = self.display.picture_size
        known, streams = self._loaded, self._timeline.shown_streams
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
        return next((ref for ref in shown if ref in self.display.plots), None)

    # What comes -----------------------------------------------------------------------------------------

    @Slot(object)
    def _on_status_changed(self, status: PlayerStatus) -> None:
        before, self._status = self._status, status
        is_current = status.answered >= self._sent
        playing = status.state is PlayerState.PLAYING and self.is_possible
        self._navigator.playing = playing
        self.display.take_status(status if is_current else None, playing=playing)
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
    def _on_selection_changed(self) -> None:
        if self.is_playing:
            self._selected_timer.start()

    @Slot()
    def _play_selected(self) -> None:
        """Another selection was made while it plays: play that one, from here if here is in it."""
        navigator = self._navigator
        if self.is_playing and navigator.extent is not None and self._part is not None:
            now = self._status.time_at(monotonic_ns())
            part = part_to_play(navigator.extent, navigator.selection, now)
            if part.interval.right != self._part.interval.right or navigator.selection is not None:
                self._begin(part)

    @Slot()
    def _on_recordings_changed(self) -> None:
        paths = tuple(info.path for info in self._timeline.recordings)
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
