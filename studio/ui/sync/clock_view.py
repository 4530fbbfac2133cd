"""All that the panel "Clock and network" shows, as one value made of what the recorder says. No Qt."""

from dataclasses import dataclass, field

from studio.app.clock_sync import (
    ClockMeasurement,
    ClockRole,
    ClockSettings,
    ClockSyncStatus,
    Protection,
    address_key,
)
from studio.timing.sync_status import FOLLOWING, SyncState, SyncStatus
from studio.ui import readable
from studio.ui.sync import clock_texts
from studio.ui.sync.clock_words import StateLook, headline, look_of, reason_of, reference_name, tick_text
from studio.ui.sync.machine_rows import MachineRow, machine_rows

LOCKED = "A recording is running: role and addresses can be changed when it has ended."
NOT_REACHED = "The recorder is not reached; what is set here comes back with it."
NO_MACHINES = (
    "No machine offers its clock here yet. Choose \u201cBe the reference\u201d on the one that shall, "
    "with the same Rendezvous."
)
NO_PLACE = "Type the address of the machine on which the Rendezvous runs, or run it here."
_HELD = (
    "The reference was set by {step} while recording. "
    "The recording keeps its time line, the next one follows."
)

Detail = tuple[str, str]
"""What it is, and what it says."""


@dataclass(frozen=True, slots=True)
class FarView:
    """What is asked of a clock that is more than a day off."""

    question: str
    key: str
    """Of the machine."""
    machine: str
    """Its name."""


@dataclass(frozen=True, slots=True)
class ClockView:
    """The panel."""

    look: StateLook
    headline: str
    state: str = "waiting"
    """Its name; tests find the icon of a state by it."""
    bound: str = ""
    """The main number; empty: nothing is followed."""
    bound_hint: str = ""
    bound_role: str = "text"
    reasons: tuple[str, ...] = ()
    """Why it stands so, in sentences."""
    details: tuple[Detail, ...] = ()
    safety: str = ""
    """Who could meddle, and on which address this machine listens."""
    is_protected: bool = False
    settings: ClockSettings = field(default_factory=ClockSettings)
    locked: str = ""
    """Why role and addresses cannot be changed now; empty: they can."""
    is_reached: bool = True
    can_measure: bool = False
    is_measuring: bool = False
    measurement: ClockMeasurement | None = None
    shows_plot: bool = False
    rendezvous: str = ""
    rendezvous_role: str = "muted"
    machines: tuple[MachineRow, ...] = ()
    machines_hint: str = ""
    far: FarView | None = None
    """Whether a clock is to be followed that is more than a day off; None: nothing is to be asked."""


def clock_view(clock: ClockSyncStatus | None, settings: ClockSettings, now: int) -> ClockView:
    """The panel for a status (None: the recorder is not reached), and `settings` as the user wants them.

    `now` is by the monotonic clock.
    """
    if clock is None:
        look = StateLook("clock-own", "muted")
        return ClockView(
            look, "Waiting for the recorder \u2026", settings=settings, locked=NOT_REACHED, is_reached=False
        )
    sync = clock.sync
    follows = settings.role is ClockRole.FOLLOW
    return ClockView(
        look=look_of(sync.state),
        headline=headline(sync, now),
        state=sync.state.value,
        bound=clock_texts.bound_text(sync.bound)
        if sync.state in FOLLOWING and sync.bound is not None
        else "",
        bound_hint=_bound_hint(sync, settings),
        bound_role=_bound_role(sync, settings),
        reasons=_reasons(clock),
        details=_details(sync, now),
        safety=_safety(sync, settings),
        is_protected=bool(sync.reference and sync.reference.is_protected),
        settings=settings,
        locked=LOCKED if clock.is_frozen else "",
        can_measure=follows and sync.reference is not None and not clock.is_measuring,
        is_measuring=clock.is_measuring,
        measurement=clock.measurement if follows else None,
        shows_plot=follows and not sync.far,
        rendezvous=clock.rendezvous,
        rendezvous_role="ok" if clock.is_rendezvous_connected else "muted",
        machines=machine_rows(clock.machines, settings, now, locked=clock.is_frozen),
        machines_hint=_machines_hint(clock, settings),
        far=_far_question(sync, settings),
    )


def _far_question(sync: SyncStatus, settings: ClockSettings) -> FarView | None:
    """What is asked before a clock is followed that cannot be right, if this machine's is."""
    reference = sync.reference
    if not sync.far or reference is None or settings.role is not ClockRole.FOLLOW:
        return None
    name = reference_name(reference)
    question = (
        f"Follow it all the same? What is recorded here then carries the time of {name}, "
        f"{clock_texts.far_text(sync.far)} this machine\u2019s."
    )
    return FarView(question, address_key(reference.host, reference.port), reference.machine)


