"""What was measured, decided and seen of a clock, as recordings keep it; and what of it counts for now."""

from collections import deque
from collections.abc import Callable, Reversible, Sequence
from itertools import takewhile
from statistics import median
from typing import TypeVar

from studio.timing import NS_PER_S, Duration
from studio.timing.segments import Segment
from studio.timing.sync_status import (
    ClockLog,
    ClockTerms,
    ProbeOutcome,
    ProbeRecord,
    Reference,
    StateChange,
    SyncState,
)

T = TypeVar("T")

KEPT_PROBES = 100_000
"""A day and more."""
KEPT_BOUNDS = 100_000
KEPT_CHANGES = 10_000
MINUTE: Duration = 60 * NS_PER_S


class SyncRecords:
    """Everything about one clock that is followed, in order. Belongs to one thread at a time."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.answered = 0
        self.asked = 0
        self.first_answer: int | None = None
        self.last_answer: int | None = None
        self.round_trip: Duration | None = None
        """The median of the newest burst with an answer."""
        self._probes: deque[ProbeRecord] = deque(maxlen=KEPT_PROBES)
        self._bounds: deque[tuple[int, Duration]] = deque(maxlen=KEPT_BOUNDS)
        self._changes: deque[StateChange] = deque(maxlen=KEPT_CHANGES)
        self._residuals: deque[tuple[int, Duration]] = deque(maxlen=64)
        self._state: SyncState | None = None

    def took(self, records: Sequence[ProbeRecord]) -> tuple[ProbeRecord, ...]:
        """A burst came; those of it that were answered."""
        answers = tuple(record for record in records if record.outcome is ProbeOutcome.ANSWERED)
        self._probes.extend(records)
        self.asked += len(records)
        self.answered += len(answers)
        if answers:
            self.first_answer = self.first_answer or answers[0].received
            self.last_answer = answers[-1].received
            self.round_trip = round(median(answer.received - answer.sent for answer in answers))
        return answers

    def failed_share(self, now: int) -> float:
        """Of the probes of the last minute."""
        outcomes: list[bool] = []
        for record in reversed(self._probes):
            if now - record.received > MINUTE:
                break
            outcomes.append(record.outcome is not ProbeOutcome.ANSWERED)
        return sum(outcomes) / len(outcomes) if outcomes else 0.0

    def missed_by(self, now: int, residual: Duration) -> None:
        """The middle of a burst was that far from what was expected of it."""
        self._residuals.append((now, residual))

    def repeatability(self, now: int) -> Duration | None:
        """How much the bursts of the last minute scatter."""
        recent = [abs(residual) for time, residual in self._residuals if now - time <= MINUTE]
        return round(median(recent)) if recent else None

    def bound_was(self, now: int, bound: Duration) -> None:
        """The clock of our pipelines was certainly no farther off than that."""
        self._bounds.append((now, bound))

    def state_is(self, now: int, state: SyncState, text: str) -> None:
        """It stands so now; noted if that is new."""
        if state is not self._state:
            self._state = state
            self._changes.append(StateChange(now, state, text))

    def note(self, now: int, text: str, *, held_step: Duration = 0, uncertain_since: int = 0) -> None:
        """Something happened that is no change of state."""
        state = self._state or SyncState.CONNECTING
        change = StateChange(now, state, text, held_step=held_step, uncertain_since=uncertain_since)
        self._changes.append(change)

    def since(self, monotonic: int, segments: Sequence[Segment], terms: ClockTerms) -> ClockLog:
        """All that came at that moment or later, with the segments and terms given."""
        return ClockLog(
            probes=_newest(self._probes, lambda record: record.received >= monotonic),
            segments=tuple(segments),
            changes=_newest(self._changes, lambda change: change.monotonic >= monotonic),
            references=(self.reference,),
            bounds=_newest(self._bounds, lambda bound: bound[0] >= monotonic),
            terms=terms,
        )


def _newest(entries: Reversible[T], is_wanted: Callable[[T], bool]) -> tuple[T, ...]:
    """From the first one that is wanted; looked for from the end, since little is asked for often."""
    return tuple(takewhile(is_wanted, reversed(entries)))[::-1]
