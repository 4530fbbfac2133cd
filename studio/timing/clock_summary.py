"""What is to be said of the clock of a recording in a few figures, computed from its log. Asks no clock.

A bound that a probe contradicts is the one thing that must not stay unsaid: between the moment at which a
reference is set and the burst that shows it, what was reported was wrong. Such stretches are marked.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from studio.timing.clock import NS_PER_S, TIME_MAX, TIME_MIN, Duration, Timestamp
from studio.timing.corridor import Probe, fit_corridor
from studio.timing.segments import SegmentLine, ppm_of_rate
from studio.timing.sync_status import (
    FOLLOWING,
    ClockLog,
    ProbeOutcome,
    ProbeRecord,
    Reference,
    SyncState,
)

ENDS: Duration = 300 * NS_PER_S
"""Probes so near to an end of a recording tell offset and rate there."""
SILENCE: Duration = 5 * NS_PER_S
"""Bounds come once a second; where none has come for so long, none is known."""
MOST_STRETCHES = 100


@dataclass(frozen=True, slots=True)
class ClockSummary:
    """The certificate in figures. Durations in ns, of the recording or what was looked at of it."""

    role: str
    """The most it was: "following", "reference", "self" (it followed this very machine) or "own"."""
    machine: str = ""
    """The last that was followed; empty: its name is not known."""
    address: str = ""
    is_studio: bool = False
    is_protected: bool = False
    references: int = 0
    """How many were followed, one after the other."""
    algorithm: str = ""
    algorithm_version: int = 0
    parameters: tuple[tuple[str, float], ...] = ()
    limit: Duration = 0
    """What the user allowed the bound to be; 0: not noted."""
    when_lost: str = ""
    begin_time: Timestamp = 0
    end_time: Timestamp = 0
    """What the figures are about, in the times of the recording; 0: its clock is not known."""
    offset_begin: Duration | None = None
    """Of the reference to this machine's own clock, as of now known best; None: it was not followed."""
    offset_end: Duration | None = None
    rate_begin_ppm: float | None = None
    """How much faster the reference ran than this machine."""
    rate_end_ppm: float | None = None
    bound_p50: Duration | None = None
    """Of the guaranteed bound: half of the time it was at most this."""
    bound_p99: Duration | None = None
    bound_max: Duration | None = None
    unknown_s: float = 0.0
    """How long no bound was known, at the beginning for instance."""
    states: tuple[tuple[str, float], ...] = ()
    """Seconds in each state."""
    held_steps: int = 0
    """How often the reference was set and the recording kept its time line."""
    largest_slew_ppm: float = 0.0
    """How much faster or slower than usual the clock has gone."""
    probes: int = 0
    answered: int = 0
    doubtful: tuple[tuple[Timestamp, Timestamp], ...] = ()
    """From when to when a bound was reported that a probe contradicts."""

    @property
    def doubtful_s(self) -> float:
        """How long that was in all."""
        return sum(end - begin for begin, end in self.doubtful) / NS_PER_S

    @property
    def guaranteed(self) -> Duration | None:
        """How far the times may have been from those of the reference; None where that is not known."""
        if self.role in ("reference", "self"):
            return 0
        known = self.role == "following" and self.unknown_s <= SILENCE / NS_PER_S
        return self.bound_max if known else None

    def to_json(self) -> str:
        """ASCII."""
        return json.dumps({**asdict(self), "parameters": dict(self.parameters)})

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "ClockSummary":
        """From what `to_json` said; what a later version says besides is left out. KeyError, TypeError."""
        known = {name: value for name, value in fields.items() if name in cls.__dataclass_fields__}
        known["parameters"] = tuple((name, float(value)) for name, value in known["parameters"].items())
        for name in ("states", "doubtful"):
            known[name] = tuple((first, second) for first, second in known[name])
        return cls(**known)


