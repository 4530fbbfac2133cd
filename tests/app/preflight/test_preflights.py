"""A pre-flight of devices that work and of devices that fail, on disks that take it and disks that do not."""

import resource
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from studio.app.preflight.card import Finding, PreflightCard, PreflightPhase, PreflightStatus, Verdict
from studio.app.recorder import Recorder
from studio.app.status import RecorderState
from studio.devices.device import DeviceInfo
from studio.devices.discovery import camera_from
from studio.errors import DeviceError, PipelineStateError, SettingsError
from studio.store.disk_trial import PART, try_disk
from studio.timing import SystemClock
from tests.app.recording_devices import all_devices, device
from tests.waiting import wait_until

SECONDS = 2.0


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder(SystemClock()) as made:
        yield made


def status_of(recorder: Recorder) -> PreflightStatus:
    """How far it is."""
    status = recorder.status().preflight
    assert status is not None
    return status


def missing_camera(film: Path) -> DeviceInfo:
    """A camera that was there when it was chosen."""
    film.touch()
    chosen = camera_from(str(film))
    film.unlink()
    return chosen


def card_of(
    recorder: Recorder, devices: tuple[DeviceInfo, ...], folder: Path, seconds: float = SECONDS
) -> PreflightCard:
    """Run one to its end."""
    number = recorder.begin_preflight(devices, folder, seconds=seconds)
    wait_until(lambda: status_of(recorder).phase is not PreflightPhase.RUNNING, what="its end")
    status = status_of(recorder)
    assert (status.number, status.phase, status.text) == (number, PreflightPhase.DONE, "")
    assert status.elapsed_ns == status.duration_ns
    assert status.card is not None
    return status.card


def findings_of(card: PreflightCard, name: str) -> tuple[Finding, ...]:
    """Of one device."""
    (found,) = (each for each in card.devices if each.name == name)
    return found.all_findings


def test_devices_that_work_pass_with_true_figures_and_nothing_is_left(
    recorder: Recorder, tmp_path: Path
) -> None:
    folder = tmp_path / "not made yet"
    card = card_of(recorder, all_devices(), folder)
    streams = {stream.name: stream for each in card.devices for stream in each.streams}
    # A machine that is busy otherwise may be late; nothing is missing all the same.
    assert [each for each in card.findings if each.verdict is Verdict.FAIL] == []
    sound, camera = streams["Simulated microphone"].figures, streams["Simulated camera"].figures
    assert sound.rate == pytest.approx(48_000, rel=0.001)
    assert sound.peak is not None
    assert -15 < sound.peak < 0
    assert sound.bytes_per_second == pytest.approx(48_000 * 4, rel=0.25)
    assert camera.rate == pytest.approx(30, rel=0.001)
    assert (camera.width, camera.height) == (640, 480)
    assert camera.bytes_per_second < 30 * 640 * 480  # as JPEG, not as pixels
    assert card.disk.bytes_per_second > 0
    assert card.disk.folder == str(tmp_path)
    assert card.disk.seconds_left == pytest.approx(card.disk.free / card.bytes_per_second)
    assert list(tmp_path.iterdir()) == []
    wait_until(lambda: recorder.status().state is RecorderState.IDLE, what="the end of its preview")


def test_each_fault_is_told_at_its_device_and_the_others_pass(recorder: Recorder, tmp_path: Path) -> None:
    devices = (
        replace(device("microphone", faults="mute@0+60"), id="quiet", name="Quiet"),
        replace(device("microphone", faults="loud@0+60"), id="loud", name="Loud"),
        replace(device("camera", faults="stall@0.6+60", width=160, height=120), id="stalls", name="Stalls"),
        replace(device("imu", faults="unplug@0.6+60"), id="gone", name="Gone"),
        replace(device("signal", faults="slow@0+60"), id="slow", name="Slow"),
        missing_camera(tmp_path / "film.avi"),
        device("events"),
    )
    card = card_of(recorder, devices, tmp_path)
    for name, words in {
        "Quiet": "hears nothing at all",
        "Loud": "is too loud",
        "Stalls": "'Stalls' had a gap of",
        "Gone": "'Gone' was unplugged",
        "Slow": "'Slow' had",
        devices[5].name: "cannot be opened",
    }.items():
        found = findings_of(card, name)
        assert any(each.verdict is Verdict.FAIL and words in each.text for each in found), (name, found)
        assert all(each.advice for each in found)
    assert findings_of(card, "Simulated events") == ()
    assert card.verdict is Verdict.FAIL


