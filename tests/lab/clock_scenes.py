"""How it may stand with the clock, by name: statuses as the recorder sends them, and ten minutes of each."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from studio.app.clock_history import SyncHistory
from studio.app.clock_sync import (
    ClockMeasurement,
    ClockRole,
    ClockSettings,
    ClockSyncStatus,
    DiscoveredMachine,
    MachineKind,
    Protection,
)
from studio.timing import NS_PER_MS, NS_PER_S
from studio.timing.sync_status import Reference, SyncState, SyncStatus

NOW = 5_000 * NS_PER_S
"""By the monotonic clock of these scenes."""
US = 1_000
MASTER = Reference("10.0.0.2", 11511, "LAB-MASTER", is_studio=True)
FOLLOWING = ClockSettings(role=ClockRole.FOLLOW, rendezvous_host="10.0.0.2", machine="10.0.0.2:11511")
SYNCHRONISED = SyncStatus(
    state=SyncState.SYNCHRONISED,
    reference=MASTER,
    offset=3_500_123 * US,
    bound=178 * US,
    repeatability=6 * US,
    rate_ppm=19.98,
    correction_ppm=0.4,
    round_trip=214 * US,
    last_reply=NOW - 3 * NS_PER_S,
    probes=468,
    answered=468,
)
MACHINES = (
    DiscoveredMachine(
        "LAB-MASTER",
        "10.0.0.2",
        process="Capture room A",
        kind=MachineKind.STUDIO,
        is_followed=True,
        is_remembered=True,
        round_trip=214 * US,
        offset=3_500_123 * US,
        bound=178 * US,
        seen=NOW,
    ),
    DiscoveredMachine(
        "CAM-PC",
        "10.0.0.7",
        process="Capture",
        kind=MachineKind.ORIGINAL,
        round_trip=480 * US,
        offset=-18_300 * US,
        bound=590 * US,
        seen=NOW - 4 * NS_PER_S,
    ),
    DiscoveredMachine("VM", "10.0.0.5", process="Studio", kind=MachineKind.STUDIO, is_self=True),
    DiscoveredMachine(
        "EYE-TRACKER-IN-THE-ROOM-AT-THE-END",
        "192.168.178.123",
        is_listed=False,
        is_remembered=True,
        problem="No answer within a second. Is it switched on?",
    ),
)
FOLLOWED = ClockSyncStatus(
    settings=FOLLOWING,
    sync=SYNCHRONISED,
    machines=MACHINES,
    rendezvous="Connected to the Rendezvous on 10.0.0.2:13331.",
    is_rendezvous_connected=True,
)
GATE = "Not synchronised well enough: \u00b1 7.9 ms, limit 5 ms (round trip 15.6 ms; try a cable)."


@dataclass(frozen=True, slots=True)
class Past:
    """What the ten minutes before looked like."""

    minutes: float = 10.0
    bound: int = 178 * US
    wander: int = 12 * US
    silence_s: tuple[float, float] | None = None
    """From and until so many seconds before now."""
    step: int = 0
    """The reference was set by that much, four minutes ago."""


@dataclass(frozen=True, slots=True)
class ClockScene:
    """One state of the panel."""

    clock: ClockSyncStatus | None
    past: Past | None = None
    unfolded: bool = False


def history_of(scene: ClockScene) -> SyncHistory:
    """The history that a window has which saw all of that."""
    history, past = SyncHistory(), scene.past
    if past is None or scene.clock is None:
        return history
    for second in range(int(past.minutes * 60), -1, -1):
        history.take(_status_at(scene.clock.sync, past, float(second)), NOW - second * NS_PER_S)
    return history


def _status_at(sync: SyncStatus, past: Past, ago_s: float) -> SyncStatus:
    now = NOW - int(ago_s * NS_PER_S)
    drift = round(-ago_s * (sync.rate_ppm or 0.0) * US)
    wander = round(past.wander * (math.sin(ago_s / 37) + 0.4 * math.sin(ago_s / 9.3)))
    bound = past.bound + round(past.bound * 0.15 * math.sin(ago_s / 21))
    last_reply = now - NS_PER_S
    if past.silence_s is not None and past.silence_s[0] >= ago_s >= past.silence_s[1]:
        last_reply = NOW - int(past.silence_s[0] * NS_PER_S)
        bound += (now - last_reply) * 15 // 1_000_000
    step = -past.step if past.step and ago_s > 240 else 0
    offset = (sync.offset or 0) + drift + wander + step
    # How the newest one stands is told in the panel, not in its past.
    state = sync.state if sync.state is not SyncState.ERROR else SyncState.SYNCHRONISED
    return replace(sync, state=state, offset=offset, bound=bound, last_reply=last_reply, held_step=0)


def _with(state: SyncState, text: str = "", **changes: object) -> ClockSyncStatus:
    return replace(FOLLOWED, sync=replace(SYNCHRONISED, state=state, text=text, **changes))  # type: ignore[arg-type]


def _beginning(state: SyncState, reference: Reference | None, **changes: object) -> ClockSyncStatus:
    sync = SyncStatus(state=state, reference=reference, **changes)  # type: ignore[arg-type]
    return replace(FOLLOWED, sync=sync, machines=MACHINES[1:3] if reference is None else MACHINES)


_MEASUREMENT = ClockMeasurement(
    NOW,
    tuple(US * us for us in (190, 192, 195, 199, 201, 203, 204, 210, 214, 215, 221, 240, 262, 300, 431)),
    16,
)
_REFERENCE = ClockSettings(role=ClockRole.REFERENCE, runs_rendezvous=True, serve_address="10.0.0.5")
_SERVING = SyncStatus(state=SyncState.REFERENCE, serving="10.0.0.5:11511", clients=2)

SCENES: Mapping[str, ClockScene] = MappingProxyType(
    {
        "not-reached": ClockScene(None),
        "own": ClockScene(ClockSyncStatus()),
        "discovering": ClockScene(
            replace(
                _beginning(SyncState.DISCOVERING, None),
                settings=replace(FOLLOWING, machine=""),
                machines=(),
            )
        ),
        "no-rendezvous": ClockScene(
            ClockSyncStatus(
                settings=ClockSettings(role=ClockRole.FOLLOW),
                sync=SyncStatus(state=SyncState.DISCOVERING, text="No Rendezvous is named yet."),
            )
        ),
        "connecting": ClockScene(
            _beginning(
                SyncState.CONNECTING,
                replace(MASTER, machine=""),
                text="Connecting to 10.0.0.2:11511 \u2026 (attempt 3: nobody listens there)",
            )
        ),
        "syncing": ClockScene(
            _beginning(
                SyncState.SYNCING,
                MASTER,
                probes=9,
                answered=9,
                offset=3_500_120 * US,
                bound=320 * US,
                last_reply=NOW,
                round_trip=230 * US,
            ),
            Past(minutes=0.05, bound=320 * US),
        ),
        "synchronised": ClockScene(FOLLOWED, Past()),
        "synchronised-protected": ClockScene(
            replace(
                _with(SyncState.SYNCHRONISED, reference=replace(MASTER, is_protected=True)),
                machines=(replace(MACHINES[0], is_protected=True), *MACHINES[1:]),
                measurement=replace(_MEASUREMENT, offset=3_500_123 * US, bound=176 * US),
            ),
            Past(minutes=3.2),
            unfolded=True,
        ),
        "recording": ClockScene(replace(FOLLOWED, is_frozen=True), Past(), unfolded=True),
        "degraded": ClockScene(
            replace(
                _with(
                    SyncState.DEGRADED,
                    "\u00b1 7.9 ms is more than 5 ms.",
                    bound=7_900 * US,
                    round_trip=15_600 * US,
                    tick=15_625 * US,
                ),
                gate=GATE,
            ),
            Past(bound=7_900 * US, wander=900 * US),
        ),
        "held-step": ClockScene(
            replace(
                _with(
                    SyncState.DEGRADED,
                    "The clock of LAB-MASTER was set by +250 ms; what is being recorded keeps its time line.",
                    held_step=250 * NS_PER_MS,
                    bound=250_200 * US,
                ),
                is_frozen=True,
            ),
            Past(step=250 * NS_PER_MS),
        ),
        "holdover": ClockScene(
            _with(
                SyncState.HOLDOVER,
                "LAB-MASTER silent for 42 s; \u00b1 0.90 ms, reaches 5 ms in 4 min 33 s.",
                bound=900 * US,
                last_reply=NOW - 42 * NS_PER_S,
                answered=441,
            ),
            Past(silence_s=(42, 0)),
        ),
        "back-from-silence": ClockScene(
            _with(SyncState.SYNCHRONISED, answered=402), Past(silence_s=(420, 300))
        ),
        "lost": ClockScene(
            replace(
                _with(
                    SyncState.LOST,
                    "No reply of LAB-MASTER for 6 min; \u00b1 5.4 ms.",
                    bound=5_400 * US,
                    last_reply=NOW - 360 * NS_PER_S,
                    answered=398,
                ),
                gate="No reference for 6 min: \u00b1 5.4 ms, limit 5 ms.",
            ),
            Past(silence_s=(360, 0)),
        ),
        "self": ClockScene(
            replace(
                FOLLOWED,
                sync=SyncStatus(
                    state=SyncState.SELF, reference=Reference("10.0.0.5", 11511, "VM"), offset=0, bound=0
                ),
            )
        ),
        "error": ClockScene(
            replace(
                FOLLOWED,
                sync=SyncStatus(
                    state=SyncState.ERROR,
                    reference=MASTER,
                    text="10.0.0.2:11511 speaks version 3 of the protocol; this studio knows version 0.",
                ),
            )
        ),
        "far": ClockScene(
            replace(
                FOLLOWED,
                sync=SyncStatus(
                    state=SyncState.ERROR,
                    reference=MASTER,
                    text="The clock of LAB-MASTER is 3 days 2 h ahead of this machine's; it is not followed "
                    "unless you confirm that it shall be. If one of the two is wrong, set that right first.",
                    probes=4,
                    answered=4,
                    far=74 * 3600 * NS_PER_S,
                ),
            )
        ),
        "fixed-address": ClockScene(
            replace(
                FOLLOWED,
                settings=replace(FOLLOWING, use_rendezvous=False, machine="", host="cam-pc.local"),
                machines=(),
                rendezvous="",
                is_measuring=True,
            ),
            Past(),
        ),
        "reference": ClockScene(
            ClockSyncStatus(
                settings=_REFERENCE,
                sync=_SERVING,
                rendezvous="The Rendezvous runs here: 3 machines are connected.",
                is_rendezvous_connected=True,
                warning="Another machine is also called VM; original \\psi programs take it for this one.",
            ),
            unfolded=True,
        ),
        "reference-protected": ClockScene(
            ClockSyncStatus(
                settings=replace(
                    _REFERENCE,
                    protection=Protection.REQUIRE,
                    runs_rendezvous=False,
                    rendezvous_host="10.0.0.2",
                ),
                sync=replace(_SERVING, clients=1),
                rendezvous="Cannot reach the Rendezvous on 10.0.0.2:13331; tried again in 8 s.",
            )
        ),
    }
)
