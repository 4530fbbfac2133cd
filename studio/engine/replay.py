"""Which part of time a run covers, and whether messages wait for their time. Values only."""

from dataclasses import dataclass
from typing import ClassVar

from studio.errors import ReplayIntervalError
from studio.timing import TIME_MAX, TIME_MIN, TimeInterval, Timestamp
from studio.timing.replay_clock import checked_speed


@dataclass(frozen=True, slots=True)
class ReplayDescriptor:
    """The interval of a run and how its clock is obeyed (rule E144, decision 12)."""

    interval: TimeInterval
    enforce_replay_clock: bool = True
    """True: a message waits at every receiver until the pipeline clock has reached its originating time."""
    speed: float = 1.0
    """Seconds of pipeline time in a second of the world, 0.1 to 16; of no effect in a live run."""

    REPLAY_ALL: ClassVar["ReplayDescriptor"]
    REPLAY_ALL_REAL_TIME: ClassVar["ReplayDescriptor"]

    def __post_init__(self) -> None:
        checked_speed(self.speed)

    @classmethod
    def between(
        cls, start: Timestamp, end: Timestamp = TIME_MAX, *, enforce_replay_clock: bool = True
    ) -> "ReplayDescriptor":
        """From `start` to `end`, both included (decision 2)."""
        return cls(TimeInterval(start, end), enforce_replay_clock)

    @property
    def start(self) -> Timestamp:
        """Left end; TIME_MIN: the run is live."""
        return self.interval.left

    @property
    def end(self) -> Timestamp:
        """Right end; TIME_MAX: unbounded."""
        return self.interval.right

    @property
    def is_live(self) -> bool:
        """Whether the run follows the clock of the world rather than recorded time (rule E138)."""
        return not self.interval.is_left_bounded

    def within(self, proposed: TimeInterval | None) -> "ReplayDescriptor":
        """The same run limited to what the components proposed (rule E147, PORT of E148)."""
        if proposed is None:
            return self
        return ReplayDescriptor(self.interval.intersection(proposed), self.enforce_replay_clock, self.speed)

    def require_start(self, pipeline_name: str) -> None:
        """Raise ReplayIntervalError if it has an end and no beginning: no clock could be set to that."""
        if self.is_live and self.interval.is_right_bounded:
            raise ReplayIntervalError(
                f"pipeline {pipeline_name!r} is to replay up to {self.end} but nothing says from when: none "
                f"of its components has proposed times; give the interval a start"
            )


REPLAY_ALL = ReplayDescriptor(TimeInterval.INFINITE, enforce_replay_clock=False)
"""Everything, as fast as it goes."""

REPLAY_ALL_REAL_TIME = ReplayDescriptor(TimeInterval.INFINITE)
"""Everything, at the pace of the clock; what a run without descriptor does."""

ReplayDescriptor.REPLAY_ALL = REPLAY_ALL
ReplayDescriptor.REPLAY_ALL_REAL_TIME = REPLAY_ALL_REAL_TIME


def descriptor_of(
    replay: ReplayDescriptor | None,
    interval: TimeInterval | None,
    start: Timestamp | None,
    end: Timestamp | None,
    enforce_replay_clock: bool,
) -> ReplayDescriptor:
    """What the arguments of `run` mean (rules E15, E144); ReplayIntervalError if they contradict."""
    given = (replay is not None) + (interval is not None) + (start is not None or end is not None)
    if given > 1:
        raise ReplayIntervalError(
            "what to run was said in several ways; say it once: a replay descriptor, or an interval, or a "
            "start and perhaps an end"
        )
    if replay is not None:
        return replay
    if interval is None:
        if start is None and end is not None:
            raise ReplayIntervalError(f"a run with an end, {end}, needs a start: give start= as well")
        interval = TimeInterval(TIME_MIN if start is None else start, TIME_MAX if end is None else end)
    return ReplayDescriptor(interval, enforce_replay_clock)
