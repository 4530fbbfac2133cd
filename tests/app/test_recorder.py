"""Record, watch, stop: and what is in the file is what the devices produced, to the last sample."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.app.recorder import Recorder
from studio.app.session_description import read_session
from studio.app.status import RecorderState
from studio.devices.device import DeviceStream
from studio.engine import Emitter
from studio.errors import DeviceError, PipelineStateError, StoreEnvironmentError
from studio.store.reader import StoreReader
from studio.store.verification import verify
from studio.timing import SystemClock
from tests.app import plain_reader
from tests.app.recording_devices import all_devices, device
from tests.waiting import wait_until


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder(SystemClock()) as made:
        yield made


def stored(recorder: Recorder, stream: str) -> int:
    """What the status says is in the file of one stream."""
    found = [s for d in recorder.status().devices for s in d.streams if s.name == stream]
    return found[0].stored if found else 0


def read_plainly(path: Path) -> dict[str, Any]:
    """The recording as a fresh process with plain h5py sees it."""
    answer = subprocess.run(
        [sys.executable, plain_reader.__file__, str(path)], capture_output=True, text=True, check=True
    )
    result: dict[str, Any] = json.loads(answer.stdout)
    return result


def test_what_was_produced_is_in_the_file_or_in_the_loss_account(recorder: Recorder, tmp_path: Path) -> None:
    path = recorder.record(all_devices(), tmp_path, name="Pilot: 1", participant="Ada")
    wait_until(lambda: stored(recorder, "Simulated microphone") > 2 * 48_000, what="two seconds of sound")
    assert recorder.status().state is RecorderState.RECORDING
    finished = recorder.stop()

    assert finished is not None
    assert Path(finished.path) == path
    assert path.parent == tmp_path / "Pilot_ 1"
    assert read_session(path.parent).name == "Pilot: 1"
    assert finished.problems == ()
    plain = read_plainly(path)
    assert plain["clean"] == 1
    assert set(plain["streams"]) == {stream.name for stream in finished.streams}
    for stream in finished.streams:
        there = plain["streams"][stream.name]
        assert there["increasing"]
        assert there["stored"] == stream.stored > 0
        assert there["produced"] == stream.produced == stream.stored + stream.dropped
        assert there["lost"] == stream.dropped == 0
    assert verify(path).findings == ()
    assert recorder.status().state is RecorderState.IDLE


def test_the_last_sample_lies_just_before_the_click(recorder: Recorder, tmp_path: Path) -> None:
    clock = SystemClock()
    path = recorder.record((device("signal"), device("microphone")), tmp_path)
    wait_until(lambda: stored(recorder, "Simulated signal") > 200)
    click = clock.now()
    recorder.stop()
    with StoreReader(path) as reader:
        for stream in reader.info().streams:
            assert -20_000_000 < click - stream.last_time < 50_000_000


def test_messages_taken_out_between_device_and_store_are_exactly_those_missing(tmp_path: Path) -> None:
    taken_out: list[str] = []

    def every_third_is_missing(stream: DeviceStream, emitter: Emitter[Any]) -> Emitter[Any]:
        def keep(data: Any) -> bool:
            seen.append(data.text)
            if len(seen) % 3:
                return True
            taken_out.append(data.text)
            return False

        seen: list[str] = []
        return emitter.where(keep)

    with Recorder(SystemClock(), between=every_third_is_missing) as recorder:
        path = recorder.record((device("events", rate=100.0),), tmp_path)
        wait_until(lambda: stored(recorder, "Simulated events") > 40)
        finished = recorder.stop()

    assert finished is not None
    (stream,) = finished.streams
    assert len(taken_out) > 15
    assert stream.dropped == len(taken_out)
    with StoreReader(path) as reader:
        sequence = [message.envelope.sequence_id for message in reader.messages("Simulated events")]
        assert len(sequence) == stream.stored == stream.produced - len(taken_out)
        assert sum(entry.count for entry in reader.loss()) == len(taken_out)
    assert verify(path).findings == ()


def test_the_pictures_of_a_camera_are_stored_as_jpeg_unless_quality_is_zero(
    recorder: Recorder, tmp_path: Path
) -> None:
    small = {"width": 160, "height": 120}
    kinds = {}
    for quality in (80, 0):
        path = recorder.record((device("camera", jpeg_quality=quality, **small),), tmp_path)
        wait_until(lambda: stored(recorder, "Simulated camera") >= 5)
        told = recorder.status().devices[0].streams[0].format
        finished = recorder.stop()
        with StoreReader(path) as reader:
            kinds[quality] = reader.info().streams[0].format.kind.value
            assert finished is not None
            assert told == finished.streams[0].format == reader.info().streams[0].format
    assert kinds == {80: "jpeg", 0: "image"}


def test_a_preview_shows_the_same_devices_and_writes_nothing(recorder: Recorder, tmp_path: Path) -> None:
    recorder.preview((device("microphone"),))
    wait_until(lambda: sum(s.produced for d in recorder.status().devices for s in d.streams) > 4800)
    status = recorder.status()
    assert (status.state, status.path) == (RecorderState.PREVIEW, "")
    assert status.devices[0].streams[0].level is not None
    recorder.preview((device("imu"),))
    assert [each.name for each in recorder.status().devices] == ["Simulated IMU"]
    assert recorder.stop() is None
    assert recorder.status().devices == ()


def test_record_takes_over_from_a_preview(recorder: Recorder, tmp_path: Path) -> None:
    recorder.preview((device("signal"),))
    recorder.record((device("signal"),), tmp_path)
    wait_until(lambda: stored(recorder, "Simulated signal") > 0)
    assert recorder.stop() is not None


def test_a_recording_cannot_be_replaced_by_mistake(recorder: Recorder, tmp_path: Path) -> None:
    path = recorder.record((device("signal"),), tmp_path)
    for command in (
        lambda: recorder.record((device("imu"),), tmp_path),
        lambda: recorder.record_to((device("imu"),), tmp_path / "other.h5"),
        lambda: recorder.preview((device("imu"),)),
    ):
        with pytest.raises(PipelineStateError, match="A recording is running"):
            command()
    assert recorder.status().path == str(path)
    recorder.stop()
    assert [each.name for each in tmp_path.iterdir()] == [path.parent.name]


def test_stop_without_anything_running_is_no_mistake(recorder: Recorder) -> None:
    assert recorder.stop() is None
    recorder.close()


def test_nothing_ticked_or_one_twice_is_a_clear_error_and_leaves_nothing(
    recorder: Recorder, tmp_path: Path
) -> None:
    with pytest.raises(DeviceError, match="No device is chosen"):
        recorder.record((), tmp_path)
    with pytest.raises(DeviceError, match="chosen twice"):
        recorder.record((device("imu"), device("imu")), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_device_that_cannot_run_leaves_no_session_behind(recorder: Recorder, tmp_path: Path) -> None:
    with pytest.raises(DeviceError):
        recorder.record((device("signal"), device("camera", rate=-5.0)), tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert recorder.status().state is RecorderState.IDLE


def test_recording_into_a_file_that_exists_is_refused(recorder: Recorder, tmp_path: Path) -> None:
    (tmp_path / "a.h5").write_text("mine")
    with pytest.raises(StoreEnvironmentError, match="nothing is ever overwritten"):
        recorder.record_to((device("imu"),), tmp_path / "a.h5")
    with pytest.raises(StoreEnvironmentError, match="cannot be written"):
        recorder.record((device("imu"),), tmp_path / "a.h5")
    assert (tmp_path / "a.h5").read_text() == "mine"
    assert recorder.status().state is RecorderState.IDLE


def test_closing_the_recorder_finishes_the_recording(tmp_path: Path) -> None:
    with Recorder(SystemClock()) as recorder:
        path = recorder.record_to((device("signal"),), tmp_path / "a.h5")
        wait_until(lambda: stored(recorder, "Simulated signal") > 100)
    with StoreReader(path) as reader:
        assert reader.info().clean
