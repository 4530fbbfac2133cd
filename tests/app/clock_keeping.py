"""What tests of the recorder's clock need: another machine with a clock of its own, and what follows it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from studio.app.clock_keeper import ClockKeeper
from studio.app.clock_sync import ClockRole, ClockSettings, ClockSyncStatus
from studio.timing import NS_PER_S, SystemClock
from studio.timing.sync_status import SyncState
from tests.lab.network.exporting import Exporting, exporter
from tests.lab.network.manners import Manner
from tests.lab.network.synthetic_clock import SyntheticClock
from tests.waiting import wait_until

AHEAD = 3_500_000_000
"""The other clock is ahead of ours by that, ns."""


def other_clock(own: SystemClock, *, ahead: int = AHEAD, ppm: float = 20.0) -> SyntheticClock:
    """A clock that differs from ours by so much, and runs faster."""
    return SyntheticClock(offset=own.from_monotonic(0) + ahead, begin=time.monotonic_ns(), ppm=ppm)


@contextmanager
def other_machine(
    clock: SyntheticClock, *, manner: Manner = Manner.HONEST, port: int = 0
) -> Iterator[Exporting]:
    """It exports that clock on 127.0.0.1, from a process of its own."""
    with exporter(None, clock, manner=manner, port=port, name="LAB-MASTER") as exporting:
        yield exporting


def following(port: int, **changes: object) -> ClockSettings:
    """To follow whoever exports at that port of this machine."""
    settings = {"role": ClockRole.FOLLOW, "use_rendezvous": False, "host": "127.0.0.1", "port": port}
    return ClockSettings(**(settings | changes))  # type: ignore[arg-type]


def wait_for_state(keeper: ClockKeeper, *states: SyncState) -> ClockSyncStatus:
    """Until it stands so; how it stands then."""
    wait_until(lambda: keeper.status().sync.state in states, 60, f"{states}; {keeper.status().sync}")
    return keeper.status()


def wait_until_exact(keeper: ClockKeeper) -> ClockSyncStatus:
    """Until a recording may start."""
    wait_until(lambda: not keeper.status().gate, 60, f"an open gate; {keeper.status()}")
    return keeper.status()


def seconds(ns: int) -> float:
    """For messages of failed tests."""
    return ns / NS_PER_S
