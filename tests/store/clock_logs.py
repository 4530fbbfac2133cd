"""What following another clock may leave behind, made up; the truth about it is known."""

import random
from dataclasses import dataclass
from pathlib import Path

from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from studio.timing.clock_algorithm import terms_of
from studio.timing.segments import Segment, SegmentLine
from studio.timing.sync_status import (
    ClockLog,
    ProbeOutcome,
    ProbeRecord,
    Reference,
    StateChange,
    SyncState,
)
from tests.store.recordings import SCALAR, message

BEGIN = 5_000 * 10**9
"""By the monotonic clock."""
OWN_OFFSET = 1_700_000_000 * 10**9 - BEGIN
"""What the own clock adds to it."""
SECOND = 10**9
US = 10**3
MS = 10**6


@dataclass(frozen=True, slots=True)
class Truth:
    """How the clock of the reference really runs."""

    offset: int = 250 * MS
    """To the own clock, at BEGIN."""
    ppm: float = 20.0

    def at(self, monotonic: int) -> int:
        """The reference's time at a moment."""
        return monotonic + OWN_OFFSET + self.offset + round((monotonic - BEGIN) * self.ppm * 1e-6)


def probe(truth: Truth, sent: int, there: int, back: int, reference: int = 0) -> ProbeRecord:
    """One that needs so long there and back."""
    return ProbeRecord(sent, sent + there + back, truth.at(sent + there), reference=reference)


def part(number: int) -> ClockLog:
    """Second number `number` of following: what an exporter is told once a second."""
    truth, now = Truth(), BEGIN + number * SECOND
    dice = random.Random(number)
    probes = tuple(
        probe(truth, now + i * 60 * MS, 50 * US + dice.randrange(40_000), 50 * US + dice.randrange(40_000))
        for i in range(4)
    )
    failed = ProbeRecord(now + 300 * MS, now + 301 * MS, 0, ProbeOutcome.REFUSED)
    state = SyncState.SYNCING if number < 3 else SyncState.SYNCHRONISED
    changes = (StateChange(now, state, f"second {number}"),) if number in (0, 3) else ()
    return ClockLog(
        probes=(*probes, failed),
        segments=(Segment(now, truth.at(now) - 10 * US, round(20 * 1.099511627776e6)),),
        changes=changes,
        references=(Reference("10.0.0.2", 11511, "LAB-MASTER" if number else "", is_studio=True),),
        bounds=((now, 180 * US + number),),
        terms=terms_of(own_offset=OWN_OFFSET),
    )


def whole(parts: int) -> ClockLog:
    """All of them in one."""
    logs = [part(number) for number in range(parts)]
    return ClockLog(
        probes=tuple(each for log in logs for each in log.probes),
        segments=tuple(each for log in logs for each in log.segments),
        changes=tuple(each for log in logs for each in log.changes),
        references=logs[-1].references,
        bounds=tuple(each for log in logs for each in log.bounds),
        terms=logs[-1].terms,
    )


class LineClock:
    """Stands where it is put, on a line."""

    def __init__(self, line: SegmentLine, moment: int) -> None:
        self._line = line
        self.moment = moment

    def now(self) -> int:
        return self._line.time_at(self.moment)

    def from_monotonic(self, monotonic: int) -> int:
        return self._line.time_at(monotonic)


def begun_following(
    path: Path, log: ClockLog, seconds: int, *, first: int = 0, per_second: int = 10
) -> StoreWriter:
    """A recording of a number every tenth of a second on the clock of `log`, not yet closed."""
    clock = LineClock(SegmentLine(log.segments), BEGIN + first * SECOND)
    writer = StoreWriter.create(path, clock=clock)
    writer.add_stream(NewStream("numbers", SCALAR))
    writer.write_clock(log)
    for number in range(seconds * per_second):
        clock.moment = BEGIN + first * SECOND + (number + 1) * SECOND // per_second
        writer.append("numbers", message(SCALAR, clock.now(), float(number), number + 1))
    writer.flush()
    return writer


def followed(path: Path, log: ClockLog, seconds: int, *, first: int = 0) -> Path:
    """The same, closed."""
    begun_following(path, log, seconds, first=first).close()
    return path
