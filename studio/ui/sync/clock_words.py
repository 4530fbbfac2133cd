"""What each state of the clock is called, and by which icon and colour it is told: never by colour alone.

Values without Qt. The reasons that the recorder gives stand below these words, not in place of them.
"""

import re
from dataclasses import dataclass, replace

from studio.timing.sync_status import FOLLOWING, Reference, SyncState, SyncStatus
from studio.ui.sync.clock_texts import PLUS_MINUS, bound_text, far_text, how_long, span_text

START_PROBES = 16
"""So many replies are needed before a bound is called good (sync.md 4.3)."""


@dataclass(frozen=True, slots=True)
class StateLook:
    """How a state is shown beside its words."""

    icon: str
    role: str
    """Colour of the theme."""


_IN_BRACKETS = re.compile(r"\((.+)\)\s*$")
_REACHES = re.compile(r"reaches (.+?)\.?$")
_LOOKS = {
    SyncState.OWN: StateLook("clock-own", "muted"),
    SyncState.REFERENCE: StateLook("clock-reference", "accent"),
    SyncState.DISCOVERING: StateLook("clock-search", "muted"),
    SyncState.CONNECTING: StateLook("clock-search", "muted"),
    SyncState.SYNCING: StateLook("clock-search", "accent"),
    SyncState.SYNCHRONISED: StateLook("clock-synced", "ok"),
    SyncState.DEGRADED: StateLook("warning", "warning"),
    SyncState.HOLDOVER: StateLook("clock-holdover", "warning"),
    SyncState.LOST: StateLook("error", "error"),
    SyncState.SELF: StateLook("clock-own", "muted"),
    SyncState.ERROR: StateLook("error", "error"),
}


def look_of(state: SyncState) -> StateLook:
    """Icon and colour of a state."""
    return _LOOKS[state]


def reference_name(reference: Reference | None) -> str:
    """What the machine that is followed is called: its name, else its address."""
    if reference is None:
        return "the reference"
    return reference.machine or f"{reference.host}:{reference.port}"


_HEADLINES = {
    SyncState.OWN: "This machine\u2019s own clock",
    SyncState.DISCOVERING: "Looking for a clock \u2026",
    SyncState.CONNECTING: "Connecting to {name} \u2026",
    SyncState.SYNCING: "Measuring {name} \u2026 {answered}/{wanted}",
    SyncState.SYNCHRONISED: "Synchronised with {name}",
    SyncState.DEGRADED: "Following {name}, less well than wanted",
    SyncState.HOLDOVER: "{name} is silent{since}",
    SyncState.LOST: "{name} is lost, silent{since}",
    SyncState.SELF: "That is this machine: nothing to do",
    SyncState.ERROR: "The clock cannot be followed",
}


def headline(sync: SyncStatus, now: int) -> str:
    """The state in a sentence; `now` is by the monotonic clock."""
    if sync.state is SyncState.REFERENCE:
        return _reference_words(sync.clients)
    if sync.far:
        return f"{reference_name(sync.reference)} is {far_text(sync.far)} this machine\u2019s clock"
    return _HEADLINES[sync.state].format(
        name=reference_name(sync.reference),
        answered=min(sync.answered, START_PROBES),
        wanted=START_PROBES,
        since=_since(sync, now),
    )


def _reference_words(clients: int) -> str:
    if not clients:
        return "Reference; nobody asks for the time"
    return f"Reference for {clients} {'machine' if clients == 1 else 'machines'}"


def _since(sync: SyncStatus, now: int) -> str:
    return "" if sync.last_reply is None else f" for {how_long(now - sync.last_reply)}"


_CHIPS = {
    SyncState.OWN: "Own clock",
    SyncState.SELF: "Own clock",
    SyncState.DISCOVERING: "Looking for a clock",
    SyncState.CONNECTING: "Connecting to {name}",
    SyncState.SYNCING: "Measuring {name}",
    SyncState.SYNCHRONISED: "{name} {bound}",
    SyncState.DEGRADED: "{name} {bound}",
    SyncState.HOLDOVER: "{name} silent {bound}",
    SyncState.LOST: "{name} lost {bound}",
    SyncState.ERROR: "Clock error",
}


def chip_text(sync: SyncStatus) -> str:
    """The state for the status bar, in few words."""
    if sync.state is SyncState.REFERENCE:
        return f"Reference for {sync.clients}" if sync.clients else "Reference"
    if sync.far:
        return f"{reference_name(sync.reference)}: follow it?"
    bound = "" if sync.bound is None else bound_text(sync.bound)
    return _CHIPS[sync.state].format(name=reference_name(sync.reference), bound=bound).rstrip()


def reason_of(sync: SyncStatus) -> str:
    """What the text of a status says beyond the headline; empty: nothing."""
    if sync.state in (SyncState.SYNCING, SyncState.SELF, SyncState.LOST):
        return ""
    if sync.state is SyncState.CONNECTING:
        why = _IN_BRACKETS.search(sync.text)
        return f"{why.group(1)[:1].upper()}{why.group(1)[1:]}." if why else ""
    if sync.state is SyncState.HOLDOVER:
        when = _REACHES.search(sync.text)
        return f"Without a reply the bound reaches {when.group(1)}." if when else ""
    return sync.text


def announcement(sync: SyncStatus) -> str:
    """What is read aloud when the state has changed: its words, the bound and the reason."""
    # For how long it has been silent would be wrong by the time it is heard.
    parts = [headline(replace(sync, last_reply=None), 0)]
    if sync.state in FOLLOWING and sync.bound is not None:
        parts.append(bound_text(sync.bound).replace(PLUS_MINUS, "plus or minus "))
    if reason_of(sync):
        parts.append(reason_of(sync))
    return ". ".join(part.rstrip(".") for part in parts) + "."


def tick_text(sync: SyncStatus) -> str:
    """That the reference's clock is coarse; empty: it is fine enough."""
    return f"The reference\u2019s clock ticks only every {span_text(sync.tick)}." if sync.tick else ""
