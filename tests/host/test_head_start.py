"""A recorder that is started ahead is the one that the link uses, and no second one is started."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from studio.host.client import RecorderClient
from studio.host.endpoint import Endpoint
from studio.host.head_start import start_recorder_ahead
from studio.host.role_names import ENDPOINT_FILE
from studio.host.roles import StartedRole
from studio.host.run_directory import RunDirectory
from tests.host.watched import end_recorders, recorder_pid, recorder_processes
from tests.lab.places import Places
from tests.waiting import wait_until


@pytest.fixture
def ahead(places: Places) -> Iterator[StartedRole]:
    """A recorder on its way."""
    started = start_recorder_ahead()
    assert started is not None
    yield started
    started.let_go()
    end_recorders(places)


def test_the_link_waits_for_the_recorder_on_its_way_and_whoever_comes_later_starts_none(
    ahead: StartedRole, places: Places
) -> None:
    statuses: list[object] = []
    losses: list[str] = []
    link = RecorderClient(on_status=statuses.append, on_lost=losses.append, started=ahead)
    link.open()
    wait_until(lambda: bool(statuses or losses), 30, "the recorder")
    assert losses == []
    assert [process.pid for process in recorder_processes(places)] == [ahead.pid] == [recorder_pid()]
    assert start_recorder_ahead() is None
    link.close()


def test_a_recorder_that_died_is_followed_by_another(places: Places) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    directory = RunDirectory.open()
    left = Endpoint(address=str(directory.file("gone.sock")), authkey=b"key", pid=dead.pid)
    left.publish(directory.file(ENDPOINT_FILE))
    started = start_recorder_ahead()
    assert started is not None
    wait_until(lambda: recorder_pid() == started.pid, 30, "the new recorder")
    started.let_go()
    end_recorders(places)


def test_nothing_heavy_stands_before_the_start_of_the_recorder() -> None:
    program = (
        "import sys, studio.host.head_start\n"
        "heavy = {'numpy', 'h5py', 'cv2', 'PySide6', 'pydantic', 'sounddevice'}\n"
        "ours = [name for name in sys.modules if name.startswith('studio')]\n"
        "print(sorted(heavy & set(sys.modules)), len(ours) < 20)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[] True\n"
