"""What is being recorded stands on the disk while it is, and a recorder after a dead one goes on with it."""

import stat
from dataclasses import replace
from pathlib import Path

import h5py
import pytest

from studio.app.recorder import Recorder
from studio.app.recording_memory import KeptRecording, RecordingMemory
from studio.app.session_description import SESSION_FILE, read_session
from studio.app.status import Severity
from studio.devices.device import DeviceSettings
from studio.errors import DeviceError, PipelineStateError, StoreEnvironmentError
from studio.store.verification import verify
from studio.timing import SystemClock
from tests.app.recording_devices import device


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "state" / "recording.json"


def recorder_after_a_kill(place: Path) -> Recorder:
    return Recorder(SystemClock(), memory=RecordingMemory.left_at(place))


def leave(place: Path, session: Path) -> KeptRecording:
    """What a recorder that was killed leaves."""
    session.mkdir(parents=True, exist_ok=True)
    imu = replace(device("imu"), settings=DeviceSettings(rate=100.0))
    kept = KeptRecording(str(session / "lab.h5"), (imu,), begun_time=1)
    RecordingMemory(place).begin(kept)
    return kept


def test_it_stands_there_while_recording_and_not_after(place: Path, tmp_path: Path) -> None:
    with recorder_after_a_kill(place) as recorder:
        path = recorder.record((device("imu"),), tmp_path)
        kept = RecordingMemory.left_at(place).interrupted
        assert kept is not None
        assert (kept.path, kept.devices) == (str(path), (device("imu"),))
        assert stat.S_IMODE(place.stat().st_mode) == 0o600  # the address of a camera may hold a password
        assert recorder.status().interrupted is None
        recorder.stop()
        assert not place.exists()
    assert list(place.parent.iterdir()) == []


def test_what_was_interrupted_is_gone_on_with_in_its_session(place: Path, tmp_path: Path) -> None:
    with Recorder(SystemClock()) as first:
        before = first.record((device("imu"),), tmp_path, name="Pilot", participant="Ada")
        first.stop()
    RecordingMemory(place).begin(KeptRecording(str(before), (device("imu"),), begun_time=1))

    with recorder_after_a_kill(place) as recorder:
        told = recorder.status().interrupted
        assert told is not None
        assert (told.path, told.device_names) == (str(before), ("Simulated IMU",))
        after = recorder.go_on()
        assert recorder.status().interrupted is None
        finished = recorder.stop()

    assert after.parent == before.parent
    assert after.stem == f"{before.stem} 2"
    described = read_session(after.parent)
    assert described is not None
    assert (described.name, described.participant) == ("Pilot", "Ada")
    for path in (before, after):
        with h5py.File(path) as file:
            assert file.attrs["session_id"] == described.id
        assert verify(path).is_sound
    assert finished is not None
    assert {stream.name for stream in finished.streams} == {
        "Simulated IMU/accelerometer",
        "Simulated IMU/gyroscope",
    }


def test_the_settings_of_the_devices_are_those_of_before(place: Path, tmp_path: Path) -> None:
    leave(place, tmp_path / "P01")
    with recorder_after_a_kill(place) as recorder:
        recorder.go_on()
        streams = recorder.status().devices[0].streams
        assert {stream.format.rate for stream in streams} == {100.0}


def test_a_session_without_a_description_is_gone_on_with_all_the_same(place: Path, tmp_path: Path) -> None:
    session = tmp_path / "P01"
    leave(place, session)
    (session / SESSION_FILE).write_text("no longer JSON")
    with recorder_after_a_kill(place) as recorder:
        assert recorder.go_on().parent == session


def test_another_recording_ends_the_offer_but_not_one_that_could_not_begin(
    place: Path, tmp_path: Path
) -> None:
    kept = leave(place, tmp_path / "P01")
    (tmp_path / "file").write_text("")
    impossible = replace(device("signal"), settings=DeviceSettings(rate=-1.0))
    with recorder_after_a_kill(place) as recorder:
        with pytest.raises(StoreEnvironmentError):
            recorder.record((device("imu"),), tmp_path / "file")
        with pytest.raises(DeviceError):
            recorder.record((impossible,), tmp_path)
        assert recorder.status().interrupted == kept.told()
        assert RecordingMemory.left_at(place).interrupted == kept
        recorder.record((device("imu"),), tmp_path)
        recorder.stop()
        assert recorder.status().interrupted is None
        with pytest.raises(PipelineStateError, match="No recording was interrupted"):
            recorder.go_on()
    assert RecordingMemory.left_at(place).interrupted is None


def test_a_session_that_has_gone_is_not_offered_and_says_so_when_it_goes_later(
    place: Path, tmp_path: Path
) -> None:
    leave(place, tmp_path / "P01")
    with recorder_after_a_kill(place) as recorder:
        (tmp_path / "P01").rmdir()
        with pytest.raises(StoreEnvironmentError, match="not there"):
            recorder.go_on()
    assert RecordingMemory.left_at(place).interrupted is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b'{"path": 5}', b"\xff" * 9, b"[" * 100_000])
def test_a_damaged_one_is_as_none(place: Path, damage: bytes) -> None:
    place.parent.mkdir()
    place.write_bytes(damage)
    assert RecordingMemory.left_at(place).interrupted is None


def test_where_it_cannot_be_kept_it_is_said_and_recorded_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    memory = RecordingMemory(tmp_path / "file" / "recording.json")
    with Recorder(SystemClock(), memory=memory) as recorder:
        path = recorder.record((device("imu"),), tmp_path)
        problems = recorder.status().problems
        recorder.stop()
    assert [problem.severity for problem in problems] == [Severity.WARNING]
    assert "cannot be noted" in problems[0].text
    assert verify(path).is_sound
