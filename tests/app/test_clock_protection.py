"""Clocks of paired machines, asked and told through TLS; and what is refused, in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from studio.app.clock_keeper import ClockKeeper
from studio.app.clock_protection import tls_port_beside
from studio.app.clock_sync import ClockRole, ClockSettings, MachineKind, Protection
from studio.net.clock_roles import ClockRoles
from studio.timing import SystemClock
from studio.timing.sync_status import SyncState
from tests.app.clock_keeping import wait_for_state
from tests.net.pairing_peers import LOCAL, Machine, paired
from tests.waiting import wait_until

LIMIT_S = 60.0


@contextmanager
def keeper_of(machine: Machine) -> Iterator[ClockKeeper]:
    """The clock of a recorder on that machine."""
    keeper = ClockKeeper(SystemClock(), paired=machine.store, roles=ClockRoles())
    try:
        yield keeper
    finally:
        keeper.close()


def reference(protection: Protection) -> ClockSettings:
    """Serves its clock on this machine, and holds the Rendezvous."""
    return ClockSettings(
        role=ClockRole.REFERENCE,
        runs_rendezvous=True,
        rendezvous_port=0,
        serve_address=LOCAL,
        serve_port=0,
        protection=protection,
    )


def looking_at(keeper: ClockKeeper, protection: Protection) -> ClockSettings:
    """Follows somebody whom it finds at the Rendezvous of that one."""
    wait_until(lambda: keeper.status().is_rendezvous_connected, LIMIT_S, "the Rendezvous")
    port = int(keeper.status().rendezvous.partition(" (")[0].rpartition(":")[2])
    return ClockSettings(
        role=ClockRole.FOLLOW, rendezvous_host=LOCAL, rendezvous_port=port, protection=protection
    )


@pytest.mark.parametrize("offered", [Protection.PREFER, Protection.REQUIRE])
def test_paired_machines_speak_of_the_time_through_tls(tmp_path: Path, offered: Protection) -> None:
    one, other = paired(tmp_path, "A", "B")
    with keeper_of(one) as exporting, keeper_of(other) as following:
        exporting.set(reference(offered))
        settings = looking_at(exporting, Protection.PREFER)
        following.set(settings)
        following.look_at_machines()
        wait_until(lambda: any(m.round_trip for m in following.status().machines), LIMIT_S, "a preview")
        (found,) = following.status().machines
        assert found.is_protected
        assert found.kind is MachineKind.STUDIO
        following.set(replace(settings, machine=found.key))
        status = wait_for_state(following, SyncState.SELF)  # reached, and found to be this very machine
        assert status.sync.reference is not None
        assert status.sync.reference.is_protected
        warning = exporting.status().warning
        assert ("clear" in warning) == (offered is Protection.PREFER)


def test_who_follows_paired_machines_only_follows_no_other(tmp_path: Path) -> None:
    one, other = Machine(tmp_path, "A"), Machine(tmp_path, "B")
    other.trust(Machine(tmp_path, "C"), address="10.0.0.3")
    with keeper_of(one) as exporting, keeper_of(other) as following:
        exporting.set(reference(Protection.PLAIN))
        settings = looking_at(exporting, Protection.REQUIRE)
        following.set(settings)
        following.look_at_machines()
        wait_until(lambda: bool(following.status().machines), LIMIT_S, "a machine")
        (found,) = following.status().machines
        assert not found.is_protected
        following.set(replace(settings, machine=found.key))
        status = wait_for_state(following, SyncState.ERROR)
        assert "was not paired" in status.sync.text


def test_who_tells_paired_machines_only_and_has_none_is_told(tmp_path: Path) -> None:
    one = Machine(tmp_path, "A")
    with keeper_of(one) as keeper:
        keeper.set(reference(Protection.REQUIRE))
        status = wait_for_state(keeper, SyncState.ERROR)
        assert "none was paired" in status.sync.text
        one.trust(Machine(tmp_path, "B"))  # as soon as there is one, it goes on by itself
        wait_for_state(keeper, SyncState.REFERENCE)


def test_the_second_port_stands_beside_the_first() -> None:
    assert tls_port_beside(11511) == 11512
    assert tls_port_beside(5000) == 5001
    assert tls_port_beside(65535) == 1
    assert tls_port_beside(0) == 0
