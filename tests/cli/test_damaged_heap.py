"""A recording on which HDF5 turns in circles ends a command with a sentence, and costs others nothing."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.cli.running import assert_says, started
from tests.ends import wait_for_ends
from tests.store.recordings import small_recording
from tests.waiting import wait_until

WATCHED = """
import sys
from studio.cli.entry import tell
from studio.errors import StudioError
from studio.host.watched_command import watched
def work():
    from studio.cli.entry import run_cli
    return run_cli(sys.argv[1:])
try:
    raise SystemExit(watched(work, silent_s=1.5))
except StudioError as error:
    raise SystemExit(tell(str(error), sys.argv[1:]))
"""


@pytest.fixture
def circling(tmp_path: Path) -> Path:
    """The contents of its global heaps are zeroed, as after a power cut: HDF5 finds no end in them."""
    path = small_recording(tmp_path / "r.h5")
    raw, place = bytearray(path.read_bytes()), -1
    while (place := raw.find(b"GCOL", place + 1)) >= 0:
        size = int.from_bytes(raw[place + 8 : place + 16], "little")
        raw[place + 16 : place + size] = bytes(size - 16)
    path.write_bytes(raw)
    return path


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="commands are watched on Linux only")


def test_a_recording_without_end_ends_the_command_with_a_sentence(circling: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, "verify", "--json", str(circling)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert_says(done, 1, "without reading on", "The recording is damaged")
    assert "error" in done.stdout


def test_a_command_that_hangs_can_be_interrupted_and_leaves_no_process(circling: Path) -> None:
    with started("info", str(circling)) as process:
        watcher = psutil.Process(process.pid)
        wait_until(lambda: bool(watcher.children()))
        (worker,) = watcher.children()
        wait_until(lambda: worker.cpu_times().user > 0.3, timeout_s=30)
        process.send_signal(signal.SIGKILL)
        wait_for_ends([worker])
