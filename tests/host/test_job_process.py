"""The job process: does one thing, tells how far it is, is called off, and dies alone."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from studio.app.operations.requests import RepairRequest, VerifyRequest
from studio.errors import Cancelled, RemoteFailure, RoleError
from studio.host.job_client import JobClient, RunningJob
from tests.ends import has_ended
from tests.store.recordings import small_recording
from tests.waiting import wait_until

if TYPE_CHECKING:
    from studio.host.job_protocol import JobProgress


@pytest.fixture
def jobs() -> Iterator[JobClient]:
    client = JobClient(grace_s=0.5)
    yield client
    client.close()
    client.close()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return small_recording(tmp_path / "take.h5")


def stopped(job: RunningJob) -> psutil.Process:
    """The process of a job, held before it could do anything."""
    wait_until(lambda: job.pid is not None, 10, "its process")
    process = psutil.Process(job.pid)
    process.suspend()
    return process


def test_a_sound_recording_is_found_sound(jobs: JobClient, recording: Path) -> None:
    told: list[JobProgress] = []
    outcome = jobs.start(VerifyRequest(str(recording)), told.append).future.result(20)
    assert outcome.is_good
    assert "take.h5 is sound" in outcome.text
    assert told
    assert told[-1].text == "Reading take.h5"
    assert jobs.start(RepairRequest(str(recording)), told.append).future.result(20).text == (
        "take.h5 needs no repair."
    )


def test_what_cannot_be_done_is_told_in_the_words_of_the_operation(jobs: JobClient, tmp_path: Path) -> None:
    (tmp_path / "text.h5").write_text("no recording")
    with pytest.raises(RemoteFailure, match=r"text\.h5") as caught:
        jobs.start(VerifyRequest(str(tmp_path / "text.h5")), print).future.result(20)
    assert caught.value.kind in ("StoreFormatError", "StoreEnvironmentError")


@pytest.mark.kill
def test_a_job_that_is_killed_is_told_and_the_next_one_works(jobs: JobClient, recording: Path) -> None:
    job = jobs.start(VerifyRequest(str(recording)), lambda _: None)
    os.kill(stopped(job).pid, signal.SIGKILL)
    with pytest.raises(RoleError, match="ended unexpectedly"):
        job.future.result(20)
    assert jobs.start(VerifyRequest(str(recording)), lambda _: None).future.result(20).is_good


@pytest.mark.kill
def test_a_job_that_hangs_can_be_called_off(jobs: JobClient, recording: Path) -> None:
    job = jobs.start(VerifyRequest(str(recording)), lambda _: None)
    process = stopped(job)
    job.cancel()
    job.cancel()
    with pytest.raises(Cancelled):
        job.future.result(20)
    assert job.join(10)
    assert has_ended(process)


def test_jobs_that_run_are_called_off_when_the_client_closes(jobs: JobClient, recording: Path) -> None:
    job = jobs.start(VerifyRequest(str(recording)), lambda _: None)
    stopped(job)
    jobs.close()
    with pytest.raises(Cancelled):
        job.future.result(0)
    with pytest.raises(RoleError, match="closing"):
        jobs.start(VerifyRequest(str(recording)), lambda _: None)
