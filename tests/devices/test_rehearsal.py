"""Faults on purpose: what each does to a stream, and that every sample is accounted for."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from studio.devices.device import DeviceInfo, DeviceSettings, DeviceState, StreamHealth
from studio.devices.simulated_devices import simulated_devices
from studio.errors import DeviceError
from studio.timing import NS_PER_MS, NS_PER_S
from tests.devices.running import Running
from tests.waiting import wait_until

INFOS = {info.id.removeprefix("simulated:"): info for info in simulated_devices()}
LATE = 100 * NS_PER_MS


def failing(id: str, faults: str, **settings: float) -> DeviceInfo:
    chosen = replace(DeviceSettings(faults=faults), **settings)  # type: ignore[arg-type]
    return replace(INFOS[id], settings=chosen)


def health(running: Running) -> StreamHealth:
    return running.device.health().streams[0]


def run_until(running: Running, condition: Callable[[], bool], what: str) -> None:
    wait_until(lambda: condition() or bool(running.errors), 20, what)
    assert running.errors == []


def is_accounted_for(running: Running) -> bool:
    """Produced is what arrived and what is a gap, of every stream."""
    for stream in running.device.health().streams:
        received = running.received[stream.name]
        arrived = received.rows if "camera" not in stream.name else len(received.messages)
        missing = sum(gap.expected for gap in running.reports.gaps if gap.stream == stream.name)
        assert missing == stream.dropped
        assert stream.produced == arrived + stream.dropped
        assert all(later > earlier for earlier, later in pairwise(received.times))
    return True


@pytest.mark.parametrize("id", ["signal", "imu", "microphone", "camera"])
def test_an_unplugged_device_is_lost_comes_back_and_leaves_a_gap(id: str) -> None:
    with Running(failing(id, "unplug@0.2+0.3")) as running:
        # Told, rather than seen: on a busy machine it may be over before anybody looks.
        run_until(running, lambda: bool(running.reports.gaps), "the gap")
        assert "unplugged" in running.reports.notes[0][1]
        assert running.device.health().state is DeviceState.RUNNING
        running.stop()
    assert is_accounted_for(running)
    gap = running.reports.gaps[0]
    assert gap.expected > 0
    assert gap.to_time - gap.from_time >= 0.2 * NS_PER_S
    assert [text for _, text in running.reports.notes][-1].endswith("answers again.")


def test_a_frozen_device_is_called_silent_and_its_silence_is_a_gap() -> None:
    with Running(failing("signal", "stall@0.2+1.5")) as running:
        run_until(running, lambda: running.device.health().state is DeviceState.STALLED, "the silence")
        run_until(running, lambda: bool(running.reports.gaps), "the gap")
        running.stop()
    assert is_accounted_for(running)
    assert running.reports.gaps[0].expected == pytest.approx(1500, abs=40)


def test_a_burst_is_late_and_whole() -> None:
    with Running(failing("signal", "burst@0.2+0.5")) as running:
        run_until(
            running,
            lambda: any("held back" in text for _, text in running.reports.notes),
            "the burst",
        )
        running.stop()
    assert running.reports.gaps == []
    assert is_accounted_for(running)
    times = running.received[running.device.streams[0].name].times
    assert max(later - earlier for earlier, later in pairwise(times)) == 20 * NS_PER_MS


def test_times_that_jump_ahead_and_back_are_never_stored_out_of_order() -> None:
    with Running(failing("signal", "jump@0.2+0.3")) as running:
        run_until(running, lambda: bool(running.reports.gaps), "the way back")
        running.stop()
    assert is_accounted_for(running)
    assert "times that had been" in running.reports.gaps[0].reason
    times = running.received[running.device.streams[0].name].times
    assert max(later - earlier for earlier, later in pairwise(times)) > 0.3 * NS_PER_S


def test_a_slow_camera_sends_every_second_picture_and_says_what_is_missing() -> None:
    with Running(failing("camera", "slow@0+1000", rate=30.0)) as running:
        run_until(running, lambda: len(running.reports.gaps) >= 5, "some pictures")
        running.stop()
    assert is_accounted_for(running)
    assert all(gap.expected == 1 for gap in running.reports.gaps)


def test_a_fault_that_lasts_until_the_end_is_in_the_account() -> None:
    with Running(failing("signal", "unplug@0.2+1000")) as running:
        run_until(running, lambda: running.device.health().state is DeviceState.LOST, "the unplugging")
        wait_until(lambda: running.pipeline.get_current_time() > health(running).last_time + LATE)
        running.stop()
    assert is_accounted_for(running)
    (gap,) = running.reports.gaps
    assert gap.expected > 0


def test_what_is_held_back_at_the_end_comes_before_it() -> None:
    with Running(failing("signal", "burst@0.1+1000")) as running:
        run_until(running, lambda: bool(running.reports.notes), "the holding back")
        wait_until(lambda: running.pipeline.get_current_time() > health(running).last_time + LATE)
        running.stop()
    assert running.reports.gaps == []
    assert is_accounted_for(running)
    assert running.stop_time - health(running).last_time < LATE


def test_faults_that_make_no_sense_are_refused_before_anything_runs() -> None:
    with pytest.raises(DeviceError, match="cannot rehearse these faults"):
        Running(failing("camera", "explode@1+1"))


@pytest.mark.parametrize(
    ("id", "fault"), [("signal", "garble"), ("camera", "misshape"), ("events", "garble")]
)
def test_a_driver_gone_mad_is_shown_loses_what_it_sends_and_comes_back(id: str, fault: str) -> None:
    settings = {"rate": 50.0} if id == "events" else {}
    with Running(failing(id, f"{fault}@0.2+1.2", **settings)) as running:
        run_until(running, lambda: running.device.health().state is DeviceState.STALLED, "the madness")
        assert "cannot be stored" in running.device.health().message
        run_until(running, lambda: running.device.health().state is DeviceState.RUNNING, "the way back")
        running.stop()
    received = running.only
    lost = health(running).dropped
    assert lost > 0
    arrived = received.rows if id == "signal" else len(received.messages)
    assert health(running).produced == arrived + lost
    assert all(later > earlier for earlier, later in pairwise(received.times))


def test_a_device_that_never_says_anything_is_called_silent() -> None:
    with Running(failing("signal", "stall@0+1000")) as running:
        run_until(running, lambda: running.device.health().state is DeviceState.STALLED, "the silence")
        running.stop()
    assert is_accounted_for(running)
