"""The network laboratory itself: machines are apart, ways take as long as they are told, nothing is left."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Literal

import pytest

from tests.lab.network.exporting import exporter
from tests.lab.network.machines import Machine, TwoMachines, skip_without_networks, two_machines
from tests.lab.network.program import LabProgram
from tests.lab.network.synthetic_clock import SyntheticClock
from tests.lab.network.way import Way
from tests.waiting import wait_until

pytestmark = pytest.mark.namespace

CLOCK = SyntheticClock(offset=1_700_000_000 * 10**9, ppm=20.0)
SHOTS = 5


@pytest.fixture(autouse=True)
def _rights() -> None:
    skip_without_networks()


def shots(machines: TwoMachines, port: int, count: int = SHOTS) -> Iterator[tuple[int, int]]:
    """What a single shot importer on `a` takes the offset of the exporter on `b` for."""
    asked = (machines.b.address, str(port), "0.01")
    with machines.a.program("tests.lab.network.single_shot", *asked) as importer:
        assert importer.heard() == "ready"
        for _ in range(count):
            monotonic, offset = map(int, importer.heard().split())
            yield monotonic, offset


def hear_until(importer: LabProgram, wanted: Literal["answer", "failure"]) -> None:
    """Listen to a single shot importer until a shot ends so."""
    while importer.heard().startswith("failed") != (wanted == "failure"):
        pass


def test_machines_have_names_and_networks_of_their_own() -> None:
    with two_machines(("lab-master", "lab-camera")) as machines:
        assert machines.a.run("hostname") == "lab-master\n"
        assert machines.b.run("hostname") == "lab-camera\n"
        addresses = machines.a.run("ip", "-brief", "address")
        assert machines.a.address in addresses
        assert machines.b.address not in addresses
    assert Path("/proc/sys/kernel/hostname").read_text() != "lab-master\n"


def test_over_a_cable_the_truth_is_known_to_the_nanosecond() -> None:
    with two_machines() as machines, exporter(machines.b, CLOCK) as exporting:
        errors = [abs(offset - CLOCK.offset_at(at)) for at, offset in shots(machines, exporting.port)]
    assert min(errors) < 20_000_000


def test_a_relay_delays_each_way_as_it_is_told() -> None:
    there, back = Way(delay_ms=60.0), Way(delay_ms=20.0)
    with two_machines(there=there, back=back) as machines, exporter(machines.b, CLOCK) as exporting:
        errors = [offset - CLOCK.offset_at(at) for at, offset in shots(machines, exporting.port)]
    assert 2_000_000 < median(errors) < 200_000_000, "about half of what one way is longer than the other"


def test_what_is_cut_is_silent_until_it_is_joined_again() -> None:
    way = Way(delay_ms=1.0)
    with two_machines(there=way) as machines, exporter(machines.b, CLOCK) as exporting:
        asked = (machines.b.address, str(exporting.port), "0.01", "0.5")
        with machines.a.program("tests.lab.network.single_shot", *asked) as importer:
            assert importer.heard() == "ready"
            hear_until(importer, "answer")
            machines.cut()
            hear_until(importer, "failure")
            machines.change(way, way)
            hear_until(importer, "answer")


def test_packets_are_lost_in_the_kernel_as_often_as_it_is_told() -> None:
    with two_machines() as machines, exporter(machines.b, CLOCK) as exporting:
        machines.b.lose(1.0)
        asked = (machines.b.address, str(exporting.port), "0.01", "0.5")
        with machines.a.program("tests.lab.network.single_shot", *asked) as importer:
            assert importer.heard() == "ready"
            wait_until(lambda: _dropped(machines.b) > 0, 20.0, "a lost packet")
            machines.b.lose(0.0)
            hear_until(importer, "answer")


def _dropped(machine: Machine) -> int:
    """Packets that its kernel has thrown away."""
    found = re.search(r"counter packets (\d+)", machine.run("nft", "list", "ruleset"))
    return int(found.group(1)) if found else 0


def test_a_machine_is_gone_with_whoever_made_it() -> None:
    machine = Machine("lab-lost")
    machine.open()
    network = os.readlink(f"/proc/{machine.pid}/ns/net")
    machine.close()
    assert network not in _networks()


def _networks() -> set[str]:
    found = set()
    for place in Path("/proc").glob("[0-9]*/ns/net"):
        try:
            found.add(os.readlink(place))
        except OSError:
            continue  # it ended meanwhile
    return found


def test_where_its_maker_is_killed_a_machine_ends_too() -> None:
    script = (
        "import sys, time\n"
        "from tests.lab.network.machines import two_machines\n"
        "from tests.lab.network.way import Way\n"
        "with two_machines(there=Way()) as made:\n"
        "    print(made.a.pid, made.b.pid, made.relay.pid, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with LabProgram([sys.executable, "-c", script]) as maker:
        pids = [int(pid) for pid in maker.heard().split()]
        assert all(Path(f"/proc/{pid}").exists() for pid in pids)
    wait_until(lambda: not any(_runs(pid) for pid in pids), 20.0, "the end of the machines")


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_laboratories_stand_side_by_side() -> None:
    way = Way(delay_ms=2.0)
    with two_machines(there=way) as first, two_machines(there=way) as second, two_machines() as third:
        for machines in (first, second, third):
            with exporter(machines.b, CLOCK) as exporting:
                ((at, offset),) = shots(machines, exporting.port, 1)
                assert abs(offset - CLOCK.offset_at(at)) < 10**9
