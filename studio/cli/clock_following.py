"""Before a recording from the command line: follows the clock it shall have, and waits until it is exact."""

import threading
from dataclasses import dataclass
from typing import Self

from studio.app.clock_keeper import ClockKeeper
from studio.app.clock_sync import CLOCK_PORT, ClockRole, ClockSettings, ClockSyncStatus
from studio.app.clock_text import sync_text
from studio.cli.clock_roles import follow_far
from studio.cli.output import remark
from studio.cli.place import parsed_place
from studio.errors import ClockGateError, RecordingCancelledError
from studio.timing import NS_PER_MS, NS_PER_S, Duration, monotonic_ns, wait_on
from studio.timing.sync_status import SyncState

LOOK_INTERVAL: Duration = 50 * NS_PER_MS


@dataclass(frozen=True, slots=True)
class FollowedClock:
    """Which clock a recording shall have."""

    settings: ClockSettings
    timeout_s: float
    is_required: bool
    is_far_allowed: bool = False
    """However far off it is."""

    @classmethod
    def parsed(
        cls, place: str, limit_ms: float, timeout_s: float, *, is_required: bool, is_far_allowed: bool = False
    ) -> Self:
        """As it is typed; raises BadParameter."""
        host, port = parsed_place(place, CLOCK_PORT)
        settings = ClockSettings(
            role=ClockRole.FOLLOW,
            use_rendezvous=False,
            host=host,
            port=port,
            bound_limit_ns=round(limit_ms * NS_PER_MS),
        )
        return cls(settings, timeout_s, is_required, is_far_allowed)


def follow_clock(keeper: ClockKeeper, clock: FollowedClock, interrupted: threading.Event) -> None:
    """Follow it, and return as soon as it is exact enough, or the time for that is over.

    Raises SettingsError; ClockGateError if it is required and not exact enough; RecordingCancelledError when
    somebody interrupts.
    """
    keeper.set(clock.settings)
    status = _waited(keeper, clock, interrupted)
    if interrupted.is_set():
        raise RecordingCancelledError("Interrupted before the recording began; nothing was written.")
    if status.gate and clock.is_required:
        raise ClockGateError(f"{status.gate} Nothing was recorded.")
    remark(status.gate or sync_text(status))


def _waited(keeper: ClockKeeper, clock: FollowedClock, interrupted: threading.Event) -> ClockSyncStatus:
    end = monotonic_ns() + round(clock.timeout_s * NS_PER_S)
    while True:
        status = keeper.status()
        if status.sync.far and clock.is_far_allowed:
            follow_far(keeper, status.sync)
        is_hopeless = not (status.sync.far and clock.is_far_allowed) and status.sync.state is SyncState.ERROR
        left = min(LOOK_INTERVAL, end - monotonic_ns())
        if not status.gate or is_hopeless or left <= 0 or wait_on(interrupted, left):
            return status
