"""A process that steps back does so for all of its session, and only where the session is its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from studio.host.head_start import start_recorder_ahead
from studio.host.politeness import NICENESS, recorder_runs
from studio.host.role_names import Role
from studio.host.roles import start_with_pipes
from studio.timing import NS_PER_S
from tests.cli.running import started
from tests.host.sessions import session_niceness
from tests.host.watched import end_recorders, recorder_pid
from tests.lab.places import Places
from tests.store.recordings import SCALAR, T0, write_recording
from tests.waiting import wait_until

STEPS_BACK = (
    "from studio.host.politeness import step_back; import os; step_back()\n"
    "from tests.host.sessions import session_niceness\n"
    "print(os.nice(0), session_niceness(os.getpid()))\n"
)
LOWEST = 19
NEW_SESSION = "0"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="other words for it")


def _lowered(*, own_session: bool) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", STEPS_BACK],
        capture_output=True,
        text=True,
        check=True,
        start_new_session=own_session,
    )
    return done.stdout.split()


def _after_stepping_back() -> int:
    """The tests themselves may have been told to go last."""
    return min(os.nice(0) + NICENESS, LOWEST)


def test_a_process_with_a_session_of_its_own_lowers_both() -> None:
    priority, session = _lowered(own_session=True)
    assert int(priority) == _after_stepping_back()
    assert session in (str(NICENESS), "none")


def test_the_session_of_a_terminal_is_left_as_it_is() -> None:
    priority, session = _lowered(own_session=False)
    assert int(priority) == _after_stepping_back()
    assert session == session_niceness(os.getpid())


@pytest.fixture
def long_replay(tmp_path: Path) -> list[str]:
    """A command that works for ten minutes: it does not end before it is looked at, however late."""
    messages = [(T0 + second * NS_PER_S, 1.0) for second in range(60)]
    path = write_recording(tmp_path / "take.h5", {"numbers": (SCALAR, messages)})
    return ["replay", str(path), "--speed", "0.1"]


@pytest.fixture
def recorder(places: Places) -> Iterator[None]:
    """One that runs beside."""
    started_ahead = start_recorder_ahead()
    assert started_ahead is not None
    recorder_pid()
    yield
    started_ahead.let_go()
    end_recorders(places)


@pytest.mark.skipif(sys.platform != "linux", reason="commands are split off on Linux only")
@pytest.mark.usefixtures("recorder")
def test_a_command_beside_a_recorder_steps_back_and_whoever_waits_for_it_does_not(
    long_replay: list[str],
) -> None:
    with started(*long_replay) as process:
        waiting = psutil.Process(process.pid)
        wait_until(lambda: bool(waiting.children()), 20, "the one that works")
        (working,) = waiting.children()
        wait_until(lambda: working.nice() == _after_stepping_back(), 20, "it to step back")
        if session_niceness(working.pid) != "none":
            wait_until(lambda: session_niceness(working.pid) == str(NICENESS), 20, "its session to step back")
            assert session_niceness(process.pid) in {NEW_SESSION, session_niceness(os.getpid())}
        assert waiting.nice() == os.nice(0)


def _priorities(process: psutil.Process) -> set[int]:
    """Of all its threads; none once it has ended."""
    found = set()
    for thread in Path(f"/proc/{process.pid}/task").iterdir():
        with suppress(ProcessLookupError):
            found.add(os.getpriority(os.PRIO_PROCESS, int(thread.name)))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux only")
def test_a_command_steps_back_with_all_its_threads_when_a_recorder_comes_later(
    long_replay: list[str], request: pytest.FixtureRequest
) -> None:
    with started(*long_replay) as process:
        waiting = psutil.Process(process.pid)
        wait_until(lambda: bool(waiting.children()), 20, "the one that works")
        (working,) = waiting.children()
        wait_until(lambda: working.num_threads() > 2, 20, "it to work with several threads")
        assert _priorities(working) == {os.nice(0)}
        request.getfixturevalue("recorder")
        wait_until(lambda: _priorities(working) == {_after_stepping_back()}, 30, "all of it to step back")
        if session_niceness(working.pid) != "none":
            wait_until(lambda: session_niceness(working.pid) == str(NICENESS), 20, "its session to step back")
        assert _priorities(waiting) == {os.nice(0)}


@pytest.mark.skipif(sys.platform != "linux", reason="told by the priorities of threads")
@pytest.mark.usefixtures("places")
def test_a_job_that_has_begun_before_the_recorder_steps_back_too(request: pytest.FixtureRequest) -> None:
    job = start_with_pipes(Role.JOB)
    try:
        process = psutil.Process(job.pid)
        wait_until(lambda: process.num_threads() > 1, 20, "the thread that looks out")
        assert _priorities(process) == {os.nice(0)}
        request.getfixturevalue("recorder")
        wait_until(lambda: _priorities(process) == {_after_stepping_back()}, 30, "it to step back")
    finally:
        job.end()


def test_where_nobody_records_no_work_is_held_back(places: Places) -> None:
    assert not recorder_runs()
