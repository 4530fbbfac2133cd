"""Cuts the probes of a recording where the clock they tell of is not one clock: arithmetic only.

At a step of the reference, a sleep of this machine (its monotonic clock stands still meanwhile) and where
another reference is followed, what was measured before says nothing of what comes after.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from studio.timing.clock import NS_PER_MS, NS_PER_S, Duration
from studio.timing.corridor import Probe
from studio.timing.offset_tracking import SUSPECTS_FOR_STEP, Finding, OffsetTracker
from studio.timing.sync_status import ClockLog, ProbeOutcome

PATIENCE: Duration = 60 * NS_PER_S
"""What was fitted may be so old while all agrees with it: steps are looked for here, not the offset."""
BURST_GAP: Duration = 500 * NS_PER_MS
"""Probes that are farther apart are not of one burst."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Probes of one clock, one at least."""

    reference: int
    probes: tuple[Probe, ...]
    is_step: bool = False
    """It was set just before; else another reference begins here, or it is the first."""


def pieces_of(
    log: ClockLog, *, tick: Duration = 0, told: Callable[[float], None] = lambda _: None
) -> list[Piece]:
    """All that was answered, in order; `tick`: the reference's clock only counts in steps of that.

    `told` hears how much is done, 0 to 1.
    """
    pieces: list[Piece] = []
    bursts = list(_bursts(log, tick))
    first = 0
    tracker = OffsetTracker(patience=PATIENCE)
    for number, (reference, burst) in enumerate(bursts):
        told(number / len(bursts))
        if number and reference != bursts[number - 1][0]:
            pieces.append(_piece(bursts[first:number], is_step=_is_step(pieces, bursts[first][0])))
            first, tracker = number, OffsetTracker(patience=PATIENCE)
        if tracker.take(burst) is Finding.STEP:
            begin = number + 1 - SUSPECTS_FOR_STEP
            pieces.append(_piece(bursts[first:begin], is_step=_is_step(pieces, reference)))
            first = begin
    if bursts:
        pieces.append(_piece(bursts[first:], is_step=_is_step(pieces, bursts[first][0])))
    return pieces


def _is_step(before: Sequence[Piece], reference: int) -> bool:
    return bool(before) and before[-1].reference == reference


def _piece(bursts: Sequence[tuple[int, tuple[Probe, ...]]], *, is_step: bool) -> Piece:
    return Piece(bursts[0][0], tuple(probe for _, burst in bursts for probe in burst), is_step)


def _bursts(log: ClockLog, tick: Duration) -> Iterator[tuple[int, tuple[Probe, ...]]]:
    answered = sorted(
        (each for each in log.probes if each.outcome is ProbeOutcome.ANSWERED), key=lambda each: each.sent
    )
    burst: list[Probe] = []
    reference = 0
    for record in answered:
        if burst and (record.reference != reference or record.sent - burst[-1].received > BURST_GAP):
            yield reference, tuple(burst)
            burst = []
        reference = record.reference
        burst.append(Probe(record.sent, record.received, record.stamp, tick))
    if burst:
        yield reference, tuple(burst)
