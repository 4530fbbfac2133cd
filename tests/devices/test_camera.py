"""Real video over the network and from films: complete, in order, in time; killed, frozen and back."""

from pathlib import Path

import numpy as np
import pytest

from studio.devices import barcode
from studio.devices.device import DeviceInfo, DeviceState
from studio.devices.discovery import camera_from
from studio.formats import opencv
from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns
from tests.devices.running import Received, Running
from tests.lab.camera import CameraServer
from tests.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.device


def codes(received: Received) -> list[tuple[int, int]]:
    """Frame number and sending time of every frame; each must have been readable."""
    read = [barcode.read(image) for image in received.payloads]
    assert None not in read
    return [code for code in read if code is not None]


def test_frames_are_complete_in_order_and_in_time(camera_server: CameraServer) -> None:
    info = camera_from(camera_server.url)
    with Running(info) as running:
        running.wait_for(info.name, 45)
        running.stop()
    numbers = [number for number, _ in codes(running.only)]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    sent = {frame.index: frame.monotonic for frame in camera_server.served()}
    clock = running.pipeline.clock
    late = [
        time - clock.from_monotonic(sent[number])
        for number, time in zip(numbers, running.only.times, strict=True)
        if number in sent
    ]
    assert len(late) >= len(numbers) - 1
    assert min(late) >= 0
    assert np.median(late) < 50 * NS_PER_MS
    (health,) = running.device.health().streams
    assert health.produced == len(numbers)
    assert running.reports.gaps == []
    # The last frame is the newest at the click.
    assert running.stop_time - running.only.times[-1] < 100 * NS_PER_MS


def test_its_rate_is_measured(camera_server: CameraServer) -> None:
    info = camera_from(camera_server.url)
    with Running(info) as running:
        running.wait_for(info.name, 60)
        assert running.device.health().streams[0].rate == pytest.approx(30.0, rel=0.15)
        running.stop()


def test_a_killed_camera_is_missed_at_once_and_back_with_a_gap(camera_server: CameraServer) -> None:
    info = camera_from(camera_server.url)
    with Running(info) as running:
        running.wait_for(info.name, 45)
        camera_server.kill()
        killed = monotonic_ns()
        running.wait_for_state(DeviceState.LOST)
        assert monotonic_ns() - killed < PATIENCE * NS_PER_S
        message = running.device.health().message
        assert message == f"The camera '{info.name}' stopped answering. It is retried every second."
        seen = len(running.only.messages)
        camera_server.start()
        running.wait_for(info.name, seen + 15)
        assert running.device.health().state is DeviceState.RUNNING
        running.stop()
    check_one_gap(running)


def test_a_frozen_camera_is_missed_within_two_seconds_and_back(camera_server: CameraServer) -> None:
    info = camera_from(camera_server.url)
    with Running(info) as running:
        running.wait_for(info.name, 45)
        camera_server.freeze()
        running.wait_for_state(DeviceState.STALLED, timeout_s=2.0)
        running.wait_for_state(DeviceState.LOST, timeout_s=3.0)
        seen = len(running.only.messages)
        camera_server.thaw()
        running.wait_for(info.name, seen + 15)
        running.stop()
    check_one_gap(running)


def check_one_gap(running: Running) -> None:
    """The gap says how many frames are missing, near enough, and the count of produced frames knows it."""
    (gap,) = running.reports.gaps
    numbers = np.array([number for number, _ in codes(running.only)])
    steps = np.diff(numbers)
    (place,) = np.flatnonzero(steps != 1)
    missing = int(steps[place]) - 1
    # A network camera holds some frames back when it is opened; they come early and count as present.
    assert gap.expected == pytest.approx(missing, abs=6)
    assert (gap.from_time, gap.to_time) == (running.only.times[place], running.only.times[place + 1])
    (health,) = running.device.health().streams
    assert health.produced == len(numbers) + gap.expected
    assert (health.dropped, health.gaps) == (gap.expected, 1)
    texts = [text for _, text in running.reports.notes]
    assert len(texts) == 2
    assert "answers again" in texts[1]


def test_a_camera_that_is_frozen_at_stop_ends_in_time_with_a_gap(camera_server: CameraServer) -> None:
    info = camera_from(camera_server.url)
    with Running(info) as running:
        running.wait_for(info.name, 40)
        camera_server.freeze()
        running.wait_for_state(DeviceState.STALLED, timeout_s=2.0)
        began = monotonic_ns()
        running.stop()
        assert monotonic_ns() - began < 3 * PATIENCE * NS_PER_S
    (gap,) = running.reports.gaps
    assert gap.expected == pytest.approx((gap.to_time - gap.from_time) * 30 / NS_PER_S, rel=0.3, abs=3)


def test_a_camera_that_is_not_there_says_so_and_is_found_later(camera_server: CameraServer) -> None:
    info = camera_from(camera_server.url)
    camera_server.kill()
    with Running(info) as running:
        running.wait_for_state(DeviceState.LOST)
        assert "cannot be opened: no picture can be read from http://" in running.device.health().message
        camera_server.start()
        running.wait_for(info.name, 5)
        running.stop()
    assert len(running.reports.gaps) == 1


def test_a_new_size_of_the_picture_is_noted_and_goes_on(tmp_path: Path) -> None:
    with CameraServer(tmp_path, width=320, height=240) as small:
        info = camera_from(small.url)
        with Running(info) as running:
            running.wait_for(info.name, 10)
            small.kill()
            running.wait_for_state(DeviceState.LOST)
            large = CameraServer(tmp_path, width=640, height=480)
            large._port = small._port
            with large:
                wait_until(lambda: running.only.payloads[-1].shape == (480, 640, 3), 15.0, "the new size")
                running.stop()
    assert any("from 320\u00d7240 to 640\u00d7480" in text for _, text in running.reports.notes)


def film(path: Path, *, frames: int, rate: float) -> DeviceInfo:
    cv2 = opencv.cv2
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), rate, (160, 120))
    for number in range(frames):
        image = np.full((120, 160, 3), 60, np.uint8)
        barcode.draw(image, number, number)
        writer.write(image)
    writer.release()
    return camera_from(str(path))


def test_a_film_is_played_at_its_own_pace_and_its_end_ends_nothing_else(tmp_path: Path) -> None:
    info = film(tmp_path / "a film.avi", frames=20, rate=40.0)
    with Running(info) as running:
        running.wait_for_state(DeviceState.CLOSED)
        assert running.device.health().message == "The camera 'a film.avi' is a film, which has ended."
        assert not running.pipeline.wait_all(timeout_s=0.05)
        running.stop()
    assert [number for number, _ in codes(running.only)] == list(range(20))
    assert np.diff(running.only.times).tolist() == [25 * NS_PER_MS] * 19
    assert all(e.creation_time >= e.originating_time for _, e in running.only.messages)
    assert running.reports.gaps == []
    assert running.device.health().streams[0].produced == 20


def test_a_file_that_is_no_film_is_lost_and_the_rest_goes_on(
    tmp_path: Path, camera_server: CameraServer
) -> None:
    (tmp_path / "notes.avi").write_text("no film")
    broken, good = camera_from(str(tmp_path / "notes.avi")), camera_from(camera_server.url)
    with Running(broken, good) as running:
        running.wait_for_state(DeviceState.LOST)
        running.wait_for(good.name, 10)
        running.stop()
    assert running.received["notes.avi"].messages == []
