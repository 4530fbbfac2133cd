"""The clock process is killed in the middle of its work: it comes back, and nothing goes wrong meanwhile."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from studio.engine import Pipeline, generators
from studio.host.lives import lives
from studio.net import RemoteClockExporter, RemoteClockImporter
from studio.net.clock_roles import clock_roles
from studio.timing import NS_PER_MS, SystemClock, monotonic_ns
from studio.timing.sync_status import SyncState
from tests.net.clock_peers import exporter_that, tells
from tests.waiting import wait_until

pytestmark = pytest.mark.kill

PATIENCE_S = 60.0
AHEAD = 3_500_000_000


def ahead_of(own: SystemClock) -> Callable[[], int]:
    """A clock that is 3.5 s ahead of ours."""
    return lambda: own.now() + AHEAD


def test_a_killed_clock_process_comes_back_and_nothing_is_lost() -> None:
    own = SystemClock()
    with (
        exporter_that(tells(ahead_of(own))) as exporter,
        Pipeline(clock=own) as pipeline,
        RemoteClockImporter(pipeline, "127.0.0.1", exporter.port) as importer,
    ):
        importer.connected.wait(PATIENCE_S)
        generators.repeat(pipeline, 1, interval=NS_PER_MS)
        pipeline.run_async(require_sync=True)
        answered = importer.status().answered
        link = clock_roles()._link
        assert link is not None
        assert link.pid is not None
        os.kill(link.pid, signal.SIGKILL)
        wait_until(lambda: importer.status().answered > answered + 4, PATIENCE_S)
        now = monotonic_ns()
        status = importer.status()
        assert status.bound is not None
        true = own.from_monotonic(now) + AHEAD
        assert abs(pipeline.clock.from_monotonic(now) - true) <= status.bound + NS_PER_MS
        assert any("is gone" in change.text for change in importer.log().changes)


def test_a_killed_exporter_comes_back_at_the_same_port() -> None:
    with RemoteClockExporter(port=0, host="127.0.0.1") as exporter:
        link = clock_roles()._link
        assert link is not None
        pid = link.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: exporter.status().state is SyncState.ERROR or link.pid != pid, PATIENCE_S)
        wait_until(lambda: exporter.status().state is SyncState.REFERENCE, PATIENCE_S)
        wait_until(lambda: link.pid not in (None, pid), PATIENCE_S)
        preview = clock_roles().preview("127.0.0.1", exporter.port).result(PATIENCE_S)
        assert preview.machine or preview.problem


def test_the_clock_process_ends_with_the_program_that_started_it_however_that_ends() -> None:
    program = (
        "import sys\n"
        "from studio.net import RemoteClockExporter\n"
        "from studio.net.clock_roles import clock_roles\n"
        "exporter = RemoteClockExporter(port=0, host='127.0.0.1')\n"
        "print(clock_roles()._link.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as user:
        assert user.stdout is not None
        pid = int(user.stdout.readline())
        assert lives(pid)
        user.kill()
        user.wait()
    wait_until(lambda: not lives(pid), PATIENCE_S)
