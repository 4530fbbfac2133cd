"""What the player does with a command and from moment to moment; which run is under way. Has no thread.

Everything here is called by the player's thread. What is seen and heard was posted by importers; a seek
throws the run away and begins another one elsewhere, while the recordings stay open and the screen keeps what
it shows.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from studio.app.player_pictures import PictureSinks
from studio.app.player_presentation import Presentation
from studio.app.player_run import Action, Between, PlayerRun, RunPlan, ignored
from studio.app.player_shelf import ReaderShelf
from studio.app.player_speaker import OpenSpeaker
from studio.app.player_status import MOVES, Direction, Move, PlayerState, PlayerStatus
from studio.engine import ReplayDescriptor
from studio.errors import StreamError, StudioError
from studio.formats.recording import StreamInfo, StreamRef
from studio.timing import NS_PER_MS, NS_PER_S, Duration, TimeInterval, Timestamp, monotonic_ns
from studio.timing.replay_clock import FASTEST, checked_speed

STATUS_INTERVAL: Duration = 100 * NS_PER_MS
FAST_STATUS_INTERVAL: Duration = 40 * NS_PER_MS
"""As fast as possible there is no clock to follow between two statuses."""
RESTING_TICK: Duration = NS_PER_S
LOOK_INTERVAL: Duration = NS_PER_S
"""How often it is looked whether the recordings are still there."""
QUIET_AFTER: Duration = 10 * NS_PER_S
"""So long after the end the loudspeaker is kept."""
PATIENCE: Duration = 2 * NS_PER_S
"""So long after its end a run that is late may still show something."""


class Playing:
    """The state of one player."""

    def __init__(
        self,
        sinks: PictureSinks,
        opens_speaker: OpenSpeaker,
        *,
        between: Between,
        wake: Callable[[], None],
        is_closing: Callable[[], bool],
    ) -> None:
        self.status = PlayerStatus()
        self.is_news = True
        """The status has changed, or should be told: at first that somebody is there."""
        self._between = between
        self._is_closing = is_closing
        self._shelf = ReaderShelf()
        self._presentation = Presentation(sinks, opens_speaker, wake)
        self._streams: dict[StreamRef, StreamInfo] = {}
        self._unloadable = ""
        """Why what was to be loaded could not be; empty: it could."""
        self._coverage: TimeInterval | None = None
        self._run: PlayerRun | None = None
        self._stepped: frozenset[StreamRef] | None = None
        """The run under way is one of single steps, over these streams."""
        self._looped_from: Timestamp = 0
        self._told = self._looked = self._rested = 0

    def close(self) -> None:
        """Give everything back. Idempotent."""
        self._end_run()
        self._presentation.unload()
        self._shelf.close()

    # -- from moment to moment ----------------------------------------------------------------------------

    def go_on(self) -> Duration:
        """Show what is due; how long there is nothing to do."""
        run, monotonic = self._run, monotonic_ns()
        if run is not None and run.error is not None:
            self.fail(words_of(run.error))
        elif run is not None and self.status.state is PlayerState.PLAYING:
            self._play_on(run, monotonic)
        elif self._rested and monotonic - self._rested > QUIET_AFTER:
            self._rested = 0
            self._presentation.silence()
        note = self._presentation.take_problem()
        if note:
            self._change(problem=note)
        playing = self.status.state is PlayerState.PLAYING
        return self._presentation.until_next() if playing else RESTING_TICK

    def _play_on(self, run: PlayerRun, monotonic: int) -> None:
        presentation, end = self._presentation, self.status.interval.right
        time = presentation.time(run)
        presentation.show_due(time)
        presentation.steer(run)
        if monotonic - self._looked > LOOK_INTERVAL:
            self._looked = monotonic
            self._shelf.check_there()
        if self._is_over(run, time):
            presentation.show_due(end)
            self._come_to_end()
        elif monotonic - self._told > (
            STATUS_INTERVAL if self.status.enforce_clock else FAST_STATUS_INTERVAL
        ):
            self._change()

    def _is_over(self, run: PlayerRun, time: Timestamp) -> bool:
        if not self.status.enforce_clock:
            return run.has_ended
        late = time - self.status.interval.right
        return late >= 0 and (run.has_ended or late > PATIENCE * self.status.speed)

    def _come_to_end(self) -> None:
        if self.status.loop:
            self._begin_at(self._looped_from)
            self._change()
        elif self._may(Move.END):
            self._end_run()
            self._rested = monotonic_ns()
            self._change(state=PlayerState.STOPPED, time=self.status.interval.right)

    def told(self) -> PlayerStatus:
        """The status as of now, to be told."""
        self.is_news = False
        self._told = monotonic = monotonic_ns()
        presentation, state = self._presentation, self.status.state
        time = self.status.time
        if state is PlayerState.PLAYING and self._run is not None:
            time = min(self._now(self._run), self.status.interval.right)
        self.status = replace(
            self.status,
            time=time,
            monotonic=monotonic,
            rate=presentation.rate if state is PlayerState.PLAYING else 0.0,
            rings=presentation.rings,
            has_sound=state is PlayerState.PLAYING and presentation.is_heard,
            lag=presentation.lag,
        )
        return self.status

    # -- commands -----------------------------------------------------------------------------------------

    def load(self, streams: tuple[StreamRef, ...]) -> None:
        """Open these; raises StudioError."""
        self._end_run()
        self._streams, self._coverage = {}, None
        self._presentation.unload()
        self._shelf.keep_only({stream.path for stream in streams})
        self._change(state=PlayerState.STOPPED, problem="", rings=())
        try:
            self._look_up(streams)
        except StudioError as error:
            self._unloadable = str(error)
            raise
        self._unloadable = ""
        self._presentation.load(self._streams)
        self._change(rings=self._presentation.rings)

    def _look_up(self, streams: Sequence[StreamRef]) -> None:
        """What is in the streams by now; raises StudioError."""
        known: dict[StreamRef, StreamInfo] = {}
        for path in dict.fromkeys(ref.path for ref in streams):
            names = [ref.name for ref in streams if ref.path == path]
            infos = self._shelf.streams(path, names)
            known |= {StreamRef(path, name): info for name, info in zip(names, infos, strict=True)}
        self._streams = {ref: known[ref] for ref in streams}
        filled = [info for info in self._streams.values() if info.message_count]
        self._coverage = TimeInterval.coverage(
            TimeInterval(each.first_time, each.last_time) for each in filled
        )

    def play(
        self, interval: TimeInterval, start: Timestamp | None, speed: float, loop: bool, enforce: bool
    ) -> None:
        self._end_run()
        if self._unloadable:
            raise StreamError(self._unloadable)
        self._look_up(tuple(self._streams))
        covered = self._coverage
        if covered is None:
            raise StreamError("There is nothing to play: no stream with data is shown.")
        if interval.right < covered.left or interval.left > covered.right or interval.is_empty:
            raise StreamError("Nothing was recorded in this interval; choose another one.")
        limited = interval.intersection(covered)
        begin = limited.left if start is None else max(limited.left, min(start, limited.right))
        self.status = replace(
            self.status,
            interval=limited,
            speed=checked_speed(speed),
            loop=loop,
            enforce_clock=enforce,
            problem="",
        )
        self._looped_from = limited.left
        if self._may(Move.PLAY):
            self._begin_at(begin)
            self._change(state=PlayerState.PLAYING)

    def pause(self) -> None:
        """Stand still."""
        if self._may(Move.PAUSE) and self._run is not None:
            self._run.pause()
            self._presentation.pause()
            self._change(state=PlayerState.PAUSED, time=min(self._now(self._run), self.status.interval.right))

    def resume(self) -> None:
        """Go on from where it stands."""
        if not self._may(Move.RESUME):
            return
        if self._run is None or self._stepped is not None:
            self._begin_at(self.status.time)
        else:
            self._presentation.resume()
            self._run.resume()
        self._change(state=PlayerState.PLAYING)

    def seek(self, time: Timestamp) -> None:
        """Go there, within what is loaded; beyond the interval it plays on to the end of all."""
        if self._coverage is None or not self._may(Move.SEEK):
            return
        if time > self._coverage.right:
            self._look_up(tuple(self._streams))  # it may have grown meanwhile
        time = max(self._coverage.left, min(time, self._coverage.right))
        known = self.status.interval
        if not known.is_right_bounded or time > known.right:
            known = TimeInterval(min(time, max(known.left, self._coverage.left)), self._coverage.right)
        self.status = replace(self.status, interval=known)
        if self.status.state is PlayerState.PLAYING:
            self._begin_at(time)
        else:
            self._end_run()
            self._change(time=time)

    def set_speed(self, speed: float) -> None:
        """ValueError outside 0.1 to 16."""
        self.status = replace(self.status, speed=checked_speed(speed))
        if self._run is not None and self._stepped is None:
            self._presentation.set_speed(speed)

    def step(self, direction: Direction, stream: StreamRef | None) -> None:
        """To the neighbour of the present time: ahead by the engine's own step, back by a new run."""
        if self._coverage is None or not self._may(Move.STEP):
            return
        wanted = frozenset(self._streams if stream is None else (stream,))
        if not wanted <= self._streams.keys():
            raise StreamError("A step needs a stream that is shown.")
        time = self.status.time
        if self._run is not None and self.status.state is PlayerState.PLAYING:
            time = self._now(self._run)
        if direction is Direction.BACKWARD:
            time = self._step_back(wanted, time)
        else:
            time = self._step_on(wanted, time)
        self._presentation.show_due(time)
        self._change(state=PlayerState.PAUSED, time=time)

    def _step_on(self, wanted: frozenset[StreamRef], time: Timestamp) -> Timestamp:
        if self._stepped != wanted or self._run is None:
            self._begin_steps(wanted, time, with_first=False)
        run = self._run
        found = run.step_to_next(wanted, self._is_closing) if run is not None else None
        return time if found is None else found

    def _step_back(self, wanted: frozenset[StreamRef], time: Timestamp) -> Timestamp:
        self._end_run()
        before = [self._shelf.reader(ref.path).message_at(ref.name, time - 1) for ref in wanted]
        times = [message.envelope.originating_time for message in before if message is not None]
        if not times:
            return time
        self._begin_steps(wanted, max(times), with_first=True)
        if self._run is not None:
            self._run.step_to_next(wanted, self._is_closing)
        return max(times)

    def stop(self) -> None:
        """Play no more."""
        if self._may(Move.STOP):
            time = self.status.time if self._run is None or self._stepped else self._now(self._run)
            self._end_run()
            self._rested = monotonic_ns()
            self._change(state=PlayerState.STOPPED, time=time)

    # -- runs ---------------------------------------------------------------------------------------------

    def _begin_at(self, time: Timestamp) -> None:
        """Another run, from `time` to the end of the interval."""
        self._end_run()
        status = self.status = replace(self.status, time=time)
        interval = status.interval
        inclusive = interval.left_inclusive if time == interval.left else True
        limits = TimeInterval(time, max(time, interval.right), inclusive, interval.right_inclusive)
        paced = status.enforce_clock
        # It hurries at first, until it is far enough ahead of what is seen.
        descriptor = ReplayDescriptor(limits, paced, FASTEST if paced else 1.0)
        actions: dict[StreamRef, Action] = self._presentation.actions or dict.fromkeys(self._streams, ignored)
        self._start(RunPlan(actions, self._coverage or limits, descriptor, between=self._between))
        self._presentation.begin(time, status.speed, is_paced=paced)
        if self._run is not None:
            self._run.begin()

    def _begin_steps(self, wanted: frozenset[StreamRef], time: Timestamp, *, with_first: bool) -> None:
        self._end_run()
        end = self._coverage.right if self._coverage is not None else time
        descriptor = ReplayDescriptor(TimeInterval(time, max(time, end), with_first))
        actions = dict.fromkeys(wanted, ignored) | self._presentation.picture_actions
        self._start(RunPlan(actions, descriptor.interval, descriptor, is_paused=True, between=self._between))
        self._stepped = wanted
        self._presentation.begin(time, 1.0, is_paced=True)
        self._presentation.pause()
        if self._run is not None:
            self._run.begin()

    def _start(self, plan: RunPlan) -> None:
        self._run = PlayerRun(self._shelf, plan)
        self.status = replace(self.status, runs=self.status.runs + 1)
        self._looked, self._rested = monotonic_ns(), 0

    def _end_run(self) -> None:
        run, self._run, self._stepped = self._run, None, None
        self._presentation.end()
        if run is not None:
            run.dispose()

    def _now(self, run: PlayerRun) -> Timestamp:
        return max(self.status.time if not self.status.enforce_clock else 0, self._presentation.time(run))

    # -- telling ------------------------------------------------------------------------------------------

    def set_loop(self, loop: bool) -> None:
        """At the end of the interval begin again, or not."""
        self._change(loop=loop)

    def mute(self, muted: bool) -> None:
        """Let no sound come out, or do."""
        self._presentation.mute(muted)
        self._change(muted=muted)

    def answer(self, number: int) -> None:
        """That command has been carried out."""
        self._change(answered=number)

    def fail(self, problem: str) -> None:
        """Stop, for this reason."""
        self._end_run()
        self._rested = monotonic_ns()
        self._change(state=PlayerState.STOPPED, problem=problem)

    def _may(self, move: Move) -> bool:
        return (self.status.state, move) in MOVES

    def _change(self, **changes: Any) -> None:
        self.status = replace(self.status, **changes)
        self.is_news = True


def words_of(error: BaseException) -> str:
    """What went wrong, for people."""
    if isinstance(error, StudioError):
        return str(error)
    return f"Playing failed unexpectedly ({type(error).__name__}: {error})."
