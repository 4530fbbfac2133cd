"""Simulated devices deliver exactly what they produced, when due, to the last sample before the click."""

from dataclasses import replace
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.devices import barcode, waveforms
from studio.devices.depth_scenery import ball_at
from studio.devices.device import DeviceInfo, DeviceKind, DeviceSettings, DeviceState
from studio.devices.discovery import simulated_devices
from studio.devices.simulated_events import stimuli
from studio.errors import DeviceError
from studio.formats.payload import Event, PayloadKind
from studio.formats.shapes import Rectangle, parse_shapes
from studio.timing import NS_PER_MS, NS_PER_S
from tests.devices.running import Running

INFOS = {info.id.removeprefix("simulated:"): info for info in simulated_devices()}


def changed(id: str, **settings: float) -> DeviceInfo:
    info = INFOS[id]
    return replace(info, settings=replace(DeviceSettings(), **settings))  # type: ignore[arg-type]


def rows_or_messages(running: Running, stream: str) -> int:
    received = running.received[stream]
    formats = {each.name: each.format for device in running.devices for each in device.streams}
    return received.rows if formats[stream].kind.is_sampled else len(received.messages)


def test_all_of_them_together_lose_nothing() -> None:
    with Running(*INFOS.values()) as running:
        running.wait_for("Simulated microphone", 40)
        running.wait_for("Simulated events", 1)
        running.stop()
    for device in running.devices:
        health = device.health()
        assert health.state is DeviceState.CLOSED
        for stream in health.streams:
            assert stream.produced == rows_or_messages(running, stream.name) > 0
            assert stream.dropped == stream.gaps == 0
            times = running.received[stream.name].times
            assert all(later > earlier for earlier, later in pairwise(times))
            assert stream.last_time == times[-1] <= running.stop_time + 50 * NS_PER_MS
    assert running.reports.gaps == []


@pytest.mark.parametrize(("id", "rate"), [("microphone", 48_000.0), ("imu", 200.0), ("signal", 1000.0)])
def test_samples_lie_on_an_exact_grid_and_end_at_the_click(id: str, rate: float) -> None:
    with Running(INFOS[id]) as running:
        name = running.device.streams[0].name
        running.wait_for(name, 20)
        running.stop()
    received = running.received[name]
    period = NS_PER_S / rate
    elapsed = received.times[-1] - received.times[0]
    assert (received.rows - len(received.payloads[0])) * period == pytest.approx(elapsed, abs=2)
    # Not one more sample fits before the click, which reached the device a moment after it was noted.
    assert received.times[-1] + period > running.stop_time
    # No message came before its last sample was due.
    assert all(envelope.creation_time >= envelope.originating_time for _, envelope in received.messages)


def test_sound_is_what_the_waveform_says() -> None:
    with Running(INFOS["microphone"]) as running:
        running.wait_for("Simulated microphone", 30)
        running.stop()
    samples = running.only.samples()
    assert np.array_equal(samples, waveforms.voice(rate=48_000.0, channels=1)(0, len(samples)))
    assert 0.1 < float(np.abs(samples).max()) <= 1.0


def test_the_level_and_the_rate_of_a_microphone_are_measured() -> None:
    with Running(INFOS["microphone"]) as running:
        running.wait_for("Simulated microphone", 60)
        (health,) = running.device.health().streams
        running.stop()
    assert health.rate == pytest.approx(48_000.0, rel=0.1)
    assert health.level is not None
    assert -120.0 <= health.level < 0.0


def test_the_motion_sensor_has_two_streams_of_the_same_times() -> None:
    with Running(INFOS["imu"]) as running:
        running.wait_for("Simulated IMU/gyroscope", 25)
        running.stop()
    accelerometer, gyroscope = running.received.values()
    assert accelerometer.times == gyroscope.times
    units = [stream.format.units for stream in running.device.streams]
    assert units == ["m/s²", "rad/s"]
    assert accelerometer.samples()[:, 2].mean() == pytest.approx(waveforms.STANDARD_GRAVITY, abs=1.5)


def test_64_channels_of_30_khz_arrive_complete_and_in_time() -> None:
    with Running(changed("signal", rate=30_000.0, channels=64)) as running:
        running.wait_for("Simulated signal", 50)
        running.stop()
    (health,) = running.device.health().streams
    received = running.only
    assert health.produced == received.rows
    expected = waveforms.sines(rate=30_000.0, channels=64)(0, received.rows)
    assert np.array_equal(received.samples(), expected)
    late = [envelope.creation_time - envelope.originating_time for _, envelope in received.messages]
    assert np.median(late) < 20 * NS_PER_MS


