"""Which machines can be followed, what is known of them, and when they may be asked."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.app.clock_memory import RememberedMachine
from studio.app.clock_sync import MachineKind, address_key
from studio.app.machine_list import LOOKED_AT_FOR, PREVIEW_PERIOD, MachineList, Preview, split_address
from studio.net.endpoints import (
    NetMQSourceEndpoint,
    Process,
    RemoteClockExporterEndpoint,
    Stream,
    TcpSourceEndpoint,
)
from studio.timing import NS_PER_MS, NS_PER_S
from studio.timing.sync_status import Reference, SyncState, SyncStatus

MASTER = Process("MyApp", (RemoteClockExporterEndpoint("10.0.0.2", 11511),))
STUDIO = Process(
    "Studio CAM-PC",
    (
        RemoteClockExporterEndpoint("10.0.0.7", 11511),
        NetMQSourceEndpoint("tcp://10.0.0.7:11512", (Stream("studio.clock.tls", "bytes"),)),
    ),
)
SERVER = "10.0.0.1"


def test_processes_without_a_clock_are_no_machines() -> None:
    machines = MachineList()
    machines.list_processes([MASTER, STUDIO, Process("Camera", (TcpSourceEndpoint("10.0.0.9", 1),))], SERVER)
    assert [(m.key, m.process, m.kind) for m in machines.machines()] == [
        ("10.0.0.2:11511", "MyApp", MachineKind.ORIGINAL),
        ("10.0.0.7:11511", "Studio CAM-PC", MachineKind.STUDIO),
    ]
    machines.list_processes([], SERVER)
    assert machines.machines() == ()


def test_who_calls_itself_localhost_is_at_the_address_of_the_rendezvous() -> None:
    machines = MachineList()
    machines.list_processes([Process("A", (RemoteClockExporterEndpoint("localhost", 11511),))], SERVER)
    assert machines.machines()[0].key == "10.0.0.1:11511"


def test_a_machine_that_was_followed_stays_in_the_list_with_its_name() -> None:
    machines = MachineList()
    machines.remember([RememberedMachine("LAB-MASTER", "10.0.0.2")])
    (alone,) = machines.machines()
    assert (alone.machine, alone.is_listed, alone.is_remembered) == ("LAB-MASTER", False, True)
    machines.list_processes([MASTER], SERVER)
    (both,) = machines.machines()
    assert (both.machine, both.process, both.is_listed, both.is_remembered) == (
        "LAB-MASTER",
        "MyApp",
        True,
        True,
    )


def test_nobody_is_asked_while_nobody_looks() -> None:
    machines = MachineList()
    machines.list_processes([MASTER, STUDIO], SERVER)
    assert machines.due(0) == ()
    machines.look(0)
    assert {machine.key for machine in machines.due(1)} == {"10.0.0.2:11511", "10.0.0.7:11511"}
    assert machines.due(LOOKED_AT_FOR) == ()


def test_the_one_that_is_followed_is_not_asked_beside_that() -> None:
    machines = MachineList()
    machines.list_processes([MASTER, STUDIO], SERVER)
    machines.look(0)
    assert [machine.key for machine in machines.due(1, followed="10.0.0.2:11511")] == ["10.0.0.7:11511"]


@settings(deadline=None)
@given(looks=st.lists(st.integers(0, 40 * NS_PER_S), min_size=2, max_size=60))
def test_however_often_somebody_looks_a_machine_is_asked_about_twice_a_minute(looks: list[int]) -> None:
    machines, now, asked = MachineList(), 0, []
    machines.list_processes([MASTER], SERVER)
    for wait in looks:
        now += wait
        machines.look(now)
        asked += [now for _ in machines.due(now)]
    assert all(b - a >= 0.8 * PREVIEW_PERIOD for a, b in pairwise(asked))


def test_what_a_preview_found_is_shown_and_a_failure_does_not_hide_the_machine() -> None:
    machines = MachineList()
    machines.list_processes([MASTER], SERVER)
    machines.take("10.0.0.2:11511", Preview(5, "LAB-MASTER", NS_PER_MS, 3_500 * NS_PER_MS))
    (found,) = machines.machines()
    assert (found.machine, found.round_trip, found.offset, found.bound, found.seen) == (
        "LAB-MASTER",
        NS_PER_MS,
        3_500 * NS_PER_MS,
        NS_PER_MS // 2,
        5,
    )
    machines.take("10.0.0.2:11511", Preview(6, problem="Nobody answers there."))
    (lost,) = machines.machines()
    assert (lost.problem, lost.round_trip) == ("Nobody answers there.", None)


def test_of_the_one_that_is_followed_the_newest_burst_is_shown() -> None:
    machines = MachineList()
    machines.list_processes([MASTER], SERVER)
    sync = SyncStatus(
        SyncState.SYNCHRONISED,
        reference=Reference("10.0.0.2", 11511, "LAB-MASTER"),
        offset=7,
        bound=8,
        round_trip=9,
    )
    (found,) = machines.machines("10.0.0.2:11511", sync)
    assert (found.is_followed, found.machine, found.offset, found.bound, found.round_trip) == (
        True,
        "LAB-MASTER",
        7,
        8,
        9,
    )


def test_a_machine_is_found_by_address_or_by_a_name_that_only_one_has() -> None:
    machines = MachineList()
    machines.list_processes([MASTER, STUDIO], SERVER)
    machines.remember([RememberedMachine("TWIN", "10.0.0.8"), RememberedMachine("TWIN", "10.0.0.9")])
    for chosen, key in (
        ("10.0.0.2:11511", "10.0.0.2:11511"),
        ("MyApp", "10.0.0.2:11511"),
        ("10.0.0.7", "10.0.0.7:11511"),
    ):
        found = machines.find(chosen)
        assert found is not None
        assert found.key == key
    assert machines.find("TWIN") is None
    assert machines.find("nobody") is None


@settings(deadline=None)
@given(host=st.sampled_from(["lab", "10.0.0.2", "::1", "fe80::1", "a.b.example"]), port=st.integers(1, 65535))
def test_an_address_as_text_is_read_back(host: str, port: int) -> None:
    assert split_address(address_key(host, port)) == (host, port)


@settings(deadline=None)
@given(st.text(max_size=12))
def test_any_other_text_is_no_address(text: str) -> None:
    found = split_address(text)
    assert found is None or address_key(*found) == text.strip()
