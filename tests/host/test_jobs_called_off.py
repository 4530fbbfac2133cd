"""Jobs that make something: called off, killed at any moment, or left alone by the one who started them."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from studio.app.operations.requests import CopyRequest, Selection, VerifyRequest
from studio.errors import Cancelled, RoleError
from studio.formats.payload import PayloadKind, StreamFormat
from studio.host.job_client import JobClient, RunningJob
from studio.host.job_protocol import Job, JobProgress
from studio.store import verify
from tests.app.operations.recordings import record
from tests.store.recordings import MS, T0
from tests.waiting import wait_until

EPHYS = StreamFormat(PayloadKind.SAMPLES, dtype="int16", channels=32, rate=20_000.0)
PROJECT = Path(__file__).resolve().parents[2]
ALONE = """
import sys
from studio.app.operations.requests import CopyRequest, Selection
from studio.host.job_client import JobClient
job = JobClient().start(CopyRequest(Selection(sys.argv[1]), sys.argv[2]), lambda _: print("told", flush=True))
job.future.result(60)
"""


@pytest.fixture(scope="module")
def long_recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """100 MB, so that there is a middle of the work."""
    blocks = np.random.default_rng(3).integers(-99, 99, (780, 2000, 32)).astype(np.int16)
    streams = {"ephys": (EPHYS, [(T0 + (n + 1) * 100 * MS, block) for n, block in enumerate(blocks)])}
    return record(tmp_path_factory.mktemp("long") / "long.h5", streams=streams)


@pytest.fixture
def jobs() -> Iterator[JobClient]:
    client = JobClient()
    yield client
    client.close()


def start(jobs: JobClient, source: Path, folder: Path) -> tuple[RunningJob, list[JobProgress]]:
    told: list[JobProgress] = []
    return jobs.start(copying(source, folder), told.append), told


def copying(source: Path, folder: Path) -> CopyRequest:
    return CopyRequest(Selection(str(source)), str(folder / "copy.h5"))


def call_off_in_the_middle(jobs: JobClient, begun: Callable[[], Job]) -> list[JobProgress]:
    """Cancel such a job when it has told that it is under way; what it told.

    Its process is held where it tells so. On a busy machine it may be through before we hear of it; then
    another one is begun.
    """
    for _ in range(20):
        told: list[JobProgress] = []
        with contextlib.suppress(Cancelled):
            _called_off(jobs, begun(), told).future.result(60)
            continue
        return told
    raise AssertionError("twenty jobs were through before they could be called off")


def _called_off(jobs: JobClient, job: Job, told: list[JobProgress]) -> RunningJob:
    known, is_held = threading.Event(), threading.Event()

    def hold(progress: JobProgress) -> None:
        told.append(progress)
        if progress.done > 0 and not is_held.is_set():
            known.wait(60)
            _tell(running, signal.SIGSTOP)
            is_held.set()

    running = jobs.start(job, hold)
    known.set()
    running.future.add_done_callback(lambda _: is_held.set())
    assert is_held.wait(60)
    running.cancel()
    _tell(running, signal.SIGCONT)
    return running


def _tell(job: RunningJob, number: signal.Signals) -> None:
    assert job.pid is not None
    with contextlib.suppress(ProcessLookupError):
        os.kill(job.pid, number)


def test_a_copy_that_is_called_off_in_the_middle_leaves_nothing(
    jobs: JobClient, long_recording: Path, tmp_path: Path
) -> None:
    def begun() -> Job:
        (tmp_path / "copy.h5").unlink(missing_ok=True)
        return copying(long_recording, tmp_path)

    told = call_off_in_the_middle(jobs, begun)
    assert list(tmp_path.iterdir()) == []
    assert max(progress.done for progress in told) < 1.0


def test_verification_can_be_called_off(jobs: JobClient, long_recording: Path) -> None:
    told = call_off_in_the_middle(jobs, lambda: VerifyRequest(str(long_recording)))
    assert max(progress.done for progress in told) < 1.0


def kill_at(job: RunningJob, told: list[JobProgress], moment: float) -> None:
    """Kill its process when so much is done; below 0: at once. Returns when that has been noticed."""
    wait_until(lambda: job.pid is not None, 10, "the process")
    assert job.pid
    if moment > 0:
        wait_until(lambda: job.future.done() or bool(told and told[-1].done >= moment), 20, "the moment")
    with contextlib.suppress(ProcessLookupError):
        os.kill(job.pid, signal.SIGKILL)
    with contextlib.suppress(RoleError):
        job.future.result(20)
    assert job.join(10)


@pytest.mark.kill
def test_a_job_killed_at_any_moment_leaves_all_or_nothing(
    jobs: JobClient, long_recording: Path, tmp_path: Path
) -> None:
    complete = 0
    for moment in (-1.0, random.random(), random.random(), 0.97):
        job, told = start(jobs, long_recording, tmp_path)
        kill_at(job, told, moment)
        for path in tmp_path.iterdir():
            assert path.name == "copy.h5"
            assert verify(path).is_sound
            path.unlink()
            complete += 1
    assert complete < 4


def kill_the_window_of_a_job(source: Path, target: Path) -> None:
    """As soon as its job has told that it is under way."""
    command = [sys.executable, "-c", ALONE, str(source), str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as window:
        assert window.stdout is not None
        assert window.stdout.readline() == "told\n"
        window.kill()
        window.wait(10)


@pytest.mark.kill
def test_a_job_whose_window_is_killed_stops_and_cleans_up(long_recording: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.h5"
    for _ in range(20):
        kill_the_window_of_a_job(long_recording, copy)
        wait_until(lambda: copy.exists() or list(tmp_path.iterdir()) == [], 20, "the cleaning up")
        if not copy.exists():
            break
        copy.unlink()  # it was through before its window was dead
    assert list(tmp_path.iterdir()) == []
