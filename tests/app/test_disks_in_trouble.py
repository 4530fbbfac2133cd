"""A disk that hangs, or fails, in the middle of a recording: the devices go on, all is accounted for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from studio.app.backlog import LOSS_REASONS
from studio.app.recorder import Recorder
from studio.app.status import HeldUp, RecorderStatus, Severity, StreamStatus
from studio.store import layout
from studio.store.reader import StoreReader
from studio.store.verification import verify
from studio.timing import SystemClock
from tests.app.recording_devices import device
from tests.lab.disks import ext4
from tests.waiting import wait_until

QUEUE_LIMIT = 2_000_000


def streams_of(status: RecorderStatus) -> dict[str, StreamStatus]:
    return {stream.name: stream for device in status.devices for stream in device.streams}


def texts(recorder: Recorder, severity: Severity) -> list[str]:
    return [problem.text for problem in recorder.status().problems if problem.severity is severity]


def lost_by_the_numbers(path: Path, stream: str) -> range:
    """How many rows may be missing by the numbers that messages were given before anything refused them."""
    with StoreReader(path) as reader:
        found = reader.stream(stream)
        count = found.counts.messages
        numbers = found.rows(layout.SEQUENCE_ID, 0, count)
        lengths = found.rows(layout.INDEX, 0, count)[:, 1]
    missing = int(numbers[-1] - numbers[0] + 1 - count)
    return range(missing * int(lengths.min()), missing * int(lengths.max()) + 1)


@pytest.mark.disk
def test_while_a_disk_hangs_the_devices_go_on_and_every_loss_is_counted_and_seen(tmp_path: Path) -> None:
    wide = device("signal", rate=20_000.0, channels=32)  # 5 MB/s: 2 MB wait for less than half a second
    with ext4(tmp_path) as volume, Recorder(SystemClock(), queue_limit=QUEUE_LIMIT) as recorder:
        path = recorder.record((wide, device("imu")), volume.place)
        wait_until(lambda: all(stream.stored for stream in streams_of(recorder.status()).values()))
        with volume.hanging():
            before = streams_of(recorder.status())
            wait_until(lambda: recorder.status().held_up is HeldUp.BY_DISK)
            wait_until(lambda: any("disk is slow" in text for text in texts(recorder, Severity.WARNING)))
            wait_until(lambda: any("disk is too slow" in text for text in texts(recorder, Severity.ERROR)))
            first = streams_of(recorder.status())["Simulated signal"]
            wait_until(
                lambda: (
                    streams_of(recorder.status())["Simulated signal"].dropped
                    > first.dropped + 20_000  # one second more, seen while it hangs
                )
            )
            hung, status = streams_of(recorder.status()), recorder.status()
        for name, stream in hung.items():
            assert stream.produced > before[name].produced
            assert stream.stored + stream.dropped <= stream.produced
        signal = hung["Simulated signal"]
        assert signal.refused == signal.dropped
        assert signal.waiting < signal.produced - before["Simulated signal"].produced
        assert status.waiting_bytes < 2 * QUEUE_LIMIT + 100_000
        wait_until(lambda: any("keeps up again" in text for text in texts(recorder, Severity.NOTE)))
        stored = streams_of(recorder.status())["Simulated signal"].stored
        wait_until(lambda: streams_of(recorder.status())["Simulated signal"].stored > stored)
        finished = recorder.stop()
        assert finished is not None
        check_account(path, finished.streams)


def check_account(path: Path, streams: tuple[StreamStatus, ...]) -> None:
    """Received = stored + dropped, in the answer of Stop, in the file, and by the numbers of the messages."""
    assert verify(path).findings == ()
    with StoreReader(path) as reader:
        assert reader.info().clean
        in_file = {stream.name: stream for stream in reader.info().streams}
        losses = reader.loss()
    for stream in streams:
        dropped = sum(loss.count for loss in losses if loss.stream == stream.name)
        assert stream.produced == stream.stored + stream.dropped
        assert (in_file[stream.name].produced, dropped) == (stream.produced, stream.dropped)
        reasons = {loss.reason for loss in losses if loss.stream == stream.name}
        assert all(reason.startswith(layout.QUEUE_FULL) for reason in reasons)
        assert not stream.dropped or LOSS_REASONS[HeldUp.BY_DISK] in reasons
        assert stream.dropped in lost_by_the_numbers(path, stream.name)
    assert any(stream.dropped for stream in streams)
    assert any(not stream.dropped for stream in streams), "what fits into memory was not to be dropped"


LET_DOWN = """
import json, resource, subprocess, sys
from pathlib import Path
from studio.app.recorder import Recorder
from studio.app.status import RecorderState
from studio.timing import SystemClock
from tests.app.recording_devices import device
from tests.waiting import wait_until
how, folder = sys.argv[1], Path(sys.argv[2])
if how == "limit":
    resource.setrlimit(resource.RLIMIT_FSIZE, (12_000_000, resource.RLIM_INFINITY))
with Recorder(SystemClock()) as recorder:
    path = recorder.record((device("signal", rate=20_000.0, channels=32), device("imu")), folder)
    if how == "read-only":
        wait_until(lambda: all(d.streams[0].stored > 500 for d in recorder.status().devices))
        subprocess.run(["mount", "-o", "remount,abort", str(folder)], check=True, capture_output=True)
    wait_until(lambda: recorder.status().state is RecorderState.IDLE, timeout_s=30)
    finished = recorder.stop()
streams = [[s.name, s.produced, s.stored, s.dropped] for s in finished.streams]
print(json.dumps([str(path), finished.problems[-1].text, streams]))
"""


def let_down(how: str, folder: Path) -> tuple[Path, str, dict[str, tuple[int, int, int]]]:
    """Record until the disk gives up; the process must live, also at its exit. Path, problem, account."""
    done = subprocess.run(
        [sys.executable, "-c", LET_DOWN, how, str(folder)],
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    path, told, streams = json.loads(done.stdout)
    assert "cannot be written any more" in told
    assert "is kept" in told
    return (
        Path(path),
        told,
        {name: (produced, stored, dropped) for name, produced, stored, dropped in streams},
    )


def check_kept(path: Path, account: dict[str, tuple[int, int, int]]) -> None:
    """All that was told to be stored is there and sound, and the rest was told to be lost."""
    assert verify(path, still_for=0).findings == ()
    with StoreReader(path, still_for=0) as reader:
        stored = {s.name: s.sample_count for s in reader.info().streams}
    for name, (produced, kept, dropped) in account.items():
        assert produced == kept + dropped
        assert stored[name] == kept > 0


def test_a_file_that_may_not_grow_any_more_keeps_all_up_to_there(tmp_path: Path) -> None:
    path, told, account = let_down("limit", tmp_path)
    assert "File too large" in told
    assert path.stat().st_size <= 12_000_000
    check_kept(path, account)


@pytest.mark.disk
def test_a_disk_that_becomes_read_only_keeps_all_up_to_there(tmp_path: Path) -> None:
    with ext4(tmp_path) as volume:
        path, told, account = let_down("read-only", volume.place)
        assert "Read-only file system" in told
        copy = tmp_path / path.name
        copy.write_bytes(path.read_bytes())
        with StoreReader(path, still_for=0) as reader:  # cannot be put in order there, and opens all the same
            assert not reader.info().recovered
        check_kept(copy, account)
