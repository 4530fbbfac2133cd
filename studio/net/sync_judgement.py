"""From what is known of a clock that is followed to the state of sync.md 4.3, in words. Arithmetic only."""

from dataclasses import dataclass

from studio.timing import NS_PER_MS, NS_PER_S, Duration
from studio.timing.sync_status import BOUND_LIMIT, SyncState

ENOUGH_ANSWERS = 16
ENOUGH_TIME: Duration = 10 * NS_PER_S
SILENCE: Duration = 15 * NS_PER_S
"""Three bursts; with a longer period three of these."""
LOST_AFTER: Duration = 300 * NS_PER_S
MINUS = "\u2212"
NEVER: Duration = 10**9 * NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known at a moment."""

    name: str
    """Of the machine, or its address."""
    address: str
    error: str = ""
    """Why it cannot be followed at all."""
    is_self: bool = False
    bound: Duration | None = None
    """None: there is no offset yet."""
    bound_growth: float = 0.0
    """ns a second, while nothing is heard."""
    bound_limit: Duration = BOUND_LIMIT
    answered: int = 0
    attempts: int = 0
    age: Duration = 0
    """Since the first answer."""
    silent_for: Duration = 0
    """Since the last answer."""
    period: Duration = 5 * NS_PER_S
    failed_share: float = 0.0
    """Of the probes of the last minute."""
    is_doubtful: bool = False
    held_step: Duration = 0
    problem: str = ""
    """What went wrong with the last probe that failed."""
    fault: str = ""
    """What is wrong with the measuring itself."""
    remark: str = ""
    """What should be said although all is well."""


def judged(situation: Situation) -> tuple[SyncState, str]:
    """The state and its text."""
    if situation.error:
        return SyncState.ERROR, situation.error
    if situation.is_self:
        return SyncState.SELF, "That is this machine: nothing to do."
    if situation.bound is None:
        return SyncState.CONNECTING, _connecting(situation)
    silence = max(SILENCE, 3 * situation.period)
    if situation.silent_for > silence:
        return _silent(situation, situation.bound)
    if situation.answered < ENOUGH_ANSWERS or situation.age < ENOUGH_TIME:
        return SyncState.SYNCING, _measuring(situation)
    doubt = _doubt(situation, situation.bound)
    if doubt:
        return SyncState.DEGRADED, doubt
    return SyncState.SYNCHRONISED, situation.remark


def _connecting(situation: Situation) -> str:
    text = f"Connecting to {situation.address} …"
    if situation.fault:
        text += f" ({situation.fault})"
    elif situation.attempts > 1:
        text += f" (attempt {situation.attempts}{': ' if situation.problem else ''}{situation.problem})"
    elif situation.problem:
        text += f" ({situation.problem})"
    return text


def _measuring(situation: Situation) -> str:
    if situation.answered < ENOUGH_ANSWERS:
        return f"Measuring … {situation.answered} of {ENOUGH_ANSWERS}"
    return "Measuring …"


def _silent(situation: Situation, bound: Duration) -> tuple[SyncState, str]:
    duration = in_words(situation.silent_for)
    if bound > situation.bound_limit or situation.silent_for > LOST_AFTER:
        return SyncState.LOST, f"No reply of {situation.name} for {duration}; ± {milliseconds(bound)}."
    text = f"{situation.name} silent for {duration}; ± {milliseconds(bound)}"
    left = time_until_limit(situation, bound)
    if left < NEVER:
        text += f", reaches {milliseconds(situation.bound_limit)} in {in_words(left)}"
    return SyncState.HOLDOVER, text + "."


def time_until_limit(situation: Situation, bound: Duration) -> Duration:
    """How long the bound stays within the limit if nothing is heard."""
    if situation.bound_growth <= 0:
        return NEVER
    return min(NEVER, round((situation.bound_limit - bound) / situation.bound_growth * NS_PER_S))


def _doubt(situation: Situation, bound: Duration) -> str:
    if situation.held_step:
        return (
            f"The clock of {situation.name} was set by {signed(situation.held_step)}; "
            "what is being recorded keeps its time line."
        )
    if situation.is_doubtful:
        return f"What {situation.name} says does not agree with before; it is being verified."
    if bound > situation.bound_limit:
        return f"± {milliseconds(bound)} is more than {milliseconds(situation.bound_limit)}."
    if situation.failed_share >= 0.5:
        reason = f": {situation.problem}" if situation.problem else ""
        return f"{situation.failed_share:.0%} of the probes of the last minute failed{reason}."
    return situation.fault


def milliseconds(duration: Duration) -> str:
    """`7.9 ms`, `0.18 ms`: as exact as one can read."""
    value = duration / NS_PER_MS
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2
    return f"{value:.{digits}f} ms"


def signed(duration: Duration) -> str:
    """With its sign, a true minus."""
    return f"{'+' if duration >= 0 else MINUS}{milliseconds(abs(duration))}"


def in_words(duration: Duration) -> str:
    """`42 s`, `4 min 33 s`, `2 h 10 min`, `3 days 4 h`, `56 years`."""
    seconds = max(0, duration // NS_PER_S)
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    if days < 730:
        return f"{days} days {hours} h" if hours else f"{days} days"
    return f"{round(days / 365.2425)} years"
