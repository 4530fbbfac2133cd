"""Chains in job processes: called off whatever they do, killed without leaving anything half-made."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.app.chains.requests import DescribeChainRequest, ListChainsRequest, ProcessRequest
from studio.errors import Cancelled, RemoteFailure, RoleError
from studio.host.job_client import JobClient
from tests.app.chains.chain_files import DOUBLED, ENDLESS, FIRST_LINE, written
from tests.store.recordings import small_recording
from tests.waiting import wait_until

TEXTS = {"mine.py", "r.h5"}


@pytest.fixture
def jobs() -> Iterator[JobClient]:
    client = JobClient(grace_s=0.5)
    yield client
    client.close()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A second of sound, numbers and words."""
    return small_recording(tmp_path / "r.h5")


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != "__pycache__"}


def is_at_work(folder: Path) -> bool:
    return any(path.name == "result.h5" for path in folder.glob(".r.*.making-*/*"))


def test_what_a_chain_prints_does_not_disturb_its_answer(jobs: JobClient, tmp_path: Path) -> None:
    chain = written(tmp_path, "import sys\nprint('x' * 100_000); print('y', file=sys.stderr)\n" + DOUBLED)
    outcome = jobs.start(DescribeChainRequest(str(chain)), lambda _: None).future.result(60)
    assert '"name": "doubled"' in outcome.remarks[0]
    names = jobs.start(ListChainsRequest(), lambda _: None).future.result(60).remarks
    assert {"audio_level", "motion_energy"} <= set(names)


def test_an_error_comes_with_file_and_line(jobs: JobClient, tmp_path: Path, recording: Path) -> None:
    chain = written(tmp_path, DOUBLED.replace("factor * x", "[][1]"))
    with pytest.raises(RemoteFailure, match=rf"mine.py:{FIRST_LINE + 2} .*IndexError") as raised:
        jobs.start(ProcessRequest(str(chain), (str(recording),)), lambda _: None).future.result(60)
    assert raised.value.kind == "ChainError"


@pytest.mark.kill
def test_a_chain_that_never_returns_is_ended(jobs: JobClient, tmp_path: Path, recording: Path) -> None:
    job = jobs.start(ProcessRequest(str(written(tmp_path, ENDLESS)), (str(recording),)), lambda _: None)
    wait_until(lambda: is_at_work(tmp_path), 60)
    job.cancel()
    with pytest.raises(Cancelled):
        job.future.result(60)
    assert job.join(60)
    assert left_in(tmp_path) == TEXTS


@pytest.mark.kill
def test_a_chain_that_ends_its_process_or_is_killed_leaves_nothing(
    jobs: JobClient, tmp_path: Path, recording: Path
) -> None:
    chain = written(tmp_path, "import os\n" + DOUBLED.replace("factor * x", "os._exit(3) if x > 500 else x"))
    with pytest.raises(RoleError, match="ended unexpectedly"):
        jobs.start(ProcessRequest(str(chain), (str(recording),)), lambda _: None).future.result(60)
    assert left_in(tmp_path) == TEXTS
    job = jobs.start(ProcessRequest(str(written(tmp_path, ENDLESS)), (str(recording),)), lambda _: None)
    wait_until(lambda: is_at_work(tmp_path), 60)
    assert job.pid is not None
    os.kill(job.pid, signal.SIGKILL)
    with pytest.raises(RoleError, match="ended unexpectedly"):
        job.future.result(60)
    assert job.join(60)
    assert left_in(tmp_path) == TEXTS
