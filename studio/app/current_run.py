"""The one run there is at a time: begun, watched, ended by command or by itself, and what it left.

Knows no commands and no sessions: whoever begins a run says what it shall be.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from studio.app.branch import Between
from studio.app.clock_keeper import ClockKeeper
from studio.app.forecast import AskSpace
from studio.app.live import LiveSinks
from studio.app.network_drive import AskNetwork, network_drive, warn_of_network
from studio.app.preflight import preflights
from studio.app.preflight.preflights import Preflights
from studio.app.problems import ProblemList
from studio.app.run import Run
from studio.app.run_plan import RunPlan
from studio.app.run_watch import RunWatch
from studio.app.status import FinishedRecording, RecorderState, Severity
from studio.app.volume import space_of
from studio.app.wakefulness import Wakefulness
from studio.engine import StudioThread, spawn
from studio.errors import PipelineStateError
from studio.timing import NS_PER_MS, Duration, slept_ns, wait_on

logger = logging.getLogger(__name__)

WATCH_INTERVAL = 200 * NS_PER_MS

_MOVES: Final[dict[RecorderState, frozenset[RecorderState]]] = {
    RecorderState.IDLE: frozenset({RecorderState.PREVIEW, RecorderState.RECORDING}),
    RecorderState.PREVIEW: frozenset({RecorderState.FINISHING}),
    RecorderState.RECORDING: frozenset({RecorderState.FINISHING}),
    RecorderState.FINISHING: frozenset({RecorderState.IDLE}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a run meets outside of it: screens, processing, and what is asked of the machine."""

    live: LiveSinks | None = None
    between: Between | None = None
    """Puts processing between devices and store."""
    ask_space: Callable[[Path], AskSpace] = space_of
    ask_slept: Callable[[], Duration] = slept_ns
    ask_network: AskNetwork = network_drive


class CurrentRun:
    """Begun and ended by one thread, ended by its own, too; `now` may be asked for from any."""

    def __init__(
        self,
        surroundings: Surroundings,
        problems: ProblemList,
        clocks: ClockKeeper,
        preflights: Preflights,
        *,
        ask_disk_limit: Callable[[], float],
        on_recorded: Callable[[], None],
    ) -> None:
        """`on_recorded` is called when a recording was ended properly."""
        self._surroundings = surroundings
        self._problems = problems
        self._clocks = clocks
        self._preflights = preflights
        self._ask_disk_limit = ask_disk_limit
        self._on_recorded = on_recorded
        self._lock = threading.Lock()
        self._state = RecorderState.IDLE
        self._run: Run | None = None
        self._watch: RunWatch | None = None
        self._wakefulness: Wakefulness | None = None
        self._thread: StudioThread | None = None
        self._ended = threading.Event()
        self._finished: FinishedRecording | None = None

    @property
    def run(self) -> Run | None:
        """What runs."""
        with self._lock:
            return self._run

    def now(self) -> tuple[RecorderState, Run | None, RunWatch | None]:
        """What runs, how it stands, and who watches it."""
        with self._lock:
            return self._state, self._run, self._watch

    def take_finished(self) -> FinishedRecording | None:
        """What was recorded last, once."""
        finished, self._finished = self._finished, None
        return finished

    def wait_until_ended(self, timeout_s: float) -> bool:
        """Wait until it has ended by itself or by `end`; True if it has, or none was begun."""
        return self.run is None or self._ended.wait(timeout_s)

    def begin(self, plan: RunPlan) -> None:
        """Raises what the run does that cannot be begun; nothing runs then."""
        around = self._surroundings
        clock = self._clocks.begin_run(is_recording=plan.is_recording)
        try:
            run = Run(plan, clock=clock, live=around.live, between=around.between)
            ask_space = None if plan.path is None else around.ask_space(plan.path.parent)
            watch = RunWatch(
                run, self._problems, ask_space, around.ask_slept, self._clocks.status, self._ask_disk_limit
            )
        except BaseException:
            clock.release()
            raise
        self._finished = None
        self._ended.clear()
        with self._lock:
            self._move(RecorderState.RECORDING if plan.is_recording else RecorderState.PREVIEW)
            self._run, self._watch = run, watch
        if plan.is_recording:
            self._wakefulness = Wakefulness(run.note)
            self._wakefulness.begin()
        try:
            run.start()
            watch.begin()
        except BaseException:
            self.end()
            self._finished = None  # nothing was begun, so there is nothing to tell of
            raise
        self._thread = spawn(
            "recorder-watch", lambda cancelled: self._keep_watch(watch, cancelled), self._on_bug
        )

    def end(self) -> None:
        """End the run there is and wait for it, whoever ends it."""
        with self._lock:
            run = self._run
        if run is not None:
            self._end_run(run)
            self._ended.wait()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.cancel()
            thread.join()

    def _end_run(self, run: Run) -> None:
        """Only the first who comes does it."""
        with self._lock:
            if self._run is not run or self._state is RecorderState.FINISHING:
                return
            self._move(RecorderState.FINISHING)
            watch = self._watch
        assert watch is not None
        try:
            self._preflights.call_off(run.failure_text or preflights.PREVIEW_ENDED)
            run.finish()
            watch.last_look()
            if run.plan.is_recording:
                self._on_recorded()
                self._finished = watch.finished_recording()
        finally:
            run.clock.release()
            with self._lock:
                self._move(RecorderState.IDLE)
                self._run = self._watch = None
                wakefulness, self._wakefulness = self._wakefulness, None
            if wakefulness is not None:
                wakefulness.end()
            self._ended.set()

    def _move(self, state: RecorderState) -> None:
        if state not in _MOVES[self._state]:
            raise PipelineStateError(f"The recorder is {self._state.value} and cannot become {state.value}.")
        self._state = state

    # -- the watch thread ---------------------------------------------------------------------------------

    def _keep_watch(self, watch: RunWatch, cancelled: threading.Event) -> None:
        warn_of_network(watch.run.plan.path, self._problems, self._surroundings.ask_network)
        while not wait_on(cancelled, WATCH_INTERVAL):
            if watch.look() or self._preflights.look(watch.run):
                self._end_run(watch.run)
                return

    def _on_bug(self, error: BaseException) -> None:
        logger.error("the watch of the recorder failed", exc_info=error)
        self._preflights.call_off(f"Something inside the studio failed ({type(error).__name__}: {error}).")
        self._problems.add(
            Severity.ERROR,
            f"Something inside the studio failed ({type(error).__name__}: {error}). What is being recorded "
            "goes on being stored; stop it when you can.",
        )
