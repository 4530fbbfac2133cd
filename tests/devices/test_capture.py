"""From PortAudio's thread to messages: bounded, counted to the last sample, cut at the click."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.devices.capture import BOUND_S, CaptureQueue
from studio.devices.health import DeviceMonitor
from studio.devices.outage import Outage
from studio.devices.outlet import Outlet
from studio.devices.sound_track import SoundTrack
from studio.engine import Pipeline
from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import NS_PER_MS, NS_PER_S
from tests.devices.running import Received, Reports

RATE = 48_000.0


class Bench:
    """Queue and track of a microphone, in a running pipeline, without the microphone."""

    def __init__(self, rate: float = RATE) -> None:
        self.pipeline = Pipeline("bench")
        self.reports = Reports()
        self.received = Received()
        format = StreamFormat(PayloadKind.AUDIO, dtype="float32", rate=rate)
        self.outlet = Outlet(self.pipeline, self, "mic", format)
        receiver = self.pipeline.create_receiver(self.received, self.received.take, "in")
        self.outlet.stream.emitter.pipe_to(receiver)
        self.monitor = DeviceMonitor((self.outlet.monitor,))
        outage = Outage(self.outlet, self.monitor, self.reports, device_id="microphone:mic", label="It")
        self.queue = CaptureQueue(self.outlet, threading.Event(), rate=rate)
        self.track = SoundTrack(self.outlet, outage, self.pipeline.clock, rate=rate)
        self.pipeline.run_async()
        # A little in the past: what is posted must not lie after the end of the pipeline.
        self.monotonic = self.pipeline.clock.anchor.monotonic  # type: ignore[attr-defined]
        self.next_value = 0
        self.rate = rate

    def capture(self, count: int, *, overflowed: bool = False) -> None:
        """A block of consecutive numbers, as PortAudio would deliver it when its last sample was taken."""
        data = np.arange(self.next_value, self.next_value + count, dtype=np.float32)[:, np.newaxis]
        self.next_value += count
        self.monotonic += round(count * NS_PER_S / self.rate)
        self.queue.put(data, self.monotonic, 0.0, overflowed)

    def deliver(self) -> None:
        for block in self.queue.take():
            self.track.add(block)

    def end(self) -> None:
        self.track.finish()
        self.pipeline.dispose()

    @property
    def values(self) -> list[float]:
        return [] if not self.received.payloads else self.received.samples()[:, 0].tolist()


@settings(max_examples=25, deadline=None)
@given(
    before=st.lists(st.integers(1, 2500), min_size=1, max_size=12),
    after=st.lists(st.integers(1, 2500), min_size=1, max_size=5),
    click=st.integers(0, 3000),
)
def test_exactly_the_samples_up_to_the_click_are_delivered(
    before: list[int], after: list[int], click: int
) -> None:
    bench = Bench(rate=1_000_000.0)  # so that all of it lies in the past within a moment
    for count in before:
        bench.capture(count)
    bench.deliver()
    final_time = bench.pipeline.clock.from_monotonic(bench.monotonic + click * 1000)
    for count in after:
        bench.capture(count)
    for block in bench.queue.take():
        bench.track.add_until(block, final_time)
    while bench.pipeline.clock.now() < final_time:
        pass
    bench.end()
    expected = sum(before) + min(click, sum(after))
    assert bench.values == list(range(len(bench.values)))
    # The smoothed time of the sample at the very click may lie just beyond it.
    assert abs(len(bench.values) - expected) <= 1
    assert bench.outlet.monitor.snapshot().produced == len(bench.values)
    assert all(time <= final_time for time in bench.received.times)


def test_short_blocks_are_put_together_and_long_ones_go_as_they_are() -> None:
    bench = Bench()
    for _ in range(8):
        bench.capture(240)
    bench.deliver()
    bench.capture(4800)
    bench.deliver()
    assert [len(block) for block in _after(bench)] == [960, 960, 4800]


def _after(bench: Bench) -> list[np.ndarray]:  # type: ignore[type-arg]
    last = bench.outlet.last_time or 0
    while bench.pipeline.clock.now() < last:
        pass
    bench.end()
    return bench.received.payloads


def test_the_queue_refuses_the_newest_and_counts_it() -> None:
    bench = Bench(rate=1000.0)
    for _ in range(int(BOUND_S) + 3):
        bench.queue.put(np.zeros((1000, 1), np.float32), bench.monotonic, 0.0, False)
    blocks = bench.queue.take()
    assert len(blocks) == int(BOUND_S)
    bench.queue.put(np.zeros((10, 1), np.float32), bench.monotonic, 0.0, False)
    (after_it,) = bench.queue.take()
    assert after_it.refused == 3000
    health = bench.outlet.monitor.snapshot()
    assert (health.produced, health.dropped) == (13_010, 3000)
    bench.pipeline.dispose()


def test_an_overflow_becomes_a_gap_between_messages() -> None:
    bench = Bench()
    for _ in range(3):
        bench.capture(100)
    bench.deliver()
    bench.monotonic += 50 * NS_PER_MS
    bench.capture(2000, overflowed=True)
    bench.deliver()
    payloads = _after(bench)
    assert [len(block) for block in payloads] == [300, 2000]
    (gap,) = bench.reports.gaps
    assert gap.expected == pytest.approx(0.050 * RATE, abs=20)
    assert gap.from_time == bench.received.times[0]
    assert gap.reason == "The computer was too busy to take all sound."
    health = bench.outlet.monitor.snapshot()
    assert health.produced == 2300 + gap.expected
    assert health.dropped == gap.expected


def test_a_queue_that_is_opened_anew_is_not_finished_any_more() -> None:
    bench = Bench()
    bench.queue.finish()
    assert bench.queue.is_finished
    bench.queue.reopen()
    assert not bench.queue.is_finished
    bench.queue.put(np.zeros((0, 1), np.float32), 0, 0.0, False)
    assert bench.queue.take() == ()
    bench.pipeline.dispose()