def test_every_frame_says_its_number_and_its_time() -> None:
    with Running(INFOS["camera"]) as running:
        running.wait_for("Simulated camera", 20)
        running.stop()
    received = running.only
    assert [barcode.read(image) for image in received.payloads] == list(enumerate(received.times))
    intervals = np.diff(received.times)
    assert intervals.min() >= NS_PER_S // 30
    assert intervals.max() <= NS_PER_S // 30 + 1
    assert running.stop_time - received.times[-1] < NS_PER_S / 30


def test_the_depth_camera_measures_how_far_the_ball_is() -> None:
    with Running(INFOS["depth"]) as running:
        running.wait_for("Simulated depth camera", 20)
        running.stop()
    start = running.only.times[0]
    for time, image in zip(running.only.times, running.only.payloads, strict=True):
        middle, distance = ball_at((time - start) / NS_PER_S)
        assert (image.dtype, image.shape) == (np.uint16, (240, 320))
        assert image[108, round(middle * 320)] == pytest.approx(distance, abs=2)
        assert (image == 0).any(), "nothing comes back from beside the ball"


def test_the_tracker_says_where_the_ball_is_in_numbers_and_in_figures() -> None:
    with Running(INFOS["tracker"]) as running:
        running.wait_for("Simulated tracker", 10)
        running.stop()
    start = running.only.times[0]
    for time, message in zip(running.only.times, running.only.payloads, strict=True):
        middle, distance = ball_at((time - start) / NS_PER_S)
        assert message["ball"]["x"] == pytest.approx(320 * middle, abs=0.01)
        assert message["ball"]["distance"] == pytest.approx(distance, abs=0.1)
        box = parse_shapes(message).shapes[0]
        assert isinstance(box, Rectangle)
        assert box.x + box.width / 2 == pytest.approx(320 * middle, abs=0.01)


def test_the_picture_moves() -> None:
    with Running(changed("camera", width=320, height=240, rate=60.0)) as running:
        running.wait_for("Simulated camera", 30)
        running.stop()
    first, last = running.only.payloads[0], running.only.payloads[-1]
    assert first.shape == (240, 320, 3)
    below_the_code = np.abs(first[70:].astype(int) - last[70:])
    assert (below_the_code > 20).mean() > 0.05


def test_events_come_at_the_times_of_their_seed() -> None:
    info = changed("events", rate=40.0)
    with Running(info) as running, Running(info) as again:
        running.wait_for("Simulated events", 20)
        again.wait_for("Simulated events", 20)
    pauses = np.diff(running.only.times[:20])
    assert np.array_equal(pauses, np.diff(again.only.times[:20]))
    assert len(set(pauses.tolist())) == len(pauses)
    assert running.only.payloads[:20] == again.only.payloads[:20]
    assert all(isinstance(event, Event) and event.text for event in running.only.payloads)


@given(rate=st.floats(0.1, 100.0), seed=st.integers(0, 1000))
def test_events_come_at_their_rate(rate: float, seed: int) -> None:
    elapsed = [elapsed for elapsed, _ in islice(stimuli(rate, seed), 2000)]
    assert all(later > earlier for earlier, later in pairwise(elapsed))
    assert elapsed[-1] / len(elapsed) == pytest.approx(NS_PER_S / rate, rel=0.2)


def test_a_pipeline_that_never_ran_leaves_no_thread() -> None:
    running = Running(*INFOS.values())
    running.pipeline.dispose()
    assert all(device.health().state is DeviceState.OPENING for device in running.devices)


def test_formats_are_known_before_anything_runs() -> None:
    running = Running(*INFOS.values())
    kinds = {stream.name: stream.format.kind for device in running.devices for stream in device.streams}
    assert kinds["Simulated camera"] is PayloadKind.IMAGE
    assert kinds["Simulated microphone"] is PayloadKind.AUDIO
    assert kinds["Simulated events"] is PayloadKind.EVENT
    running.pipeline.dispose()


@pytest.mark.parametrize(
    "info",
    [
        changed("camera", width=100, height=50),
        changed("camera", rate=-1.0),
        changed("signal", rate=-5.0),
        changed("signal", channels=-1),
        changed("events", rate=-2.0),
        replace(INFOS["signal"], simulated=False),
    ],
    ids=lambda info: f"{info.id} {info.settings.rate} {info.settings.width}",
)
def test_senseless_settings_are_refused_before_anything_runs(info: DeviceInfo) -> None:
    with pytest.raises(DeviceError):
        Running(info)


def test_the_kinds_of_the_devices_are_told() -> None:
    assert [info.kind for info in INFOS.values()] == [
        DeviceKind.MICROPHONE,
        DeviceKind.CAMERA,
        DeviceKind.SIGNAL,
        DeviceKind.SIGNAL,
        DeviceKind.EVENTS,
        DeviceKind.CAMERA,
        DeviceKind.SIGNAL,
    ]
