"""What goes wrong is said, costs no more than it must, and ends with a file that opens."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from studio.app.forecast import AskSpace, VolumeSpace
from studio.app.live import LiveSink
from studio.app.recorder import Recorder
from studio.app.status import LiveView, RecorderState, Severity
from studio.devices.device import DeviceInfo, DeviceKind, DeviceSettings, DeviceStream
from studio.devices.discovery import camera_from
from studio.engine import Emitter
from studio.formats.payload import StreamFormat
from studio.host.ring_sinks import RingSinks
from studio.store.reader import StoreReader
from studio.store.verification import verify
from studio.timing import NS_PER_S, SystemClock, Timestamp
from tests.app.recording_devices import device
from tests.lab.camera import CameraServer
from tests.waiting import wait_until

GIGABYTE = 1 << 30


def texts(recorder: Recorder, severity: Severity) -> list[str]:
    """What people are told at that severity."""
    return [problem.text for problem in recorder.status().problems if problem.severity is severity]


def test_a_disk_that_fills_up_is_foreseen_and_ends_the_recording_cleanly(tmp_path: Path) -> None:
    free = [100 * GIGABYTE]

    def space(_: Path) -> AskSpace:
        return lambda: VolumeSpace(free=free[0], total=200 * GIGABYTE)

    with Recorder(SystemClock(), ask_space=space) as recorder:
        path = recorder.record((device("microphone"),), tmp_path)
        wait_until(lambda: recorder.status().disk_seconds_left is not None)
        assert recorder.status().disk_free == 100 * GIGABYTE - (256 << 20)
        assert texts(recorder, Severity.WARNING) == []
        free[0] = (256 << 20) + 10_000_000
        wait_until(lambda: bool(texts(recorder, Severity.WARNING)))
        assert "nearly full" in texts(recorder, Severity.WARNING)[0]
        free[0] = 250 << 20  # for a moment, by another program
        wait_until(lambda: any("reserve" in text for text in texts(recorder, Severity.WARNING)))
        free[0] = 100 * GIGABYTE
        wait_until(lambda: any("room again" in text for text in texts(recorder, Severity.NOTE)))
        assert recorder.status().state is RecorderState.RECORDING
        free[0] = 120 << 20
        wait_until(lambda: recorder.status().state is RecorderState.IDLE)
        (error,) = texts(recorder, Severity.ERROR)
        assert "The disk is full" in error
        finished = recorder.stop()
        assert finished is not None
        assert [problem.text for problem in finished.problems][-1] == error
        assert recorder.stop() is None
    assert finished.streams[0].stored == finished.streams[0].produced > 0
    assert verify(path).findings == ()
    with StoreReader(path) as reader:
        assert reader.info().clean


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A volume of its own of 40 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("a volume of its own needs the right to mount")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.disk
def test_on_a_real_small_disk_the_recording_stops_in_time(small_disk: Path) -> None:
    with Recorder(SystemClock()) as recorder:
        path = recorder.record((device("signal", rate=30_000.0, channels=64),), small_disk)
        wait_until(lambda: recorder.status().state is RecorderState.IDLE, timeout_s=60)
        (error,) = texts(recorder, Severity.ERROR)
        finished = recorder.stop()
    assert "full" in error
    assert finished is not None
    (stream,) = finished.streams
    assert stream.produced == stream.stored + stream.dropped
    assert stream.stored > 30_000
    assert path.stat().st_size < 40 << 20
    assert verify(path).findings == ()


def test_something_that_fails_inside_closes_the_recording_and_is_said(tmp_path: Path) -> None:
    def breaks_after_ten(stream: DeviceStream, emitter: Emitter[Any]) -> Emitter[Any]:
        count = 0

        def step(data: Any) -> Any:
            nonlocal count
            count += 1
            if count > 10:
                raise ZeroDivisionError("the eleventh")
            return data

        return emitter.select(step)

    with Recorder(SystemClock(), between=breaks_after_ten) as recorder:
        path = recorder.record((device("signal"),), tmp_path)
        wait_until(lambda: recorder.status().state is RecorderState.IDLE)
        (error,) = texts(recorder, Severity.ERROR)
        assert "the eleventh" in error
        assert "everything stored before is kept" in error
        finished = recorder.stop()
    assert finished is not None
    with StoreReader(path) as reader:
        assert reader.info().clean
        assert reader.info().streams[0].message_count == 10
    assert finished.streams[0].produced == finished.streams[0].stored + finished.streams[0].dropped


def test_the_next_recording_works_after_one_that_failed(tmp_path: Path) -> None:
    failing = [True]

    def may_break(stream: DeviceStream, emitter: Emitter[Any]) -> Emitter[Any]:
        def step(data: Any) -> Any:
            if failing[0]:
                raise ValueError("broken")
            return data

        return emitter.select(step)

    with Recorder(SystemClock(), between=may_break) as recorder:
        recorder.record((device("signal"),), tmp_path)
        wait_until(lambda: recorder.status().state is RecorderState.IDLE)
        failing[0] = False
        recorder.record((device("signal"),), tmp_path)
        wait_until(lambda: sum(d.streams[0].stored for d in recorder.status().devices) > 0)
        finished = recorder.stop()
    assert finished is not None
    assert finished.problems == ()


@pytest.mark.device
def test_a_camera_pulled_out_and_put_back_is_said_and_its_gap_is_accounted(
    camera_server: CameraServer, tmp_path: Path
) -> None:
    camera = camera_from(camera_server.url)
    with Recorder(SystemClock()) as recorder:
        path = recorder.record((camera, device("imu")), tmp_path)
        wait_until(lambda: recorder.status().devices[0].streams[0].stored > 15, timeout_s=20)
        camera_server.kill()
        wait_until(lambda: bool(texts(recorder, Severity.ERROR)))
        assert camera.name in texts(recorder, Severity.ERROR)[0]
        assert "The other device goes on." in texts(recorder, Severity.ERROR)[0]
        camera_server.start()
        wait_until(lambda: bool(texts(recorder, Severity.NOTE)), timeout_s=20)
        assert "is back" in texts(recorder, Severity.NOTE)[0]
        before = recorder.status().devices[0].streams[0].stored
        wait_until(lambda: recorder.status().devices[0].streams[0].stored > before + 5)
        finished = recorder.stop()

    assert finished is not None
    pictures, *motion = finished.streams
    assert pictures.gaps == 1
    assert pictures.dropped > 0
    assert pictures.produced == pictures.stored + pictures.dropped
    assert all(stream.dropped == 0 for stream in motion)
    with StoreReader(path) as reader:
        (gap,) = reader.loss()  # and nothing besides: a gap is not "not accounted for" as well
        assert (gap.stream, gap.reason, gap.count) == (pictures.name, "gap", pictures.dropped)
        assert gap.from_time < gap.to_time
        in_file = {stream.name: stream for stream in reader.info().streams}[pictures.name]
        assert (in_file.produced, in_file.dropped) == (pictures.produced, pictures.dropped)
    assert verify(path).findings == ()


def test_live_views_are_there_while_it_runs_and_gone_afterwards(tmp_path: Path) -> None:
    rings = tmp_path / "rings"
    rings.mkdir()
    with Recorder(SystemClock(), RingSinks(rings)) as recorder:
        recorder.preview((device("microphone"), device("camera")))
        wait_until(lambda: all(d.streams[0].live for d in recorder.status().devices))
        views = [d.streams[0].live for d in recorder.status().devices]
        assert [view.kind for view in views if view] == ["samples", "frames"]
        assert all(Path(view.path).exists() for view in views if view)
        recorder.stop()
    assert list(rings.iterdir()) == []


def test_what_the_machine_cannot_keep_up_with_is_an_alarm_and_in_the_account(tmp_path: Path) -> None:
    smaller_than_a_picture = 500_000
    with Recorder(SystemClock(), queue_limit=smaller_than_a_picture) as recorder:
        path = recorder.record((device("camera"), device("imu")), tmp_path)
        wait_until(lambda: any(s.dropped > 8 for d in recorder.status().devices for s in d.streams))
        wait_until(lambda: bool(texts(recorder, Severity.ERROR)))
        assert "had to be dropped" in texts(recorder, Severity.ERROR)[0]
        finished = recorder.stop()
    assert finished is not None
    pictures, *motion = finished.streams
    assert (pictures.stored, pictures.dropped) == (0, pictures.produced)
    assert all(stream.dropped == 0 < stream.stored for stream in motion)
    with StoreReader(path) as reader:
        losses = [entry for entry in reader.loss() if entry.stream == pictures.name]
        assert all(entry.reason.startswith("queue full") for entry in losses)
        assert sum(entry.count for entry in losses) == pictures.produced
    assert verify(path).findings == ()


def test_the_password_of_a_camera_is_in_no_message_and_no_recording(tmp_path: Path) -> None:
    camera = camera_from("http://ada:s3cret@127.0.0.1:9/video?pwd=s3cret")
    with Recorder(SystemClock()) as recorder:
        path = recorder.record((camera, device("signal")), tmp_path)
        wait_until(lambda: bool(texts(recorder, Severity.ERROR)))
        assert "127.0.0.1:9/video" in texts(recorder, Severity.ERROR)[0]
        assert "s3cret" not in str(recorder.status())
        assert "s3cret" not in str(recorder.stop())
    with StoreReader(path) as reader:
        assert any("cannot be opened" in entry.text for entry in reader.log())
    assert all(b"s3cret" not in file.read_bytes() for file in path.parent.iterdir())


def test_a_computer_that_slept_is_said_and_is_a_gap_in_every_stream(tmp_path: Path) -> None:
    slept = [0]
    with Recorder(SystemClock(), ask_slept=lambda: slept[0]) as recorder:
        path = recorder.record((device("signal"), device("microphone")), tmp_path)
        wait_until(lambda: all(d.streams[0].stored for d in recorder.status().devices))
        slept[0] = 3600 * NS_PER_S
        wait_until(lambda: bool(texts(recorder, Severity.ERROR)))
        assert "slept for" in texts(recorder, Severity.ERROR)[0]
        finished = recorder.stop()
    assert finished is not None
    with StoreReader(path) as reader:
        assert {(gap.stream, gap.reason, gap.count) for gap in reader.loss()} == {
            ("Simulated signal", "gap", 0),
            ("Simulated microphone", "gap", 0),
        }
        assert any("slept for" in entry.text for entry in reader.log())
    assert verify(path).findings == ()


def test_a_computer_that_cannot_be_kept_awake_is_noted_in_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    with Recorder(SystemClock()) as recorder:
        path = recorder.record((device("signal"),), tmp_path)
        wait_until(lambda: recorder.status().devices[0].streams[0].stored > 500)
        recorder.stop()
    with StoreReader(path) as reader:
        assert sum("stay awake" in entry.text for entry in reader.log()) == 1


def test_stop_leaves_a_camera_behind_that_hangs_and_closes_the_recording(tmp_path: Path) -> None:
    pipe = tmp_path / "camera"
    os.mkfifo(pipe)  # opening it for reading waits for ever for somebody who writes
    camera = DeviceInfo("camera:pipe", "Hung", DeviceKind.CAMERA, settings=DeviceSettings(source=str(pipe)))
    with Recorder(SystemClock()) as recorder:
        path = recorder.record((camera, device("signal")), tmp_path)
        wait_until(lambda: recorder.status().devices[1].streams[0].stored > 300)
        finished = recorder.stop()
    os.close(os.open(pipe, os.O_WRONLY))
    assert finished is not None
    assert "'Hung' did not answer to Stop" in finished.problems[-1].text
    pictures, signal = finished.streams
    assert pictures.stored == 0
    assert (signal.dropped, signal.produced) == (0, signal.stored)
    with StoreReader(path) as reader:
        assert reader.info().clean
        assert [(loss.stream, loss.reason) for loss in reader.loss()] == [("Hung", "gap")]
    assert verify(path).findings == ()


WRITES_NO_MORE = """
import json, os, sys
from pathlib import Path
from studio.app.recorder import Recorder
from studio.app.status import RecorderState
from studio.timing import SystemClock
from tests.app.recording_devices import device
from tests.waiting import wait_until
with Recorder(SystemClock()) as recorder:
    path = recorder.record((device("signal"), device("microphone")), Path(sys.argv[1]))
    wait_until(lambda: min(d.streams[0].stored for d in recorder.status().devices) > 500)
    wait_until(lambda: recorder.status().committed_time > recorder.status().started_time + 400_000_000)
    read_only = os.open(path, os.O_RDONLY)  # as a disk does that was taken away or has failed
    for link in Path("/proc/self/fd").iterdir():
        if link.is_symlink() and os.readlink(link) == str(path) and int(link.name) != read_only:
            os.dup2(read_only, int(link.name))
    wait_until(lambda: recorder.status().state is RecorderState.IDLE)
    finished = recorder.stop()
