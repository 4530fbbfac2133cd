"""What following a clock would have left behind, with known truth: our own arithmetic, no sockets."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from studio.timing.corridor import Probe
from studio.timing.offset_tracking import Finding, OffsetTracker
from studio.timing.segments import SegmentLine, rate_of_ppm
from studio.timing.sync_status import ClockLog, ProbeRecord, Reference, StateChange, SyncState

SECOND = 10**9
MS = 10**6
US = 10**3
BEGIN = 5_000 * SECOND
UTC = 1_700_000_000 * SECOND
HELD = 20 * MS


@dataclass(frozen=True, slots=True)
class Path:
    """One-way delays in ns: at least `least`, and exponential noise of mean `noise`."""

    there: int = 60 * US
    back: int = 60 * US
    noise: int = 20 * US
    jitter: int = 0
    """Evenly spread, besides."""

    def delay(self, dice: random.Random, least: int) -> int:
        return least + round(dice.expovariate(1 / self.noise)) + dice.randrange(-self.jitter, self.jitter + 1)


LAN = Path()
JITTERY = Path(5 * MS, 5 * MS, 20 * US, 3 * MS)

Truth = Callable[[int], int]
"""From the monotonic clock to the reference's time."""


def drifting(offset: int = 250 * MS, ppm: float = 20.0) -> Truth:
    """A straight one."""
    return lambda moment: moment + UTC + offset + round((moment - BEGIN) * ppm * 1e-6)


def set_by(truth: Truth, at_s: float, step: int) -> Truth:
    """The same, set by `step` after so many seconds."""
    return lambda moment: truth(moment) + (step if moment >= BEGIN + at_s * SECOND else 0)


def follow(
    seconds: int,
    truth: Truth,
    path: Path = LAN,
    *,
    seed: int = 1,
    reference: Callable[[int], int] = lambda _: 0,
) -> ClockLog:
    """A recording of that length, which begins when the first bursts are there."""
    dice = random.Random(seed)
    tracker, line, asked = OffsetTracker(), None, 0
    probes: list[ProbeRecord] = []
    bounds: list[tuple[int, int]] = []
    changes = [StateChange(BEGIN - 12 * SECOND, SyncState.SYNCING)]
    now, held = BEGIN - 12 * SECOND, 0
    while now < BEGIN + seconds * SECOND:
        if asked != (asked := reference(now)):
            tracker = OffsetTracker()
        burst = []
        for number in range(4):
            sent = now + number * 60 * MS
            there, back = path.delay(dice, path.there), path.delay(dice, path.back)
            burst.append(Probe(sent, sent + there + back, truth(sent + there)))
            probes.append(ProbeRecord(sent, sent + there + back, burst[-1].stamp, reference=asked))
        finding = tracker.take(burst)
        known = tracker.estimate(burst[-1].received)
        assert known is not None
        here, rate = known.monotonic, rate_of_ppm(known.rate_ppm)
        if line is None:
            line = SegmentLine.beginning(here, here + known.offset, rate)
        error = line.error_at(here, known.offset - held)
        if finding is Finding.STEP and abs(error) > HELD:
            held += error
            changes.append(StateChange(here, SyncState.DEGRADED, "set", held_step=error))
        line = line.steered(here, offset=known.offset - held, rate=rate)
        pause = round((1 if now < BEGIN - 2 * SECOND else 5) * SECOND * dice.uniform(0.9, 1.1))
        for second in range(max(1, pause // SECOND)):
            told = tracker.estimate(here + second * SECOND)
            assert told is not None
            moment = told.monotonic
            bounds.append((moment, told.bound.largest_error(line.time_at(moment) - moment)))
        now += pause
    assert line is not None
    changes.append(StateChange(BEGIN - SECOND, SyncState.SYNCHRONISED))
    return ClockLog(
        probes=tuple(probes),
        segments=line.segments,
        changes=tuple(sorted(changes, key=lambda change: change.monotonic)),
        references=(Reference("10.0.0.2", 11511, "LAB-MASTER"), Reference("10.0.0.3", 11511, "OTHER")),
        bounds=tuple(bounds),
    )