def _is_within(sync: SyncStatus, settings: ClockSettings) -> bool:
    return sync.bound is None or sync.bound <= settings.bound_limit_ns


def _bound_role(sync: SyncStatus, settings: ClockSettings) -> str:
    if sync.state is SyncState.LOST:
        return "error"
    return "text" if _is_within(sync, settings) else "warning"


def _bound_hint(sync: SyncStatus, settings: ClockSettings) -> str:
    if _is_within(sync, settings):
        return "guaranteed"
    return f"guaranteed, limit {clock_texts.limit_text(settings.bound_limit_ns)}"


def _reasons(clock: ClockSyncStatus) -> tuple[str, ...]:
    sync = clock.sync
    held = _HELD.format(step=clock_texts.step_text(sync.held_step)) if sync.held_step else ""
    # Where the recorder says that the reference jumped, it has told of the step already.
    told = bool(held) and "keeps its time line" in sync.text
    # How the Rendezvous stands has a place of its own.
    text = reason_of(sync).removesuffix(clock.rendezvous).rstrip() if clock.rendezvous else reason_of(sync)
    return tuple(part for part in (text, "" if told else held, tick_text(sync), clock.warning) if part)


def _details(sync: SyncStatus, now: int) -> tuple[Detail, ...]:
    if sync.state is SyncState.REFERENCE:
        asked = "nobody" if not sync.clients else f"{readable.count(sync.clients)} addresses"
        asked = "1 address" if sync.clients == 1 else asked
        return (("Reached at", sync.serving or readable.NOTHING), ("Asked within a minute by", asked))
    replies = ("Replies", f"{readable.count(sync.answered)} of {readable.count(sync.probes)}")
    if sync.offset is None:
        return (replies,) if sync.probes else ()
    return (
        ("Offset", clock_texts.offset_text(sync.offset)),
        ("Rate", clock_texts.rate_text(sync.rate_ppm)),
        (
            "Round trip",
            readable.NOTHING if sync.round_trip is None else clock_texts.span_text(sync.round_trip),
        ),
        ("Last reply", clock_texts.age_text(None if sync.last_reply is None else now - sync.last_reply)),
        replies,
        ("Correcting", clock_texts.correction_text(sync.correction_ppm)),
        (
            "Repeatability",
            readable.NOTHING if sync.repeatability is None else clock_texts.span_text(sync.repeatability),
        ),
    )


def _safety(sync: SyncStatus, settings: ClockSettings) -> str:
    if settings.role is ClockRole.OWN:
        return "Nothing is asked of the network, and nothing listens."
    if settings.role is ClockRole.REFERENCE:
        return _serving_safety(sync, settings)
    listens = (
        " Nothing listens on this machine." if not settings.runs_rendezvous else _rendezvous_safety(settings)
    )
    if sync.reference is None:
        return listens.strip()
    address = f"{sync.reference.host}:{sync.reference.port}"
    if sync.reference.is_protected:
        return f"Protected: the time comes through TLS from a paired machine, {address}.{listens}"
    return (
        f"Unprotected: who sits between this machine and {address} could send another time. "
        f"The bound holds against delays, not against lies.{listens}"
    )


def _serving_safety(sync: SyncStatus, settings: ClockSettings) -> str:
    where = f"It listens on {sync.serving} and nowhere else." if sync.serving else "It listens nowhere yet."
    rendezvous = _rendezvous_safety(settings) if settings.runs_rendezvous else ""
    if settings.protection is Protection.REQUIRE:
        return f"Only paired machines may ask for the time, through TLS. {where}{rendezvous}"
    also = "" if settings.protection is Protection.PLAIN else " Paired machines ask through TLS."
    allowed = f" from {', '.join(settings.allow)}" if settings.allow else " in its network"
    return (
        f"Unprotected: everybody{allowed} may ask for the time, without a password. {where}{also}{rendezvous}"
    )


def _rendezvous_safety(settings: ClockSettings) -> str:
    return f" The Rendezvous listens on port {settings.rendezvous_port}, unprotected."


def _machines_hint(clock: ClockSyncStatus, settings: ClockSettings) -> str:
    if settings.use_rendezvous and not settings.rendezvous_host and not settings.runs_rendezvous:
        return NO_PLACE
    return "" if clock.machines or not clock.is_rendezvous_connected else NO_MACHINES


def report_of(view: ClockView) -> str:
    """What the panel says, as text to be kept or sent."""
    lines = [view.headline, f"{view.bound} {view.bound_hint}" if view.bound else "", *view.reasons]
    lines += [f"{name}: {text}" for name, text in view.details]
    lines += [view.safety, view.rendezvous]
    lines += [row.sentence for row in view.machines]
    return "\n".join(
        line.replace(readable.SPACE, " ").replace(readable.NARROW_SPACE, " ") for line in lines if line
    )