def test_a_preview_that_runs_stays_as_it_is(recorder: Recorder, tmp_path: Path) -> None:
    devices = (device("signal"),)
    recorder.preview(devices)
    wait_until(lambda: recorder.status().devices[0].streams[0].produced > 0)
    started = recorder.status().started_time
    card = card_of(recorder, devices, tmp_path, seconds=1.0)
    assert card.devices[0].streams[0].figures.first_after is not None
    status = recorder.status()
    assert (status.state, status.started_time) == (RecorderState.PREVIEW, started)


def test_while_it_runs_it_shows_what_there_is_so_far(recorder: Recorder, tmp_path: Path) -> None:
    recorder.begin_preflight((device("signal"),), tmp_path, seconds=60.0)

    def so_far() -> int:
        card = status_of(recorder).card
        return 0 if card is None else card.devices[0].streams[0].figures.samples

    wait_until(lambda: so_far() > 100, what="figures")
    status = status_of(recorder)
    assert status.phase is PreflightPhase.RUNNING
    assert 0 < status.elapsed_ns < status.duration_ns
    assert status.card is not None
    assert status.card.devices[0].all_findings == ()
    recorder.cancel_preflight()
    assert recorder.status().state is RecorderState.IDLE


def test_whatever_comes_in_between_calls_it_off_and_says_so(recorder: Recorder, tmp_path: Path) -> None:
    one, other = (device("signal"),), (device("imu"),)

    def called_off(words: str) -> None:
        status = status_of(recorder)
        assert status.phase is PreflightPhase.CALLED_OFF
        assert status.card is None
        assert words in status.text

    recorder.begin_preflight(one, tmp_path)
    recorder.preview(other)
    called_off("Other devices")
    assert [each.name for each in recorder.status().devices] == ["Simulated IMU"]

    recorder.begin_preflight(one, tmp_path)
    recorder.stop()
    called_off("were stopped")

    recorder.begin_preflight(one, tmp_path)
    recorder.preview(one)  # as a window does that wants to see them: they run already
    assert status_of(recorder).phase is PreflightPhase.RUNNING
    recorder.cancel_preflight()
    called_off("called off")
    assert recorder.status().state is RecorderState.PREVIEW

    recorder.begin_preflight(one, tmp_path)
    path = recorder.record(one, tmp_path)
    called_off("A recording was begun")
    with pytest.raises(PipelineStateError, match="A recording is running"):
        recorder.begin_preflight(one, tmp_path)
    recorder.stop()
    assert [each for each in tmp_path.rglob("*") if each.is_file() and each.parent != path.parent] == []


def test_what_cannot_be_is_refused_and_nothing_begins(recorder: Recorder, tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="No device is chosen"):
        recorder.begin_preflight((), tmp_path)
    with pytest.raises(DeviceError, match="cannot have a rate"):
        recorder.begin_preflight((device("signal", rate=-1.0),), tmp_path)
    for seconds in (0.0, 1e9, float("nan")):
        with pytest.raises(SettingsError, match="A pre-flight takes from"):
            recorder.begin_preflight((device("signal"),), tmp_path, seconds=seconds)
    status = recorder.status()
    assert (status.state, status.preflight) == (RecorderState.IDLE, None)


def test_a_disk_that_takes_no_more_fails_with_the_reason(
    recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, limits = signal.getsignal(signal.SIGXFSZ), resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (PART // 2, limits[1]))
    try:
        card = card_of(recorder, (device("imu"),), tmp_path, seconds=1.0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    (finding,) = card.disk.findings
    assert "Nothing can be written" in finding.text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.disk
def test_a_disk_that_is_full_fails_and_keeps_its_reserve(recorder: Recorder, tmp_path: Path) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a volume of its own needs the right to mount")
    try:
        (place / "other").write_bytes(bytes(13 * PART))
        card = card_of(recorder, (device("imu"),), place, seconds=1.0)
        assert ["The disk is full" in each.text for each in card.disk.findings] == [True]
        assert [each.name for each in place.iterdir()] == ["other"]
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_the_trial_of_a_disk_writes_no_more_than_there_is_room_and_ends_when_told(tmp_path: Path) -> None:
    cancelled = threading.Event()
    reserve = 8 * PART + 2 * PART
    trial = try_disk(tmp_path, reserve + 3 * PART, 20 * PART, cancelled)
    assert trial.written == 3 * PART
    assert 0 < trial.slowest_ns <= trial.elapsed_ns
    assert try_disk(tmp_path, 0, 20 * PART, cancelled).bytes_per_second == 0.0
    cancelled.set()
    assert try_disk(tmp_path, 10**12, 10**12, cancelled).written == 0
    assert list(tmp_path.iterdir()) == []