stored = {stream.name: stream.stored for stream in finished.streams}
print(json.dumps([str(path), finished.problems[-1].text, stored]))
"""


def test_a_file_that_cannot_be_written_any_more_keeps_what_was_committed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WRITES_NO_MORE, str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr  # the process lives, also at its exit
    path, told, stored = json.loads(done.stdout)
    assert "cannot be written any more: Bad file descriptor" in told
    assert verify(path, still_for=0).findings == ()
    with StoreReader(path) as reader:
        assert reader.info().recovered
        assert all(stream.sample_count > 300 for stream in reader.info().streams)
        assert {stream.name: stream.sample_count for stream in reader.info().streams} == stored


class BreakingSinks:
    """Live views on a memory that is taken away after the first message."""

    def open(self, stream: str, format: StreamFormat) -> LiveSink:
        return BreakingSink()

    def close_all(self) -> None:
        """Nothing was taken."""


class UnclosableSinks(BreakingSinks):
    """Live views on a memory that cannot even be given back."""

    def close_all(self) -> None:
        raise OSError("no memory to close")


def test_a_live_view_that_cannot_be_closed_does_not_cost_the_answer_of_stop(tmp_path: Path) -> None:
    with Recorder(SystemClock(), UnclosableSinks()) as recorder:
        path = recorder.record((device("signal"),), tmp_path)
        wait_until(lambda: recorder.status().devices[0].streams[0].stored > 300)
        finished = recorder.stop()
    assert finished is not None
    assert Path(finished.path) == path
    assert "no memory to close" in finished.problems[-1].text
    assert finished.streams[0].dropped == 0
    assert verify(path).findings == ()


class BreakingSink:
    view = LiveView(path="/nowhere", kind="samples")

    def put_all(self, messages: Sequence[tuple[object, Timestamp]]) -> None:
        raise OSError("no memory")


def test_a_live_view_that_breaks_costs_the_recording_nothing(tmp_path: Path) -> None:
    with Recorder(SystemClock(), BreakingSinks()) as recorder:
        recorder.record((device("signal"),), tmp_path)
        wait_until(lambda: len(texts(recorder, Severity.WARNING)) == 1)
        assert "cannot be watched live" in texts(recorder, Severity.WARNING)[0]
        wait_until(lambda: recorder.status().devices[0].streams[0].stored > 300)
        assert recorder.status().devices[0].streams[0].live is None
        finished = recorder.stop()
    assert finished is not None
    assert finished.streams[0].dropped == 0
