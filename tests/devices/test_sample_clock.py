"""Sample times from jittery arrivals: never back, close to the truth, and jumps are seen."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.devices.sample_clock import CaptureStamps, SampleClock
from studio.timing import NS_PER_MS, NS_PER_S

NOW = 1_780_000_000 * NS_PER_S + 123


class Card:
    """A sound card: its crystal drifts, and the computer sees its blocks late by some milliseconds."""

    def __init__(self, *, rate: float, ppm: float, jitter_ns: float, seed: int) -> None:
        self.period = 1e9 / rate / (1 + ppm * 1e-6)
        self.jitter_ns = jitter_ns
        self.samples = 0
        self._chance = random.Random(seed)

    def block(self, count: int) -> tuple[int, int]:
        """True and observed time of the block's last sample."""
        self.samples += count
        true = NOW + round(self.samples * self.period)
        return true, true + round(min(self.jitter_ns, self._chance.expovariate(4.0) * self.jitter_ns))


@settings(max_examples=40)
@given(
    rate=st.sampled_from([8000.0, 16_000.0, 44_100.0, 48_000.0, 96_000.0]),
    ppm=st.floats(-500, 500),
    jitter_ms=st.floats(0, 20),
    counts=st.lists(st.integers(1, 3000), min_size=20, max_size=60),
    seed=st.integers(0, 99),
)
def test_times_strictly_increase_and_stay_near_the_truth(
    rate: float, ppm: float, jitter_ms: float, counts: list[int], seed: int
) -> None:
    card = Card(rate=rate, ppm=ppm, jitter_ns=jitter_ms * NS_PER_MS, seed=seed)
    clock = SampleClock(rate)
    last = None
    for count in counts * 5:
        true, observed = card.block(count)
        placed = clock.block(count, observed)
        # A ns for each sample, so that these increase, too.
        earliest = NOW if last is None else last + count
        assert placed.last_time >= earliest
        # Not before it was taken, unless it would go back otherwise.
        assert placed.last_time <= max(observed, earliest)
        assert abs(placed.last_time - true) <= (jitter_ms + 1) * NS_PER_MS
        assert placed.lost == 0
        last = placed.last_time


ARRIVALS = st.tuples(st.integers(1, 4000), st.integers(-(10**10), 10**10))


@given(times=st.lists(ARRIVALS, min_size=2, max_size=80))
def test_even_senseless_arrivals_never_make_time_go_back(times: list[tuple[int, int]]) -> None:
    clock = SampleClock(48_000.0)
    last = None
    for count, offset in times:
        placed = clock.block(count, NOW + offset)
        assert last is None or placed.last_time > last
        assert placed.lost >= 0
        last = placed.last_time


def test_a_drifting_card_is_followed() -> None:
    card = Card(rate=48_000.0, ppm=388.0, jitter_ns=3 * NS_PER_MS, seed=3)
    clock = SampleClock(48_000.0)
    for _ in range(50 * 60):
        true, observed = card.block(960)
        placed = clock.block(960, observed)
    assert 1e9 / clock.period == pytest.approx(48_018.6, abs=5.0)
    assert abs(placed.last_time - true) < 2 * NS_PER_MS
    assert clock.corrections == 0


def test_smoothing_takes_most_of_the_jitter_away() -> None:
    card = Card(rate=48_000.0, ppm=100.0, jitter_ns=8 * NS_PER_MS, seed=5)
    clock = SampleClock(48_000.0)
    raw, smooth = [], []
    for number in range(50 * 30):
        true, observed = card.block(960)
        error = clock.block(960, observed).last_time - true
        if number > 50 * 10:
            raw.append(observed - true)
            smooth.append(error)
    assert max(smooth) - min(smooth) < (max(raw) - min(raw)) / 2


def test_one_very_late_block_moves_nothing() -> None:
    card = Card(rate=48_000.0, ppm=0.0, jitter_ns=0, seed=1)
    clock = SampleClock(48_000.0)
    for number in range(200):
        true, observed = card.block(960)
        placed = clock.block(960, observed + (400 * NS_PER_MS if number == 150 else 0))
        assert placed.lost == 0
        if number > 100:
            assert abs(placed.last_time - true) < 3 * NS_PER_MS


def test_an_overflow_is_counted_at_once() -> None:
    card = Card(rate=48_000.0, ppm=0.0, jitter_ns=0, seed=1)
    clock = SampleClock(48_000.0)
    for _ in range(100):
        clock.block(960, card.block(960)[1])
    card.block(24_000)
    true, observed = card.block(960)
    placed = clock.block(960, observed, overflowed=True)
    assert placed.lost == pytest.approx(24_000, abs=5)
    assert abs(placed.last_time - true) < NS_PER_MS


def test_samples_missing_without_a_flag_are_noticed_within_two_seconds() -> None:
    card = Card(rate=48_000.0, ppm=0.0, jitter_ns=NS_PER_MS, seed=1)
    clock = SampleClock(48_000.0)
    for _ in range(100):
        clock.block(960, card.block(960)[1])
    card.block(48_000)
    lost = [clock.block(960, card.block(960)[1]).lost for _ in range(100)]
    # While it waits whether the lateness lasts, it has crept a little towards it.
    assert sum(lost) == pytest.approx(48_000, rel=0.25)
    assert sum(1 for count in lost if count) == 1


def test_a_late_first_block_is_forgotten_without_going_back() -> None:
    card = Card(rate=48_000.0, ppm=0.0, jitter_ns=0, seed=1)
    clock = SampleClock(48_000.0)
    clock.block(960, card.block(960)[1] + 500 * NS_PER_MS)
    last = 0
    for _ in range(100):
        true, observed = card.block(960)
        placed = clock.block(960, observed)
        assert placed.last_time > last
        last = placed.last_time
    assert clock.corrections > 0
    assert abs(last - true) < 2 * NS_PER_MS


def test_opened_anew_it_takes_the_new_time_but_never_an_earlier_one() -> None:
    clock = SampleClock(48_000.0)
    first = clock.block(960, NOW).last_time
    clock.restart()
    assert clock.block(10, NOW - NS_PER_S).last_time == first + 10
    clock.restart()
    assert clock.block(10, NOW + NS_PER_S).last_time == NOW + NS_PER_S


def test_a_capture_time_of_the_first_sample_is_believed() -> None:
    stamps = CaptureStamps(48_000.0)
    stamp = stamps.last_sample(now=NOW, adc_minus_current=-0.030, count=961)
    assert stamp == NOW - 10 * NS_PER_MS


def test_a_capture_time_that_would_lie_in_the_future_is_that_of_the_last_sample() -> None:
    stamps = CaptureStamps(48_000.0)
    assert stamps.last_sample(now=NOW, adc_minus_current=-0.0003, count=1200) == NOW - 300_000
    # Remembered: the next block is read with others, and its time is long enough ago to be taken for either.
    assert stamps.last_sample(now=NOW, adc_minus_current=-0.030, count=1200) == NOW - 30 * NS_PER_MS


@pytest.mark.parametrize("nonsense", [0.0, 5.0, -1.7e9])
def test_a_capture_time_that_is_none_is_replaced_by_now(nonsense: float) -> None:
    assert CaptureStamps(48_000.0).last_sample(now=NOW, adc_minus_current=nonsense, count=480) == NOW
