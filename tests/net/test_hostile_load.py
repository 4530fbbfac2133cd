"""A crowd that means no good does not keep honest importers from the time."""

from collections.abc import Iterator
from statistics import median

import pytest

from studio.net.clock_probing import Target, probe
from studio.net.clock_serving import ClockServer
from studio.net.tcp_client import Deadline, Place, resolve
from studio.timing import NS_PER_MS, SystemClock
from studio.timing.sync_status import ProbeOutcome, ProbeRecord
from tests.lab.network.program import LabProgram

HOSTILE = 400
HONEST_PROBES = 100


@pytest.fixture
def server() -> Iterator[ClockServer]:
    """An exporter of this process' clock."""
    failures: list[BaseException] = []
    serving = ClockServer("127.0.0.1", 0, SystemClock(), on_failure=failures.append)
    serving.start()
    yield serving
    serving.close()
    assert failures == []


def _asked(target: Target, place: Place) -> ProbeRecord:
    """Ask; once more if this machine was too busy to do so within the second that a probe has."""
    for _ in range(5):
        record = probe(target, place).record
        if record.outcome is not ProbeOutcome.SILENT:
            break
    return record


def test_beside_400_hostile_connections_of_four_kinds_every_honest_probe_is_answered(
    server: ClockServer, capsys: pytest.CaptureFixture[str]
) -> None:
    target = Target("127.0.0.1", server.port)
    place = resolve(target.host, target.port, Deadline(20.0))
    arguments = ("127.0.0.1", str(server.port), str(HOSTILE))
    with LabProgram.of_module("tests.lab.network.hostile", *arguments) as crowd:
        assert crowd.heard() == "ready"
        records = [_asked(target, place) for _ in range(HONEST_PROBES)]
        crowd.close_input()
        made = int(crowd.heard())
    assert [record.outcome for record in records] == [ProbeOutcome.ANSWERED] * HONEST_PROBES
    assert made > HOSTILE, "they came back again and again"
    round_trips = sorted(record.received - record.sent for record in records)
    with capsys.disabled():
        print(
            f"\n{made} hostile connections; honest round trips: "
            f"median {median(round_trips) / NS_PER_MS:.2f} ms, longest {round_trips[-1] / NS_PER_MS:.2f} ms"
        )
