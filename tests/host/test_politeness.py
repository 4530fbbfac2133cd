"""A process that steps back does so for all of its session, and only where the session is its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from studio.host.head_start import start_recorder_ahead
from studio.host.politeness import NICENESS, recorder_runs
from tests.cli.running import started
from tests.host.sessions import session_niceness
from tests.host.watched import end_recorders, recorder_pid
from tests.lab.places import Places
from tests.store.recordings import small_recording
from tests.waiting import wait_until

STEPS_BACK = (
    "from studio.host.politeness import step_back; import os; step_back()\n"
    "from tests.host.sessions import session_niceness\n"
    "print(os.nice(0), session_niceness(os.getpid()))\n"
)
LOWEST = 19
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
def test_a_command_beside_a_recorder_steps_back_and_whoever_waits_for_it_does_not(tmp_path: Path) -> None:
    with started("replay", str(small_recording(tmp_path / "take.h5"))) as process:
        waiting = psutil.Process(process.pid)
        wait_until(lambda: bool(waiting.children()), 20, "the one that works")
        (working,) = waiting.children()
        wait_until(lambda: working.nice() == _after_stepping_back(), 20, "it to step back")
        if session_niceness(working.pid) != "none":
            wait_until(lambda: session_niceness(working.pid) == str(NICENESS), 20, "its session to step back")
            assert session_niceness(process.pid) == session_niceness(os.getpid())
        assert waiting.nice() == os.nice(0)


def test_where_nobody_records_no_work_is_held_back(places: Places) -> None:
    assert not recorder_runs()