def summary_of(
    log: ClockLog, begin_time: Timestamp = TIME_MIN, end_time: Timestamp = TIME_MAX
) -> ClockSummary:
    """The figures of a log between two times of the recording; unbounded: as far as the log reaches."""
    line = SegmentLine(log.segments) if log.segments else None
    begin, end = _span(log, line, begin_time, end_time)
    inside = [each for each in log.probes if begin <= each.sent <= end]
    answered = [each for each in inside if each.outcome is ProbeOutcome.ANSWERED]
    states = _seconds_in_states(log, begin, end)
    asked = answered[-1].reference if answered else len(log.references) - 1
    reference = log.references[asked] if 0 <= asked < len(log.references) else None
    terms = log.terms
    return ClockSummary(
        role=_role(states, has_bounds=bool(log.bounds)),
        **_reference_figures(reference, len({each.reference for each in inside}) or len(log.references)),
        algorithm=terms.algorithm if terms else "",
        algorithm_version=terms.algorithm_version if terms else 0,
        parameters=terms.parameters if terms else (),
        limit=terms.limit if terms else 0,
        when_lost=terms.when_lost if terms else "",
        begin_time=line.time_at(begin) if line else 0,
        end_time=line.time_at(end) if line else 0,
        **_ends(answered, begin, end, terms.own_offset if terms else 0),
        **_bound_figures(log.bounds, begin, end),
        states=tuple((state.value, seconds) for state, seconds in states.items()),
        held_steps=sum(1 for each in log.changes if each.held_step and begin <= each.monotonic <= end),
        largest_slew_ppm=_largest_slew(log, begin, end),
        probes=len(inside),
        answered=len(answered),
        doubtful=_in_times([*_contradicted(answered, log.bounds, line), *_uncertain(log, begin, end)], line)
        if line
        else (),
    )


def summaries_of(
    logs: Sequence[ClockLog], begin_time: Timestamp, end_time: Timestamp
) -> tuple[ClockSummary, ...]:
    """Of each log that tells of these times; of several, each as far as it reaches."""
    if len(logs) == 1:
        return (summary_of(logs[0], begin_time, end_time),)
    found = []
    for log in logs:
        whole = summary_of(log)
        begin, end = max(begin_time, whole.begin_time), min(end_time, whole.end_time)
        if begin <= end:
            found.append(
                whole if (begin, end) == (whole.begin_time, whole.end_time) else summary_of(log, begin, end)
            )
    return tuple(found)


def _span(
    log: ClockLog, line: SegmentLine | None, begin_time: Timestamp, end_time: Timestamp
) -> tuple[int, int]:
    """The stretch of the monotonic clock that is meant."""
    moments = [each.monotonic for each in log.changes] + [moment for moment, _ in log.bounds]
    moments += [moment for each in log.probes for moment in (each.sent, each.received)]
    moments = moments or [each.monotonic for each in log.segments] or [0]
    begin, end = min(moments), max(moments)
    if line is not None and begin_time != TIME_MIN:
        begin = line.monotonic_at(begin_time)
    if line is not None and end_time != TIME_MAX:
        end = line.monotonic_at(end_time)
    return begin, max(begin, end)


def _role(states: dict[SyncState, float], *, has_bounds: bool) -> str:
    """Bounds are kept of a clock that was followed only: a run may go on with its own one to the end."""
    if has_bounds and (FOLLOWING | {SyncState.SYNCING}) & states.keys():
        return "following"
    for state in (SyncState.REFERENCE, SyncState.SELF):
        if state in states:
            return str(state.value)
    return SyncState.OWN.value


def _reference_figures(reference: Reference | None, count: int) -> dict[str, Any]:
    if reference is None:
        return {}
    return {
        "machine": reference.machine,
        "address": f"{reference.host}:{reference.port}",
        "is_studio": reference.is_studio,
        "is_protected": reference.is_protected,
        "references": count,
    }


def _seconds_in_states(log: ClockLog, begin: int, end: int) -> dict[SyncState, float]:
    """In the order in which they came first; what was before the first change is not known."""
    found: dict[SyncState, float] = {}
    changes = sorted(log.changes, key=lambda change: change.monotonic)
    ends = [*(change.monotonic for change in changes[1:]), end]
    for change, until in zip(changes, ends, strict=True) if changes else ():
        lasted = min(until, end) - max(change.monotonic, begin)
        if lasted > 0 or (lasted == 0 and begin == end):
            found[change.state] = found.get(change.state, 0.0) + lasted / NS_PER_S
    return found


def _ends(answered: Sequence[ProbeRecord], begin: int, end: int, own_offset: Duration) -> dict[str, Any]:
    if not answered:
        return {}
    first, last = answered[0].reference, answered[-1].reference
    early = [_probe(p) for p in answered if p.reference == first and p.sent - begin <= ENDS]
    late = [_probe(p) for p in answered if p.reference == last and end - p.sent <= ENDS]
    figures: dict[str, Any] = {}
    for name, probes, moment in (("begin", early, begin), ("end", late, end)):
        if probes:
            corridor = fit_corridor(_thinned(probes), moment)
            figures[f"offset_{name}"] = corridor.offset - own_offset
            figures[f"rate_{name}_ppm"] = round(corridor.rate_ppm, 3)
    return figures


