"""Replays a part of a recording through the engine and accounts for it: how many messages, how late each.

Shows and sounds nothing: it is for those who want to know whether a recording replays as it was recorded.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from studio.app.operations.requests import Selection
from studio.app.player_run import PlayerRun, RunPlan
from studio.app.player_shelf import ReaderShelf
from studio.engine import Envelope, ReplayDescriptor
from studio.errors import StreamError, StudioError
from studio.formats.recording import StreamInfo, StreamRef
from studio.store.reader import StoreReader
from studio.timing import NS_PER_MS, NS_PER_S, TIME_MIN, Duration, TimeInterval, Timestamp, monotonic_ns

BUCKETS_PER_E = 50
"""Latenesses are told apart to 2 %."""
LOOK_INTERVAL_S = 0.1

Report = Callable[[float], None]
"""Told how much is done, 0 to 1; raises to call the replay off."""


@dataclass(frozen=True, slots=True)
class StreamReplay:
    """What became of one stream."""

    name: str
    messages: int
    """Delivered."""
    stored: int
    """Held by the recording in this interval."""
    in_order: bool
    messages_per_s: float
    """In the time of the world."""
    late_p50_ms: float
    """Delivery after the moment that the recorded spacing asks for; 0.0 when nothing waits for its time."""
    late_p99_ms: float
    late_max_ms: float


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What became of a replay."""

    path: str
    from_time: Timestamp
    to_time: Timestamp
    speed: float
    enforce_clock: bool
    took_s: float
    streams: tuple[StreamReplay, ...]

    @property
    def is_exact(self) -> bool:
        """Whether every message of the interval came once and in order."""
        return all(each.messages == each.stored and each.in_order for each in self.streams)


class _Account:
    """Receives one stream."""

    def __init__(self) -> None:
        self.now: Callable[[], Timestamp] | None = None
        """The clock of the run; None: nothing waits for it."""
        self.count = 0
        self.in_order = True
        self.most: Duration = 0
        self._last_time: Timestamp = TIME_MIN
        self._buckets: dict[int, int] = {}

    def receive(self, _: Any, envelope: Envelope) -> None:
        """The action of a receiver."""
        time = envelope.originating_time
        late = max(0, self.now() - time) if self.now is not None else 0
        self.in_order = self.in_order and time > self._last_time
        self._last_time = time
        self.count += 1
        self.most = max(self.most, late)
        bucket = round(BUCKETS_PER_E * math.log(late + 1))
        self._buckets[bucket] = self._buckets.get(bucket, 0) + 1

    def late(self, share: float) -> float:
        """So many ns late, or less, came this share of the messages."""
        rest = share * self.count
        for bucket in sorted(self._buckets):
            rest -= self._buckets[bucket]
            if rest <= 0:
                return min(math.exp(bucket / BUCKETS_PER_E) - 1, self.most)
        return 0.0


def replay(
    selection: Selection, *, speed: float = 1.0, enforce_clock: bool = True, report: Report = lambda _: None
) -> ReplayReport:
    """Replay it to its end. Raises StudioError; what `report` raises ends the replay, and is passed on."""
    shelf = ReaderShelf()
    try:
        return _replayed(shelf, selection, speed, enforce_clock, report)
    finally:
        shelf.close()


def _replayed(
    shelf: ReaderShelf, selection: Selection, speed: float, enforce_clock: bool, report: Report
) -> ReplayReport:
    reader = shelf.reader(selection.path)
    streams = _chosen(reader, selection)
    coverage = TimeInterval.coverage(
        TimeInterval(each.first_time, each.last_time) for each in streams if each.message_count
    )
    if coverage is None:
        raise StreamError(f"There is nothing to replay in {selection.path}: no message is stored.")
    wanted = selection.interval
    if wanted.left > coverage.right or wanted.right < coverage.left or wanted.is_empty:
        raise StreamError("Nothing was recorded in this interval; choose another one.")
    interval = wanted.intersection(coverage)
    stored = {each.name: _stored(reader, each.name, interval) for each in streams}
    accounts = {StreamRef(selection.path, each.name): _Account() for each in streams}
    actions = {ref: account.receive for ref, account in accounts.items()}
    plan = RunPlan(actions, coverage, ReplayDescriptor(interval, enforce_clock, speed))
    run = PlayerRun(shelf, plan)
    for account in accounts.values():
        account.now = run.pipeline.get_current_time if enforce_clock else None
    took = _run_to_end(run, interval, report)
    return ReplayReport(
        path=selection.path,
        from_time=interval.left,
        to_time=interval.right,
        speed=speed,
        enforce_clock=enforce_clock,
        took_s=took / NS_PER_S,
        streams=tuple(
            _told(ref.name, account, stored[ref.name], took, speed) for ref, account in accounts.items()
        ),
    )


def _run_to_end(run: PlayerRun, interval: TimeInterval, report: Report) -> Duration:
    begun = monotonic_ns()
    try:
        run.begin()
        while not run.wait_for_end(LOOK_INTERVAL_S):
            report(min(1.0, max(0, run.latest - interval.left) / max(1, interval.span)))
        took = monotonic_ns() - begun
        report(1.0)
    finally:
        run.dispose()
    if run.error is not None:
        raise run.error if isinstance(run.error, StudioError) else StreamError(f"It failed: {run.error!r}")
    return took


def _chosen(reader: StoreReader, selection: Selection) -> list[StreamInfo]:
    names = reader.stream_names if selection.streams is None else selection.streams
    return [reader.stream(name).info() for name in dict.fromkeys(names)]


def _stored(reader: StoreReader, name: str, interval: TimeInterval) -> int:
    stream = reader.stream(name)
    first = stream.position(interval.left, after=not interval.left_inclusive)
    return max(0, stream.position(interval.right, after=interval.right_inclusive) - first)


def _told(name: str, account: _Account, stored: int, took: Duration, speed: float) -> StreamReplay:
    scale = 1.0 / (NS_PER_MS * speed)
    return StreamReplay(
        name=name,
        messages=account.count,
        stored=stored,
        in_order=account.in_order,
        messages_per_s=account.count * NS_PER_S / max(1, took),
        late_p50_ms=account.late(0.5) * scale,
        late_p99_ms=account.late(0.99) * scale,
        late_max_ms=account.most * scale,
    )
