"""Pause, speed and single steps of a replay (decision 7)."""

from studio.engine.lifecycle import Lifecycle, PipelineState
from studio.engine.scheduler import Scheduler
from studio.errors import PipelineStateError
from studio.timing import Clock, Duration, OffsetClock, ReplayClock, Timestamp
from studio.timing.replay_clock import checked_speed

STEP_TIMEOUT_S = 10.0
"""A step first lets the messages of the last one through; it does not wait longer for them."""


class Transport:
    """What the user holds while a replay runs; before the run it says how it begins."""

    def __init__(self, name: str, lifecycle: Lifecycle, scheduler: Scheduler) -> None:
        self._name = name
        self._lifecycle = lifecycle
        self._scheduler = scheduler
        self._clock: ReplayClock | None = None
        self._world: Clock | None = None
        self._offset: Duration = 0
        self._is_paused = False
        self._speed: float | None = None

    # -- the clock of a run -------------------------------------------------------------------------------

    def replay_clock(self, world: Clock, start: Timestamp, speed: float) -> ReplayClock:
        """The clock of a replay, as was wished before the run."""
        self._world = world
        self._clock = ReplayClock(start, self._speed or speed, is_paused=self._is_paused)
        return self._clock

    def live_clock(self, world: Clock, offset: Duration) -> Clock:
        """The clock of a live run (rule E139)."""
        self._world, self._offset = world, offset
        return OffsetClock(world, offset) if offset else world

    def to_real_time(self, time: Timestamp) -> Timestamp:
        """When in the world the pipeline clock shows `time`, at the present speed (rule E143)."""
        world = self._running_world()
        return world.from_monotonic(self._clock.to_monotonic(time)) if self._clock else time - self._offset

    def from_real_time(self, time: Timestamp) -> Timestamp:
        """What the pipeline clock shows at `time` in the world, at the present speed (rule E143)."""
        world = self._running_world()
        if self._clock is None:
            return time + self._offset
        return self._clock.from_monotonic(time - world.from_monotonic(0))

    def _running_world(self) -> Clock:
        if self._world is None:
            raise PipelineStateError(f"pipeline {self._name!r} has no clock before it runs")
        return self._world

    # -- for the user -------------------------------------------------------------------------------------

    @property
    def speed(self) -> float:
        """Seconds of pipeline time in a second of the world."""
        return self._clock.speed if self._clock else self._speed or 1.0

    @property
    def is_paused(self) -> bool:
        """Whether the pipeline time stands still on demand."""
        return self._clock.is_paused if self._clock else self._is_paused

    def set_speed(self, speed: float) -> None:
        """Go on at another speed, 0.1 to 16."""
        self._speed = checked_speed(speed)
        clock = self._changeable("set the speed")
        if clock is not None:
            clock.set_speed(speed)
            self._scheduler.clock_changed()

    def pause(self) -> None:
        """Let time stand still."""
        self._is_paused = True
        clock = self._changeable("pause")
        if clock is not None:
            clock.pause()
            self._scheduler.clock_changed()

    def resume(self) -> None:
        """Let time go on."""
        self._is_paused = False
        clock = self._changeable("resume")
        if clock is not None:
            clock.resume()
            self._scheduler.clock_changed()

    def let_go(self) -> None:
        """The pipeline is disposed: what still has to come to its end must not wait for a paused clock."""
        if self._clock is not None and self._clock.is_paused:
            self._clock.resume()
            self._scheduler.clock_changed()

    def step(self) -> Timestamp | None:
        """Move a paused clock to the next due time; None if nothing is due any more."""
        clock = self._changeable("step")
        if clock is None or not clock.is_paused:
            raise PipelineStateError(
                f"pipeline {self._name!r} is not a paused replay; only that can be stepped"
            )
        self._scheduler.wait_until_resting(STEP_TIMEOUT_S)
        due = self._scheduler.next_due()
        if due is not None:
            clock.move_to(due)
            self._scheduler.clock_changed()
        return due

    def _changeable(self, call: str) -> ReplayClock | None:
        if self._lifecycle.state is PipelineState.COMPLETED:
            raise PipelineStateError(f"pipeline {self._name!r} has completed; {call} is not possible")
        if self._clock is None and self._world is not None:
            raise PipelineStateError(f"pipeline {self._name!r} runs live; only a replay can {call}")
        return self._clock