def _probe(record: ProbeRecord) -> Probe:
    return Probe(record.sent, record.received, record.stamp)


def _thinned(probes: list[Probe]) -> list[Probe]:
    return probes[:: max(1, len(probes) // 1000)]


def _bound_figures(bounds: Sequence[tuple[int, Duration]], begin: int, end: int) -> dict[str, Any]:
    inside = _told_of(bounds, begin, end)
    moments = [begin, *(moment for moment, _ in inside if begin <= moment <= end), end]
    silent = sum(
        max(0, second - first - SILENCE) + SILENCE
        for first, second in pairwise(moments)
        if second - first > SILENCE
    )
    if not inside:
        return {"unknown_s": silent / NS_PER_S}
    values = np.sort(np.array([bound for _, bound in inside], np.int64))
    rank = len(values) - 1
    return {
        "bound_p50": int(values[-(-50 * rank // 100)]),
        "bound_p99": int(values[-(-99 * rank // 100)]),
        "bound_max": int(values[-1]),
        "unknown_s": silent / NS_PER_S,
    }


def _told_of(bounds: Sequence[tuple[int, Duration]], begin: int, end: int) -> Sequence[tuple[int, Duration]]:
    """Those between two moments; if there are none, as between two looks, those just before and after."""
    moments = [moment for moment, _ in bounds]
    first, last = bisect_left(moments, begin), bisect_right(moments, end)
    if first < last:
        return bounds[first:last]
    near = bounds[max(0, first - 1) : last + 1]
    return [(moment, bound) for moment, bound in near if begin - SILENCE <= moment <= end + SILENCE]


def _largest_slew(log: ClockLog, begin: int, end: int) -> float:
    """Against the rate that the clock had for half of the time."""
    if not log.segments:
        return 0.0
    starts = [max(begin, each.monotonic) for each in log.segments]
    lasted = [max(0, until - start) for start, until in zip(starts, [*starts[1:], end], strict=True)]
    rates = [each.rate for each, length in zip(log.segments, lasted, strict=True) if length > 0]
    if not rates:
        return 0.0
    weights = np.array([length for length in lasted if length > 0], np.float64)
    order = np.argsort(rates, kind="stable")
    middle = order[int(np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2))]
    return round(ppm_of_rate(max(abs(rate - rates[int(middle)]) for rate in rates)), 3)


def _uncertain(log: ClockLog, begin: int, end: int) -> list[tuple[int, int]]:
    """Stretches that the follower itself has marked."""
    marked = [(each.uncertain_since, each.monotonic) for each in log.changes if each.uncertain_since]
    return [(max(begin, since), min(end, until)) for since, until in marked if since < end and until > begin]


def _in_times(
    stretches: Sequence[tuple[int, int]], line: SegmentLine
) -> tuple[tuple[Timestamp, Timestamp], ...]:
    """In order and apart, by the times of the recording."""
    apart: list[tuple[int, int]] = []
    for begin, end in sorted(stretches):
        if apart and begin <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((begin, end))
    return tuple((line.time_at(begin), line.time_at(end)) for begin, end in apart[:MOST_STRETCHES])


def _contradicted(
    answered: Sequence[ProbeRecord], bounds: Sequence[tuple[int, Duration]], line: SegmentLine
) -> list[tuple[int, int]]:
    """Where the bound as last reported before a probe does not allow what the probe says."""
    moments = [moment for moment, _ in bounds]
    found: list[tuple[int, int]] = []
    agreed: int | None = None
    for probe in answered:
        place = bisect_right(moments, probe.sent)
        if not place:
            continue
        bound = bounds[place - 1][1]
        lower, upper = probe.stamp - line.time_at(probe.received), probe.stamp - line.time_at(probe.sent)
        if lower <= bound and upper >= -bound:
            agreed = probe.received
            continue
        after = bisect_left(moments, probe.received)
        until = moments[after] if after < len(moments) else probe.received
        since = min(moments[place - 1], probe.sent) if agreed is None else agreed
        found.append((since, until))
    return found
