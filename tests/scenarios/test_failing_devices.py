"""A recording that lives through everything devices do: pulled out, frozen, mad, silent, late, of one name.

Real sound and real video beside simulated devices; the faults happen at the same time, and those who have
none must not notice. How soon each is shown as dead is printed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from studio.app.recorder import Recorder
from studio.app.status import DeviceStatus, FinishedRecording
from studio.devices.device import DeviceInfo, DeviceKind, DeviceSettings, DeviceState
from studio.devices.discovery import camera_from, distinguished
from studio.store import StoreReader, verify
from studio.timing import NS_PER_S, TIME_MAX, SystemClock, Timestamp
from studio.ui.panels.stream_health import Health, health_of
from tests.app.recording_devices import device
from tests.lab.camera import CameraServer
from tests.lab.microphone import Microphone
from tests.waiting import wait_until

pytestmark = pytest.mark.device

BEGIN_S, LASTS_S = 3.0, 1.5
"""When the rehearsed faults begin, and how long they last."""
GENEROUS_S = 5.0
"""A fault is to be seen within a second; a machine that is busy with other tests is given more."""
REAL = ("mic_a", "pulled", "frozen")
REHEARSED = ("garble", "misshape", "stall", "unplug")
LATE, MUTE = "burst", "mute"
UNTOUCHED = ("Twin", "Twin 2", "Simulated IMU")


@dataclass(frozen=True, slots=True)
class Cameras:
    """Two that can be read."""

    pulled: CameraServer
    frozen: CameraServer


@pytest.fixture
def cameras(tmp_path: Path) -> Iterator[Cameras]:
    """Small ones: what they show does not matter here."""
    places = [tmp_path / name for name in ("pulled", "frozen")]
    for place in places:
        place.mkdir()
    with (
        CameraServer(places[0], width=160, height=120, fps=20.0) as pulled,
        CameraServer(places[1], width=160, height=120, fps=20.0) as frozen,
    ):
        yield Cameras(pulled, frozen)


def failing(name: str, faults: str) -> DeviceInfo:
    """A simulated signal of that name."""
    return replace(device("signal", faults=faults), id=f"simulated:{name}", name=name)


def chosen(microphone: Microphone, cameras: Cameras) -> tuple[DeviceInfo, ...]:
    sound = DeviceInfo(
        "microphone:mic_a", "mic_a", DeviceKind.MICROPHONE, settings=DeviceSettings(source=microphone.name)
    )
    twin = replace(device("signal"), name="Twin")
    return (
        sound,
        replace(camera_from(cameras.pulled.url), name="pulled"),
        replace(camera_from(cameras.frozen.url), name="frozen"),
        *(failing(kind, f"{kind}@{BEGIN_S}+{LASTS_S}") for kind in (*REHEARSED, LATE)),
        failing(MUTE, f"stall@0+{BEGIN_S}"),
        *distinguished([twin, twin]),
        device("imu"),
    )


class Watch:
    """Notes when a panel of each device turns red: as the window decides it from what the recorder tells."""

    def __init__(self, recorder: Recorder, since: dict[str, Timestamp]) -> None:
        """`since`: when each fault begins; before that, a device that is slow to begin is no matter."""
        self._recorder = recorder
        self.since = since
        self.red: dict[str, Timestamp] = {}

    def are_red(self, *names: str) -> bool:
        """Look once more; whether all of them were red at some time."""
        status = self._recorder.status()
        for each in status.devices:
            if is_red(each) and status.time >= self.since.get(each.name, 0):
                self.red.setdefault(each.name, status.time)
        return set(names) <= set(self.red)

    def are_well(self) -> bool:
        """Whether every device runs."""
        self.are_red()
        return all(each.state is DeviceState.RUNNING for each in self._recorder.status().devices)


def is_red(device: DeviceStatus) -> bool:
    judged = (
        health_of(
            kind=stream.format.kind,
            rate=stream.format.rate,
            device_state=device.state,
            message=device.message,
            age_s=0.0,
        )
        for stream in device.streams
    )
    return any(each.health is Health.DEAD for each in judged)


@pytest.mark.timeout(240)
def test_every_fault_is_seen_costs_only_its_device_and_is_accounted_for(
    microphone: Microphone, cameras: Cameras, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Recorder(SystemClock()) as recorder:
        path = recorder.record(chosen(microphone, cameras), tmp_path)
        began = recorder.status().started_time
        scheduled = began + round(BEGIN_S * NS_PER_S)
        watch = Watch(
            recorder,
            dict.fromkeys(REAL, TIME_MAX) | dict.fromkeys(REHEARSED, scheduled) | {MUTE: began},
        )
        wait_until(lambda: watch.are_red(MUTE) and delivers(recorder, *REAL), 30.0, "the first data")
        watch.since.update(dict.fromkeys(REAL, recorder.status().time))
        microphone.kill()
        cameras.pulled.kill()
        cameras.frozen.freeze()
        wait_until(lambda: watch.are_red(*REAL, *REHEARSED), 30.0, "all faults to be seen")
        wait_until(lambda: state_of(recorder, "frozen") is DeviceState.LOST, 20.0, "the frozen one given up")
        microphone.start()
        cameras.pulled.start()
        cameras.frozen.thaw()
        wait_until(watch.are_well, 40.0, "all to be back")
        wait_until(lambda: recorder.status().time > began + (BEGIN_S + LASTS_S + 0.5) * NS_PER_S, 20.0)
        finished = recorder.stop()
    assert finished is not None
    seen = {name: (watch.red[name] - since) / NS_PER_S for name, since in watch.since.items()}
    with capsys.disabled():
        print("\n  shown as dead after: " + ", ".join(f"{name} {s:.2f} s" for name, s in seen.items()))
    assert max(seen.values()) < GENEROUS_S
    assert not set(watch.red) & set(UNTOUCHED)
    check_accounts(finished, path)


def delivers(recorder: Recorder, *names: str) -> bool:
    streams = {each.name: each.streams for each in recorder.status().devices}
    return all(stream.stored for name in names for stream in streams[name])


def state_of(recorder: Recorder, name: str) -> DeviceState:
    (state,) = (each.state for each in recorder.status().devices if each.name == name)
    return state


def check_accounts(finished: FinishedRecording, path: Path) -> None:
    """Exact for everybody; nothing missing where nothing failed, something where it did."""
    streams = {stream.name: stream for stream in finished.streams}
    assert verify(path).findings == ()
    with StoreReader(path) as reader:
        losses = reader.loss()
        told = {stream.name: stream for stream in reader.info().streams}
        log = [entry.text for entry in reader.log()]
    for name, stream in streams.items():
        lost = sum(loss.count for loss in losses if loss.stream == name)
        assert stream.produced == stream.stored + stream.dropped, name
        assert (told[name].produced, told[name].dropped, lost) == (stream.produced, stream.dropped, lost)
        assert lost == stream.dropped, name
        if name.split("/")[0] in UNTOUCHED:
            assert (stream.dropped, stream.gaps) == (0, 0), name
    for name in (*REAL, *REHEARSED, MUTE):
        assert streams[name].dropped > 0, name
    assert streams[LATE].dropped == 0
    for name in REAL:
        assert streams[name].gaps >= 1
        assert any(name in text and "answers again" in text for text in log)
