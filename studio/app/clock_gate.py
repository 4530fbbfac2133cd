"""Whether a recording may start with the clock as it is, and why not, in people's words. Arithmetic only."""

from studio.app.clock_sync import ClockRole, ClockSettings
from studio.timing import NS_PER_MS, Duration
from studio.timing.sync_status import SyncState, SyncStatus

LEAST_ANSWERS = 16
"""Fewer replies say too little of a clock (sync.md 3.6)."""
_WORDS = {
    SyncState.DISCOVERING: "no clock to follow has been found yet",
    SyncState.CONNECTING: "the machine to follow has not answered yet",
    SyncState.ERROR: "the other clock cannot be followed",
}


def gate_text(settings: ClockSettings, sync: SyncStatus) -> str:
    """Why a recording should not start now; empty: it may. Only who follows another clock has a gate.

    It opens with the first 16 replies if the bound is within the limit, which takes about a second.
    """
    if settings.role is not ClockRole.FOLLOW or not settings.gate or sync.state is SyncState.SELF:
        return ""
    if sync.bound is None or sync.state in _WORDS:
        reason = sync.text or _WORDS.get(sync.state, "nothing is known of the other clock")
        return f"Not synchronised: {_as_part(reason)}."
    if sync.answered < LEAST_ANSWERS:
        return f"Not synchronised yet: {sync.answered} of {LEAST_ANSWERS} replies are here."
    bound = max(0, sync.bound - abs(sync.held_step))  # what a preview holds back ends with it
    if bound > settings.bound_limit_ns:
        return (
            f"Not synchronised well enough: \u00b1 {milliseconds(bound)}, limit "
            f"{milliseconds(settings.bound_limit_ns)}{_advice(sync)}."
        )
    return ""


def milliseconds(duration: Duration) -> str:
    """`7.9 ms`, `5 ms`, `0.18 ms`: as exact as one can read."""
    value = duration / NS_PER_MS
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2
    text = f"{value:.{digits}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} ms"


def _advice(sync: SyncStatus) -> str:
    if sync.state in (SyncState.HOLDOVER, SyncState.LOST):
        return "; the reference is silent"
    if sync.round_trip is None:
        return ""
    text = f" (round trip {milliseconds(sync.round_trip)}"
    assert sync.bound is not None
    return f"{text}; try a cable)" if sync.round_trip >= sync.bound else f"{text})"


def _as_part(sentence: str) -> str:
    return sentence.rstrip(" .\u2026")
