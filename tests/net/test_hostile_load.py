"""A crowd that means no good does not keep honest importers from the time."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median

import pytest

from studio.net.clock_probing import Target, probe
from studio.net.clock_protocol import request_bytes
from studio.net.clock_serving import ClockServer
from studio.net.endpoints import Process
from studio.net.rendezvous_protocol import ProcessAdded, client_greeting_bytes
from studio.net.tcp_client import Deadline, Place, resolve
from studio.timing import NS_PER_MS, SystemClock
from studio.timing.sync_status import ProbeOutcome, ProbeRecord
from tests.lab.network.program import LabProgram
from tests.net.rendezvous_peers import guest_of, served

HOSTILE = 400
HONEST_PROBES = 100
HONEST_MEMBERS = 50
PATIENCE_S = 60.0


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
    with crowd_at(server.port, request_bytes()) as made:
        records = [_asked(target, place) for _ in range(HONEST_PROBES)]
    assert [record.outcome for record in records] == [ProbeOutcome.ANSWERED] * HONEST_PROBES
    assert made[0] > HOSTILE, "they came back again and again"
    with capsys.disabled():
        tell(made[0], "honest round trips", [record.received - record.sent for record in records])


def test_beside_as_many_at_the_rendezvous_honest_members_hear_of_each_other_and_newcomers_get_in(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with (
        served() as server,
        guest_of(server) as first,
        guest_of(server) as second,
        crowd_at(server.port, client_greeting_bytes()) as made,
    ):
        news, visits = [], []
        for number in range(HONEST_MEMBERS):
            began = time.perf_counter_ns()
            first.send(ProcessAdded(Process(f"P{number}")))
            assert second.hear() == ProcessAdded(Process(f"P{number}"))
            news.append(time.perf_counter_ns() - began)
            began = time.perf_counter_ns()
            with guest_of(server):  # which reads all that is known by then
                visits.append(time.perf_counter_ns() - began)
        assert {process.name for process in server.rendezvous.processes} == {
            f"P{number}" for number in range(HONEST_MEMBERS)
        }
    assert made[0] > HOSTILE, "they came back again and again"
    with capsys.disabled():
        tell(made[0], "news of members", news)
        tell(made[0], "visits of newcomers", visits)


@contextmanager
def crowd_at(port: int, hello: bytes) -> Iterator[list[int]]:
    """All of them are there; in the end how many connections they made."""
    arguments = ("127.0.0.1", str(port), str(HOSTILE), hello.hex())
    made: list[int] = []
    with LabProgram.of_module("tests.lab.network.hostile", *arguments) as crowd:
        assert crowd.heard(PATIENCE_S) == "ready"
        yield made
        crowd.close_input()
        made.append(int(crowd.heard(PATIENCE_S)))


def tell(made: int, what: str, durations: Sequence[int]) -> None:
    """For people who measure."""
    print(
        f"\n{made} hostile connections; {what}: median {median(durations) / NS_PER_MS:.2f} ms, "
        f"longest {max(durations) / NS_PER_MS:.2f} ms"
    )
