"""Exporters and importers as users write them: real sockets, a real clock process, real pipelines."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from studio.engine import Pipeline, generators
from studio.errors import ClockRoleError, NetworkError, NotSynchronisedError, PipelineStateError
from studio.net import RemoteClockExporter, RemoteClockImporter
from studio.net.clock_roles import clock_roles
from studio.net.clock_serving import machine_name
from studio.net.endpoints import RemoteClockExporterEndpoint
from studio.timing import NS_PER_MS, NS_PER_S, SystemClock
from studio.timing.sync_status import SyncState
from tests.net.clock_peers import (
    HUGE_NAME,
    exporter_that,
    is_silent,
    kept_clock_process,
    our_exporter,
    resets,
    says,
    tells,
)
from tests.waiting import wait_until

PATIENCE_S = 60.0
AHEAD = 3_500_000_000


@pytest.fixture(scope="module", autouse=True)
def one_clock_process() -> Iterator[None]:
    """For all tests here, since Python takes its time to start."""
    with kept_clock_process():
        yield


@pytest.fixture(autouse=True)
def every_lease_is_released() -> Iterator[None]:
    yield
    assert clock_roles().exports == ()
    assert clock_roles().follows == ()


def ahead_of(own: SystemClock) -> Callable[[], int]:
    """A clock that is 3.5 s ahead of ours."""
    return lambda: own.now() + AHEAD


def test_an_importer_finds_offset_and_bound_and_its_pipeline_is_stamped_with_them() -> None:
    own = SystemClock()
    with (
        exporter_that(tells(ahead_of(own))) as exporter,
        Pipeline(clock=own) as pipeline,
        RemoteClockImporter(pipeline, "127.0.0.1", exporter.port) as importer,
    ):
        assert importer.connected.wait(PATIENCE_S)
        assert importer.connected.is_set()
        times: list[int] = []
        stream = generators.range_(pipeline, 0, 5, interval=NS_PER_MS)
        stream.process(lambda value, envelope, out: times.append(envelope.creation_time))
        before = own.now() + AHEAD
        pipeline.run(require_sync=True)
        after = own.now() + AHEAD
        status = importer.status()
        assert status.bound is not None
        assert pipeline.is_synchronised
        assert len(times) == 5
        assert all(before - status.bound <= time <= after + status.bound for time in times)
        assert before - status.bound <= pipeline.start_time <= after + status.bound
        assert status.offset is not None
        assert abs(status.offset - AHEAD) <= status.bound
        assert status.reference is not None
        assert status.reference.machine == "LAB-MASTER"
        assert importer.log().probes


def test_a_run_before_the_first_offset_is_on_its_own_clock_warns_and_is_marked(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with (
        exporter_that(is_silent) as exporter,
        Pipeline() as pipeline,
        RemoteClockImporter(pipeline, "127.0.0.1", exporter.port) as importer,
    ):
        generators.range_(pipeline, 0, 3, interval=NS_PER_MS)
        assert not importer.connected.wait(0.01)
        with pytest.raises(NotSynchronisedError, match="Connecting to 127"):
            pipeline.run(require_sync=True)
        with caplog.at_level(logging.WARNING):
            pipeline.run()
        assert "own clock" in caplog.text
        assert not pipeline.is_synchronised
        assert abs(pipeline.start_time - SystemClock().now()) < 3600 * NS_PER_S


def test_demanding_a_clock_without_following_one_is_refused_before_anything_starts() -> None:
    with Pipeline() as pipeline:
        generators.range_(pipeline, 0, 3, interval=NS_PER_MS)
        with pytest.raises(NotSynchronisedError, match="RemoteClockImporter"):
            pipeline.run(require_sync=True)
        pipeline.run()


def test_a_pipeline_follows_one_clock_only_and_from_before_its_run() -> None:
    with our_exporter() as server, Pipeline() as pipeline:
        with (
            RemoteClockImporter(pipeline, "127.0.0.1", server.port),
            pytest.raises(PipelineStateError, match="follows one already"),
        ):
            RemoteClockImporter(pipeline, "127.0.0.1", server.port)
        assert clock_roles().follows == ()


def test_the_parts_of_a_pipeline_have_its_clock() -> None:
    own = SystemClock()
    with exporter_that(tells(ahead_of(own))) as exporter, Pipeline(clock=own) as pipeline:
        early = pipeline.create_subpipeline("early")
        with RemoteClockImporter(pipeline, "127.0.0.1", exporter.port) as importer:
            late = pipeline.create_subpipeline("late")
            assert early.clock is late.clock is pipeline.clock
            importer.connected.wait(PATIENCE_S)
            assert abs(pipeline.clock.now() - own.now()) < AHEAD // 2
            generators.range_(pipeline, 0, 3, interval=NS_PER_MS)
            pipeline.run()
            assert abs(early.clock.now() - own.now() - AHEAD) < AHEAD // 2
            assert early.is_synchronised


def test_this_machine_is_recognised_and_changes_nothing() -> None:
    with (
        our_exporter() as server,
        Pipeline() as pipeline,
        RemoteClockImporter(pipeline, "127.0.0.1", server.port) as importer,
    ):
        assert importer.connected.wait(PATIENCE_S)
        assert importer.status().state is SyncState.SELF
        assert importer.status().offset == 0
        generators.range_(pipeline, 0, 3, interval=NS_PER_MS)
        pipeline.run(require_sync=True)
        assert pipeline.is_synchronised


def test_an_exporter_that_does_it_wrong_is_asked_again_and_the_reason_is_said() -> None:
    with (
        exporter_that(says(HUGE_NAME)) as exporter,
        RemoteClockImporter(None, "127.0.0.1", exporter.port) as importer,
    ):
        wait_until(lambda: "bytes" in importer.status().text, PATIENCE_S)
        assert importer.status().state is SyncState.CONNECTING
        assert not importer.connected.is_set()
        exporter.manner = tells(ahead_of(SystemClock()))
        assert importer.connected.wait(PATIENCE_S)


def test_an_exporter_that_comes_later_is_found_and_one_that_comes_back_too() -> None:
    own = SystemClock()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with RemoteClockImporter(None, "127.0.0.1", port) as importer:
        wait_until(lambda: importer.status().probes >= 1, PATIENCE_S)
        with exporter_that(tells(ahead_of(own)), port):
            wait_until(lambda: importer.status().answered > 0, PATIENCE_S)
        answered = importer.status().answered
        with exporter_that(tells(ahead_of(own)), port):
            wait_until(lambda: importer.status().answered > answered, PATIENCE_S)
        assert importer.connected.wait(0)


def test_an_exporter_that_serves_one_and_resets_the_rest_is_followed() -> None:
    own = SystemClock()
    turn = iter(range(10**9))

    def every_second_one(peer: socket.socket, ending: threading.Event) -> None:
        (resets if next(turn) % 2 else tells(ahead_of(own)))(peer, ending)

    with (
        exporter_that(every_second_one) as exporter,
        RemoteClockImporter(None, "127.0.0.1", exporter.port) as importer,
    ):
        assert importer.connected.wait(PATIENCE_S)
        wait_until(lambda: importer.status().answered >= 8, PATIENCE_S)
        status = importer.status()
        assert status.offset is not None
        assert status.bound is not None
        assert abs(status.offset - AHEAD) <= status.bound


def test_an_exporter_tells_where_it_is_and_can_be_advertised() -> None:
    with RemoteClockExporter(port=0, host="127.0.0.1") as exporter:
        assert exporter.port > 0
        assert exporter.machine == machine_name()
        endpoint = exporter.to_rendezvous_endpoint("lab-master.local")
        assert endpoint == RemoteClockExporterEndpoint("lab-master.local", exporter.port)
        assert exporter.to_rendezvous_endpoint().host == "127.0.0.1"
        preview = clock_roles().preview("127.0.0.1", exporter.port, 3).result(PATIENCE_S)
        assert preview.machine == machine_name()
        wait_until(lambda: exporter.status().clients == 1, PATIENCE_S)
        assert exporter.status().state is SyncState.REFERENCE
        exporter.close()


def test_an_exporter_at_a_taken_port_raises_at_once() -> None:
    with our_exporter() as server, pytest.raises(NetworkError, match="Choose another port"):
        RemoteClockExporter(port=server.port, host="127.0.0.1")


def test_an_endpoint_becomes_an_importer() -> None:
    own = SystemClock()
    with exporter_that(tells(ahead_of(own))) as exporter:
        endpoint = RemoteClockExporterEndpoint("127.0.0.1", exporter.port)
        with Pipeline() as pipeline, endpoint.to_remote_clock_importer(pipeline) as importer:
            assert importer.connected.wait(PATIENCE_S)
            assert isinstance(importer, RemoteClockImporter)


def test_an_importer_that_is_closed_gives_no_clock_and_may_be_closed_again() -> None:
    own = SystemClock()
    with exporter_that(tells(ahead_of(own))) as exporter, Pipeline(clock=own) as pipeline:
        importer = RemoteClockImporter(pipeline, "127.0.0.1", exporter.port)
        importer.connected.wait(PATIENCE_S)
        importer.close()
        importer.close()
        generators.range_(pipeline, 0, 3, interval=NS_PER_MS)
        with pytest.raises(NotSynchronisedError, match="closed"):
            pipeline.run(require_sync=True)


def test_a_contradiction_is_raised_where_it_is_waited_for_too() -> None:
    with (
        exporter_that(tells(ahead_of(SystemClock()), name="A")) as exporter,
        RemoteClockImporter(None, "127.0.0.1", exporter.port) as importer,
    ):
        importer.connected.wait(PATIENCE_S)
        exporter.manner = tells(ahead_of(SystemClock()), name="B")
        wait_until(lambda: importer.status().state is SyncState.ERROR, PATIENCE_S)
        with pytest.raises(ClockRoleError, match="calls itself B now"):
            importer.connected.wait(PATIENCE_S)
