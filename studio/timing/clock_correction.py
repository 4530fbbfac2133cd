"""Finds afterwards what the clock of a recording should have shown: the corridor over all its probes.

While recording, only what came before counts; afterwards what came later counts as much. Every ten seconds
the offset is fitted anew from the probes on both sides; between these knots it is taken as a straight line.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from studio.timing.clock import NS_PER_S, Duration, Timestamp
from studio.timing.clock_map import ClockMap, Int64s
from studio.timing.clock_pieces import Piece, pieces_of
from studio.timing.corridor import Probe, ProbeRows, RateBelief, fit_corridor, probe_rows
from studio.timing.offset_bound import WINDOW, OffsetBound, offset_bound
from studio.timing.rate_bound import RateBound, rate_bound
from studio.timing.segments import RATE_ONE, Segment, SegmentLine
from studio.timing.sync_status import ClockLog

KNOT_INTERVAL: Duration = 10 * NS_PER_S
HORIZON: Duration = 450 * NS_PER_S
"""Probes farther away than that, before or after, do not count for a knot."""
MOST_PROBES = 1000
"""Of them, evenly chosen, as many count."""


@dataclass(frozen=True, slots=True)
class CorrectedPiece:
    """A stretch in which the reference was one clock."""

    begin_time: Timestamp
    """As recorded."""
    end_time: Timestamp
    reference: int
    is_step: bool
    """The reference was set, or this machine slept, just before; else another reference begins."""
    jump: Duration = 0
    """By how much the corrected time jumps ahead at its beginning."""
    held: Duration = 0
    """By how much it stays ahead of the reference, since corrected times must not go back; negative where
    steps are kept out on request."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a log leads to."""

    clock_map: ClockMap
    pieces: tuple[CorrectedPiece, ...]
    bounds: tuple[tuple[int, Duration], ...]
    """(monotonic, what remains of the guaranteed bound), one a second; `held` is not in it."""
    line: SegmentLine
    """The map from the monotonic clock to the corrected time, straight between the knots."""

    @property
    def bound_figures(self) -> tuple[Duration, Duration, Duration]:
        """What remains of the bound: half of the time at most, 99 % of it, at most."""
        values = np.sort(np.array([bound for _, bound in self.bounds], np.int64))
        rank = len(values) - 1
        return int(values[-(-50 * rank // 100)]), int(values[-(-99 * rank // 100)]), int(values[-1])


@dataclass(frozen=True, slots=True)
class _Knot:
    monotonic: int
    offset: Duration
    bound: Duration


@dataclass(slots=True)
class _Made:
    """What has been put together so far."""

    moments: list[int]
    times: list[Timestamp]
    pieces: list[CorrectedPiece]
    bounds: list[tuple[int, Duration]]


def correct_log(
    log: ClockLog,
    begin_time: Timestamp,
    end_time: Timestamp,
    *,
    tick: Duration = 0,
    follow_steps: bool = True,
    told: Callable[[float], None] = lambda _: None,
) -> Correction:
    """The correction of what was recorded between two times. ValueError without segments or answers.

    `follow_steps`: where the reference is set ahead, so is the corrected time; where it is set back, the
    corrected time cannot follow and stays ahead of it. Else the time line goes on through all steps.
    """
    if not log.segments:
        raise ValueError("the log does not say on which clock it was recorded")
    line = SegmentLine(log.segments)
    begin, end = line.monotonic_at(begin_time), line.monotonic_at(end_time)
    pieces = pieces_of(log, tick=tick, told=lambda done: told(0.5 * done))
    if not pieces:
        raise ValueError("no question to the reference was answered")
    edges = _edges(pieces, begin, end)
    found = [(piece, *edge) for piece, edge in zip(pieces, pairwise(edges), strict=True) if edge[1] > edge[0]]
    found = found or [(pieces[0], begin, begin)]
    made = _Made([], [], [], [])
    span = max(1, end - begin)
    for piece, first, last in found:
        share = _share(told, 0.5 + 0.5 * (first - begin) / span, 0.5 + 0.5 * (last - begin) / span)
        knots = _knots_of(piece, first, last, share)
        _take(made, piece, knots, line, follow_steps=follow_steps)
    return Correction(_map(made, line), tuple(made.pieces), _every_second(made.bounds), _line(made))


def _share(told: Callable[[float], None], begin: float, end: float) -> Callable[[float], None]:
    """Hears how much of a part is done, and tells how much that is of all."""
    return lambda done: told(begin + done * (end - begin))


def _take(
    made: _Made, piece: Piece, knots: Sequence[_Knot], line: SegmentLine, *, follow_steps: bool
) -> None:
    """One piece more."""
    first, last = knots[0].monotonic, knots[-1].monotonic
    unheld = first + knots[0].offset
    held = _held(made, unheld, follow_steps=follow_steps)
    jump = unheld + held - made.times[-1] if made.times else 0
    _add(made, _with_edges(knots, line.segments), held)
    step = abs(jump) + abs(held) if piece.is_step and made.bounds else 0
    if step:
        made.bounds[-1] = (made.bounds[-1][0], made.bounds[-1][1] + step)
    answered = piece.probes[0].middle  # before, it is not certain on which side of the step one is
    made.bounds.extend((k.monotonic, k.bound + (step if k.monotonic < answered else 0)) for k in knots)
    times = line.time_at(first), line.time_at(last)
    made.pieces.append(CorrectedPiece(*times, piece.reference, piece.is_step, jump, held))


def _edges(pieces: Sequence[Piece], begin: int, end: int) -> list[int]:
    """Where the pieces meet: in the middle between what was measured before and after."""
    middles = [(first.probes[-1].middle + second.probes[0].middle) // 2 for first, second in pairwise(pieces)]
    return [begin, *(max(begin, min(end, middle)) for middle in middles), max(begin, end)]


def _knots_of(piece: Piece, first: int, last: int, told: Callable[[float], None]) -> list[_Knot]:
    moments = [first, *range((first // KNOT_INTERVAL + 1) * KNOT_INTERVAL, last, KNOT_INTERVAL), last]
    rows = probe_rows(piece.probes)
    middles = (rows[:, 0] + rows[:, 1]) // 2
    belief = RateBelief()
    knots = []
    for moment in dict.fromkeys(moments):
        told((moment - first) / max(1, last - first))
        near = _near(rows, middles, moment)
        corridor = fit_corridor(near, moment, belief=belief)
        bound = _bound_at(piece.probes, middles, moment, rate_bound(near))
        offset = max(bound.lower, min(corridor.offset, bound.upper))
        knots.append(_Knot(moment, offset, bound.largest_error(offset)))
    return knots


def _near(rows: ProbeRows, middles: Int64s, moment: int) -> ProbeRows:
    """Those that count; where nobody answered for long, the nearest."""
    first, last = np.searchsorted(middles, (moment - HORIZON, moment + HORIZON + 1)).tolist()
    if last - first < 2:
        first, last = max(0, first - 8), min(len(rows), last + 8)
    return rows[first : last : -(-(last - first) // MOST_PROBES)]


def _bound_at(probes: Sequence[Probe], middles: Int64s, moment: int, rate: RateBound) -> OffsetBound:
    """What the minute before and the minute after leave; all that they say where they contradict."""
    place = int(np.searchsorted(middles, moment, side="right"))
    sides = []
    if place:
        sides.append(probes[int(np.searchsorted(middles, middles[place - 1] - WINDOW)) : place])
    if place < len(probes):
        sides.append(probes[place : int(np.searchsorted(middles, middles[place] + WINDOW, side="right"))])
    bounds = [offset_bound([side], moment, rate) for side in sides]
    if len(bounds) == 1:
        return bounds[0]
    lower, upper = max(b.lower for b in bounds), min(b.upper for b in bounds)
    return OffsetBound(lower, upper) if lower <= upper else bounds[0].hull(bounds[1])


def _held(made: _Made, unheld: Timestamp, *, follow_steps: bool) -> Duration:
    """What has to be added to a piece that would begin at `unheld`."""
    if not made.times:
        return 0
    back = made.times[-1] - unheld
    return max(0, back + 1) if follow_steps else back + 1


def _with_edges(knots: Sequence[_Knot], segments: Sequence[Segment]) -> list[tuple[int, int]]:
    """Knots and, between them, the moments at which the recorded line bends: (moment, corrected time)."""
    moments = [knot.monotonic for knot in knots]
    offsets = [knot.offset for knot in knots]
    bends = [each.monotonic for each in segments if moments[0] < each.monotonic < moments[-1]]
    found = []
    for moment in sorted({*moments, *bends}):
        place = min(bisect_right(moments, moment), len(moments) - 1)
        if len(moments) == 1 or moment == moments[place]:
            found.append((moment, moment + offsets[place]))
            continue
        begin, end = moments[place - 1], moments[place]
        grown = (offsets[place] - offsets[place - 1]) * (moment - begin) // (end - begin)
        found.append((moment, moment + offsets[place - 1] + grown))
    return found


def _add(made: _Made, knots: Sequence[tuple[int, int]], held: Duration) -> None:
    """Behind what is there; where two pieces meet, the second begins a nanosecond later."""
    for moment, time in knots:
        if made.moments and moment <= made.moments[-1]:
            moment, time = made.moments[-1] + 1, time + 1
        made.moments.append(moment)
        made.times.append(max(time + held, made.times[-1] + 1 if made.times else time + held))


def _every_second(bounds: Sequence[tuple[int, Duration]]) -> tuple[tuple[int, Duration], ...]:
    """Between two knots the wider of both bounds holds; told as often as while recording."""
    found: list[tuple[int, Duration]] = []
    for (moment, bound), (until, following) in pairwise(bounds):
        widest = max(bound, following)
        found.extend((each, widest) for each in range(moment, until, NS_PER_S))
    return (*found, *bounds[-1:])


def _map(made: _Made, line: SegmentLine) -> ClockMap:
    recorded: list[Timestamp] = []
    for moment in made.moments:
        time = line.time_at(moment)
        recorded.append(max(time, recorded[-1] + 1) if recorded else time)
    return ClockMap(np.array(recorded, np.int64), np.array(made.times, np.int64))


def _line(made: _Made) -> SegmentLine:
    """The same as segments, without a jump between them but where the clock is to jump."""
    segments: list[Segment] = []
    shown = made.times[0]
    for place, moment in enumerate(made.moments):
        wanted = made.times[place]
        is_jump = place > 0 and moment - made.moments[place - 1] == 1
        shown = wanted if is_jump or not segments else segments[-1].time_at(moment)
        if place + 1 < len(made.moments) and made.moments[place + 1] - moment > 1:
            span = made.moments[place + 1] - moment
            rate = (made.times[place + 1] - shown - span) * RATE_ONE // span
        else:
            rate = segments[-1].rate if segments else 0
        segments.append(Segment(moment, shown, rate))
    return SegmentLine(tuple(segments))
