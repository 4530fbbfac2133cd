"""What a row of the list of machines says: one that exports its clock, or did. No Qt."""

from collections.abc import Iterable
from dataclasses import dataclass

from studio.app.clock_sync import ClockRole, ClockSettings, DiscoveredMachine, MachineKind
from studio.ui import readable
from studio.ui.sessions.session_texts import one_line
from studio.ui.sync.clock_texts import age_text, bound_text, offset_text, span_text

MOST_ROWS = 60
"""Whoever announces more machines than that is not a laboratory."""
LOCKED_HINT = "Another machine can be followed when the recording has ended."

_KINDS = {
    MachineKind.STUDIO: "Studio",
    MachineKind.ORIGINAL: "original \\psi",
    MachineKind.UNKNOWN: "kind unknown",
}


@dataclass(frozen=True, slots=True)
class MachineRow:
    """One machine."""

    key: str
    name: str
    mark: str
    """`this machine`, `followed`, `remembered`; empty: only listed."""
    about: str
    """Process, address and kind."""
    is_protected: bool
    has_figures: bool
    """It was looked at, or may be."""
    round_trip: str
    offset: str
    bound: str
    seen: str
    problem: str
    can_follow: bool
    follow_hint: str
    can_forget: bool

    @property
    def sentence(self) -> str:
        """All of it in a line, for screen readers and reports."""
        mark = f" ({self.mark})" if self.mark else ""
        figures = f"round trip {self.round_trip}, offset {self.offset}, {self.bound}, seen {self.seen}"
        tail = self.problem or (figures if self.has_figures else "")
        return f"{self.name}{mark}: {self.about}{'; ' if tail else ''}{tail}"


def machine_rows(
    machines: Iterable[DiscoveredMachine], settings: ClockSettings, now: int, *, locked: bool
) -> tuple[MachineRow, ...]:
    """Rows: the followed one first, then those that are there, then those that are only remembered."""
    ordered = sorted(machines, key=_order)
    return tuple(_row(machine, settings, now, locked) for machine in ordered[:MOST_ROWS])


def _order(machine: DiscoveredMachine) -> tuple[bool, bool, bool, str, str]:
    return (
        not machine.is_followed,
        machine.is_self,
        not machine.is_listed,
        machine.machine.casefold(),
        machine.key,
    )


def _row(machine: DiscoveredMachine, settings: ClockSettings, now: int, locked: bool) -> MachineRow:
    is_chosen = settings.role is ClockRole.FOLLOW and settings.machine == machine.key
    about = (
        one_line(machine.process),
        machine.key,
        _KINDS[machine.kind],
        "TLS" if machine.is_protected else "",
    )
    return MachineRow(
        key=machine.key,
        name=one_line(machine.machine),
        mark=_mark(machine, is_chosen),
        about=" \u00b7 ".join(part for part in about if part),
        is_protected=machine.is_protected,
        has_figures=not machine.is_self and not (machine.problem and machine.seen is None),
        round_trip=readable.NOTHING if machine.round_trip is None else span_text(machine.round_trip),
        offset=offset_text(machine.offset),
        bound=bound_text(machine.bound),
        seen=age_text(None if machine.seen is None else now - machine.seen),
        problem=one_line(machine.problem),
        can_follow=not (locked or is_chosen or machine.is_self),
        follow_hint=LOCKED_HINT if locked else "",
        can_forget=machine.is_remembered and not is_chosen and not locked,
    )


def _mark(machine: DiscoveredMachine, is_chosen: bool) -> str:
    if machine.is_self:
        return "this machine"
    if machine.is_followed or is_chosen:
        return "followed"
    return "" if machine.is_listed else "remembered"
