"""The process that measures: does what it is told, comes back when it dies, and never outlives us."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from studio.net.clock_messages import (
    Burst,
    ClockProcessFailed,
    Follow,
    MeasureNow,
    Preview,
    Previewed,
    Serve,
    Serving,
    ServingFailed,
    StopServing,
    Told,
    Unfollow,
)
from studio.net.clock_process import ClockProcess
from studio.timing import ClockAnchor
from studio.timing.sync_status import ProbeOutcome
from tests.net.clock_peers import our_exporter
from tests.net.tcp_peers import is_turned_away
from tests.waiting import wait_until

PATIENCE_S = 60.0
"""Python takes seconds to start on a busy machine."""


class Heard:
    """What a clock process has told."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.failures: list[BaseException] = []

    def answers(self) -> int:
        return sum(
            record.outcome is ProbeOutcome.ANSWERED
            for told in tuple(self.told)
            if isinstance(told, Burst)
            for record in told.records
        )

    def last(self, kind: type[Told]) -> Told | None:
        return next((told for told in reversed(tuple(self.told)) if isinstance(told, kind)), None)

    def wait_for(self, kind: type[Told]) -> Told:
        wait_until(lambda: self.last(kind) is not None, PATIENCE_S, kind.__name__)
        found = self.last(kind)
        assert found is not None
        return found


@contextmanager
def clock_process(log: Path | None = None) -> Iterator[tuple[ClockProcess, Heard]]:
    heard = Heard()
    process = ClockProcess(heard.told.append, heard.failures.append, log=log)
    process.start()
    try:
        yield process, heard
    finally:
        process.close()
        assert heard.failures == []


def served(number: int = 1, port: int = 0) -> Serve:
    anchor = ClockAnchor.read()
    return Serve(number, "127.0.0.1", port, anchor.utc_time, anchor.monotonic)


def test_one_exports_and_another_follows_and_previews() -> None:
    with clock_process() as (exporter, told), clock_process() as (follower, heard):
        exporter.tell(served())
        serving = told.wait_for(Serving)
        assert isinstance(serving, Serving)
        follower.tell(Preview(7, "127.0.0.1", serving.port, 3))
        follower.tell(Follow(5, "127.0.0.1", serving.port))
        previewed = heard.wait_for(Previewed)
        assert isinstance(previewed, Previewed)
        assert (previewed.number, previewed.is_local) == (7, True)
        assert 1 <= len(previewed.records) <= 3
        wait_until(lambda: heard.answers() >= 16, PATIENCE_S)
        follower.tell(MeasureNow(9))
        wait_until(lambda: getattr(heard.last(Burst), "is_asked_for", False), PATIENCE_S)
        burst = heard.last(Burst)
        assert isinstance(burst, Burst)
        assert (burst.number, burst.machine, len(burst.records)) == (5, previewed.machine, 9)
        wait_until(lambda: getattr(told.last(Serving), "clients", 0) == 1, PATIENCE_S)
        exporter.tell(StopServing(1))
        wait_until(lambda: is_turned_away(serving.port), PATIENCE_S)


def test_a_killed_process_is_started_anew_and_does_what_it_did() -> None:
    with our_exporter() as server, clock_process() as (process, heard):
        process.tell(Follow(1, "127.0.0.1", server.port))
        wait_until(lambda: heard.answers() >= 4, PATIENCE_S)
        pid = process.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        failed = heard.wait_for(ClockProcessFailed)
        assert isinstance(failed, ClockProcessFailed)
        assert "It was killed. It is started anew." in failed.problem
        before = heard.answers()
        wait_until(lambda: heard.answers() >= before + 4, PATIENCE_S)
        assert process.starts >= 2
        assert process.pid != pid


def test_what_cannot_be_exported_is_told() -> None:
    with our_exporter() as server, clock_process() as (process, heard):
        process.tell(served(3, server.port))
        failed = heard.wait_for(ServingFailed)
        assert isinstance(failed, ServingFailed)
        assert failed.number == 3
        assert "Choose another port" in failed.problem


def test_unfollowing_ends_the_measuring() -> None:
    with our_exporter() as server, clock_process() as (process, heard):
        process.tell(Follow(1, "127.0.0.1", server.port, period_s=0.2))
        wait_until(lambda: heard.answers() >= 4, PATIENCE_S)
        process.tell(Unfollow())
        process.tell(Preview(1, "127.0.0.1", server.port))
        heard.wait_for(Previewed)  # so it has been told
        wait_until(lambda: server._server.statistics.open == 0, PATIENCE_S)
        count = server.answered
        process.tell(Preview(2, "127.0.0.1", server.port))
        wait_until(lambda: getattr(heard.last(Previewed), "number", 0) == 2, PATIENCE_S)
        assert server.answered <= count + 2, "its own preview, and one that was under way"


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals to stop a process")
def test_a_process_that_hangs_is_killed_when_it_is_closed() -> None:
    with clock_process() as (process, heard):
        process.tell(served())
        heard.wait_for(Serving)
        pid = process.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
    assert not psutil.pid_exists(pid)


def test_closing_at_once_and_twice_leaves_nothing() -> None:
    with clock_process() as (process, _):
        process.close()
        process.close()


def test_it_may_be_closed_by_what_it_tells() -> None:
    closed = threading.Event()

    def take(told: Told) -> None:
        process.close()
        closed.set()

    process = ClockProcess(take, lambda error: None)
    process.tell(served())
    process.start()
    assert closed.wait(PATIENCE_S)
    process.close()


def test_it_brings_in_nothing_that_takes_long_to_start() -> None:
    program = "import sys, studio.net.clock_main; print(sorted({'numpy', 'h5py', 'cv2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")
