"""Counters that always add up, and states that only move as the table allows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.devices.device import DeviceState
from studio.devices.health import DeviceMonitor, StreamMonitor
from studio.errors import PipelineStateError
from studio.timing import monotonic_ns
from tests.waiting import wait_until


@given(
    st.lists(st.tuples(st.sampled_from(["produced", "dropped", "missed", "retracted"]), st.integers(0, 99)))
)
def test_produced_and_dropped_are_sums(steps: list[tuple[str, int]]) -> None:
    monitor = StreamMonitor("x")
    for what, count in steps:
        getattr(monitor, what)(count)
    totals = {name: sum(c for what, c in steps if what == name) for name, _ in steps}
    health = monitor.snapshot()
    produced, dropped, missed, retracted = (
        totals.get(name, 0) for name in ("produced", "dropped", "missed", "retracted")
    )
    assert health.produced == produced + missed - retracted
    assert health.dropped == dropped + missed
    assert health.gaps == sum(1 for what, _ in steps if what == "missed")


def test_only_sound_has_a_level() -> None:
    block = np.full((10, 1), 0.5, np.float32)
    quiet, loud = StreamMonitor("x"), StreamMonitor("y", has_level=True)
    quiet.produced(10, block)
    loud.produced(10, block)
    assert quiet.snapshot().level is None
    assert loud.snapshot().level == pytest.approx(-6.02, abs=0.01)


def test_a_running_device_that_falls_silent_is_stalled() -> None:
    stream = StreamMonitor("x")
    device = DeviceMonitor((stream,), silence_limit=20_000_000)
    device.move(DeviceState.RUNNING)
    assert device.snapshot().state is DeviceState.RUNNING
    stream.produced(1)
    wait_until(lambda: device.snapshot().state is DeviceState.STALLED)
    assert device.snapshot().message.startswith("Nothing has come for ")
    stream.produced(1)
    assert device.snapshot().state is DeviceState.RUNNING


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DeviceState.CLOSED, DeviceState.RUNNING),
        (DeviceState.CLOSED, DeviceState.LOST),
        (DeviceState.RUNNING, DeviceState.OPENING),
        (DeviceState.LOST, DeviceState.OPENING),
        (DeviceState.RUNNING, DeviceState.STALLED),
    ],
)
def test_moves_that_make_no_sense_are_refused(before: DeviceState, after: DeviceState) -> None:
    device = DeviceMonitor(())
    device.move(before)
    with pytest.raises(PipelineStateError, match=f"{before} cannot become {after}"):
        device.move(after)
    assert device.state is before


def test_a_slow_device_is_given_some_of_its_own_periods() -> None:
    stream = StreamMonitor("x")
    device = DeviceMonitor((stream,), silence_limit=20_000_000)
    device.move(DeviceState.RUNNING)
    began = monotonic_ns()
    stream.produced(1)
    wait_until(lambda: monotonic_ns() - began > 300_000_000)
    stream.produced(1)
    second = monotonic_ns()
    wait_until(lambda: monotonic_ns() - second > 100_000_000)
    assert device.snapshot().state is DeviceState.RUNNING
    wait_until(lambda: device.snapshot().state is DeviceState.STALLED)
    assert monotonic_ns() - second > 800_000_000
