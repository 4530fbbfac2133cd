"""One clock that is followed: from bursts of probes to a state, a bound, and a clock to run on.

Takes what was measured, decides, and asks nobody: what time it is, is told with every call. While somebody
runs on the clock it is slewed, never set; when nobody does, the next one begins right on time. Belongs to one
thread at a time; the clocks it hands out may be read by any.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from studio.net.coarse_clock import LEAST_STAMPS, tick_of
from studio.net.run_clock import RunClock
from studio.net.sync_judgement import Situation, in_words, judged, milliseconds, signed
from studio.net.sync_records import SyncRecords
from studio.timing import NS_PER_S, Clock, Duration, monotonic_ns
from studio.timing.clock_algorithm import terms_of
from studio.timing.corridor import Probe, RateBelief
from studio.timing.offset_tracking import Finding, OffsetEstimate, OffsetTracker
from studio.timing.steered_clock import SteeredClock
from studio.timing.sync_status import (
    BOUND_LIMIT,
    ClockLog,
    ClockTerms,
    ProbeRecord,
    Reference,
    SyncStatus,
)

FARTHEST: Duration = 24 * 3600 * NS_PER_S
"""A clock that is off by more is not followed unless somebody says it shall be."""
FINEST_TICK: Duration = 100
"""Stamps come in steps of 100 ns."""


class FollowedClock:
    """What is known of one exporter's clock."""

    def __init__(
        self,
        reference: Reference,
        own: Clock,
        *,
        bound_limit: Duration = BOUND_LIMIT,
        period: Duration = 5 * NS_PER_S,
        belief: RateBelief | None = None,
        far_machine: str | None = None,
        own_name: str = "",
        monotonic: Callable[[], int] = monotonic_ns,
    ) -> None:
        """`own`: this machine's clock, to which offsets are told. `belief`: what is remembered of the rate.
        `far_machine`: who may be off by more than a day: None: nobody; empty: whoever answers there.
        `own_name`: how this machine would call itself, to recognise it. `monotonic`: what counts the
        nanoseconds for the clocks that are handed out.
        """
        self._own = own
        self._own_name = own_name
        self.bound_limit = bound_limit
        """What the user allows the bound to be."""
        self._period = period
        self._belief = belief
        self._far_machine = far_machine
        self._far: Duration = 0
        self._records = SyncRecords(reference)
        self._tracker = OffsetTracker(belief)
        self._start: list[tuple[Probe, ...]] | None = []
        """Bursts until there are enough to tell a coarse clock; then None."""
        self._tick: Duration = 0
        self._run_clock = RunClock(monotonic)
        self._last_agreed = 0  # when the last burst came that agreed with those before
        self._error = ""
        self._problem = ""
        """What went wrong with the last probe that failed."""
        self._fault = ""
        """What is wrong with the measuring itself."""
        self._remark = ""
        self._is_self = False
        self._is_slewing = False  # our own clock, when it was looked at last

    # -- what comes in ------------------------------------------------------------------------------------

    def take(
        self,
        records: Sequence[ProbeRecord],
        now: int,
        *,
        machine: str = "",
        is_local: bool = False,
        problem: str = "",
    ) -> Finding | None:
        """A burst came: its probes, how the machine calls itself, whether its address is one of ours."""
        answers = self._records.took(records)
        self._problem = problem
        if answers:
            self._fault = ""
        if machine:
            self._identify(machine, is_local, now)
        if not answers or self._error or self._is_self:
            return None
        if self._is_too_far(answers[-1], now):
            return None
        return self._measured(tuple(Probe(a.sent, a.received, a.stamp, FINEST_TICK) for a in answers), now)

    def failed(self, problem: str, now: int) -> None:
        """Measuring itself failed; noted, and told until the next burst."""
        self._fault = problem
        self._records.note(now, problem)

    def refuse(self, error: str) -> None:
        """It must not be followed after all."""
        self._error = self._error or error

    def slept(self, duration: Duration, now: int) -> None:
        """This machine was suspended, while its monotonic clock stood still."""
        since = self._last_agreed
        self._records.note(now, f"This machine slept for {in_words(duration)}.", uncertain_since=since)

    def slewed(self, now: int, by: Duration) -> None:
        """This machine's own clock was slewed since the look before; 0: it was not. Noted when it begins."""
        if by:
            self._tracker.slewed(now, by)
        if by and not self._is_slewing:
            self._records.note(
                now,
                "This machine's own clock is being made to go faster or slower by its time service; "
                "until that is over, what is certain of other clocks is less exact.",
            )
        self._is_slewing = bool(by)

    def look(self, now: int) -> SyncStatus:
        """What is so now; noted, for recordings, once a second."""
        status = self.status(now)
        self._records.state_is(now, status.state, status.text)
        if status.bound is not None:
            self._records.bound_was(now, status.bound)
        return status

    # -- what comes of it ---------------------------------------------------------------------------------

    @property
    def is_known(self) -> bool:
        """Whether there is an offset, or it is known that there is nothing to follow."""
        return self._is_self or self._tracker.probe_count > 0

    @property
    def is_self(self) -> bool:
        """Whether it turned out to be this machine."""
        return self._is_self

    @property
    def error(self) -> str:
        """Why it cannot be followed; empty if it can."""
        if self._error or not self._far:
            return self._error
        where = "ahead of" if self._far > 0 else "behind"
        return (
            f"The clock of {self._name()} is {in_words(abs(self._far))} {where} this machine's; it is not "
            "followed unless you confirm that it shall be. If one of the two is wrong, set that right first."
        )

    @property
    def belief(self) -> RateBelief:
        """What may be remembered of the rate."""
        return self._tracker.belief

    @property
    def reference(self) -> Reference:
        """Who is followed, as far as known."""
        return self._records.reference

    def clock_for_run(self, now: int) -> SteeredClock | None:
        """A clock to run on, followed until released; None: no offset is known, or none is to be added."""
        estimate = self._tracker.estimate(now)
        if estimate is None or self._is_self or self.error:
            return None
        clock = self._run_clock.take(estimate)
        self._records.bound_was(now, self._bound(estimate))  # a run may be over before the next look
        return clock

    def release(self, clock: SteeredClock) -> None:
        """Nobody runs on it any more; one that is not ours (any more) is ignored."""
        self._run_clock.release(clock)

    def status(self, now: int) -> SyncStatus:
        """All that can be said now."""
        estimate = None if self.error or self._is_self else self._tracker.estimate(now)
        bound = None if estimate is None else self._bound(estimate)
        state, text = judged(self._situation(estimate, bound, now))
        records = self._records
        told = SyncStatus(
            state=state,
            text=text,
            reference=records.reference,
            offset=0 if self._is_self else None,
            bound=0 if self._is_self else bound,
            round_trip=records.round_trip,
            last_reply=records.last_answer,
            probes=records.asked,
            answered=records.answered,
            held_step=self._run_clock.held_step,
            tick=self._tick,
            far=0 if self._error else self._far,
        )
        if estimate is None:
            return told
        return replace(
            told,
            offset=estimate.offset - (self._own.from_monotonic(now) - now),
            repeatability=records.repeatability(now),
            rate_ppm=estimate.rate_ppm,
            correction_ppm=self._run_clock.correction_ppm(estimate),
            line=self._run_clock.line(estimate),
            as_of=now,
        )

    def log(self, since: int = 0) -> ClockLog:
        """What was measured and decided from that moment on, with the clock that somebody runs on."""
        return self._records.since(since, self._run_clock.begun_segments(since), self._terms())

    def _terms(self) -> ClockTerms:
        return terms_of(limit=self.bound_limit, own_offset=self._own.from_monotonic(0))

    # -- within -------------------------------------------------------------------------------------------

    def _name(self) -> str:
        reference = self._records.reference
        return reference.machine or f"{reference.host}:{reference.port}"

    def _is_too_far(self, answer: ProbeRecord, now: int) -> bool:
        """Whether it is off by more than may be. One that is put right meanwhile is followed."""
        ahead = answer.stamp - self._own.from_monotonic(answer.received)
        is_far, was_confirmed = abs(ahead) > FARTHEST, self._is_confirmed
        if is_far and was_confirmed and not self._tracker.probe_count:
            self._records.note(now, f"It was confirmed that a clock {in_words(abs(ahead))} off is followed.")
        self._far = ahead if is_far and not was_confirmed else 0
        return bool(self._far)

    @property
    def _is_confirmed(self) -> bool:
        return self._far_machine in ("", self._records.reference.machine)

    def _identify(self, machine: str, is_local: bool, now: int) -> None:
        reference = self._records.reference
        name = "".join(character for character in machine if character.isprintable())[:255]
        if reference.machine and name != reference.machine:
            self._error = (
                f"The clock at {reference.host}:{reference.port} calls itself {name} now; it was "
                f"{reference.machine}. Choose anew whom to follow."
            )
            return
        if reference.machine:
            return
        self._records.reference = replace(reference, machine=name)
        is_same_name = bool(self._own_name) and _first_label(name) == _first_label(self._own_name)
        self._is_self = is_same_name and is_local
        if is_same_name and not is_local:
            self._remark = (
                f"Another machine is also called {name}; programs of the original take it for this one. "
                "Rename one of them."
            )
            self._records.note(now, self._remark)

    def _measured(self, probes: tuple[Probe, ...], now: int) -> Finding:
        before = self._tracker.estimate(probes[-1].middle)
        if self._start is not None:
            probes = self._still_starting(probes, now)
        if self._tick:
            probes = tuple(replace(probe, tick=self._tick) for probe in probes)
        finding = self._tracker.take(probes)
        if before is not None:
            middle = (max(p.lower for p in probes) + min(p.upper for p in probes)) // 2
            self._records.missed_by(now, middle - before.offset)
        if finding is Finding.STEP and before is not None:
            self._stepped(before, now)
        if finding is not Finding.SUSPECT:
            self._last_agreed = now
            estimate = self._tracker.estimate(now)
            if estimate is not None:
                self._run_clock.follow(estimate)
        return finding

    def _still_starting(self, probes: tuple[Probe, ...], now: int) -> tuple[Probe, ...]:
        """Find out, once, whether it is a coarse clock; then all is taken anew."""
        start = self._start if self._start is not None else []
        start.append(probes)
        known = [probe for burst in start for probe in burst]
        if len(known) < LEAST_STAMPS:
            return probes
        self._start = None
        self._tick = tick_of([probe.stamp for probe in known], [probe.sent for probe in known])
        if self._tick:
            self._tracker = OffsetTracker(self._belief)
            for burst in start[:-1]:
                self._tracker.take(tuple(replace(probe, tick=self._tick) for probe in burst))
            remark = f"The clock of {self._name()} ticks every {milliseconds(self._tick)}."
            self._remark = f"{self._remark} {remark}".strip()
            self._records.note(now, remark)
        return probes

    def _stepped(self, before: OffsetEstimate, now: int) -> None:
        """The other clock was set: three bursts say so."""
        after = self._tracker.estimate(before.monotonic)
        if after is None:
            return
        step = after.offset - before.offset
        is_held = self._run_clock.stepped(step)
        end = "what is being recorded keeps its time line" if is_held else "it is followed"
        text = f"The clock of {self._name()} was set by {signed(step)}; {end}."
        held_step = step if is_held else 0
        self._records.note(now, text, held_step=held_step, uncertain_since=self._last_agreed)

    def _bound(self, estimate: OffsetEstimate) -> Duration:
        """What is not yet slewed, or held, is part of it."""
        return estimate.bound.largest_error(self._run_clock.offset(estimate))

    def _situation(self, estimate: OffsetEstimate | None, bound: Duration | None, now: int) -> Situation:
        records = self._records
        reference = records.reference
        growth_ppm = 0.0 if estimate is None else estimate.rate_bound.largest_error(estimate.rate_ppm)
        return Situation(
            name=self._name(),
            address=f"{reference.host}:{reference.port}",
            error=self.error,
            is_self=self._is_self,
            bound=bound,
            bound_growth=growth_ppm * 1000.0,
            bound_limit=self.bound_limit,
            answered=records.answered,
            attempts=records.asked,
            age=0 if records.first_answer is None else now - records.first_answer,
            silent_for=0 if records.last_answer is None else now - records.last_answer,
            period=self._period,
            failed_share=records.failed_share(now),
            is_doubtful=self._tracker.is_doubtful,
            held_step=self._run_clock.held_step,
            problem=self._problem,
            fault=self._fault,
            remark=self._remark,
        )


def _first_label(name: str) -> str:
    return name.partition(".")[0].casefold()
