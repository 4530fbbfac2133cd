"""Sound on an even timeline: silence where something is missing, every sample where its time says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.app.operations.sound_timeline import full_scale, in_step, stretches
from studio.formats.recording import LossEntry
from studio.timing import NS_PER_S

RATE = 1000
MS = 1_000_000


def samples(begins: list[int], rows: int = 50, drift: float = 1.0):  # type: ignore[no-untyped-def]
    """Blocks that begin at these milliseconds; each sample is its own true place."""
    for begin in begins:
        times = begin * MS + np.round(np.arange(rows) * NS_PER_S / RATE / drift).astype(np.int64)
        yield times, (times / MS)[:, None]


@settings(deadline=None)
@given(st.lists(st.integers(1, 400), max_size=8), st.integers(0, 100))
def test_after_every_gap_each_sample_stands_where_its_time_says(gaps: list[int], start: int) -> None:
    begins = [start]
    for gap in gaps:
        begins.append(begins[-1] + 50 + 20 * gap)
    laid: list[float] = []
    for stretch in stretches(samples(begins), RATE, 0):
        laid.extend([-1.0] * stretch.silence)
        laid.extend(stretch.rows[:, 0].tolist())
    assert len(laid) == begins[-1] + 50
    heard = [(place, value) for place, value in enumerate(laid) if value >= 0]
    assert len(heard) == 50 * len(begins)
    assert all(place == pytest.approx(value) for place, value in heard)


def test_a_short_silence_counts_only_if_something_is_known_to_be_missing() -> None:
    begins = [0, 60]
    known = LossEntry("sound", "gap", 10, 50 * MS, 59 * MS)
    assert [stretch.silence for stretch in stretches(samples(begins), RATE, 0)] == [0, 0]
    assert [stretch.silence for stretch in stretches(samples(begins), RATE, 0, [known])] == [0, 10]


@pytest.mark.parametrize("drift", [0.995, 1.005])
def test_a_clock_that_runs_off_is_kept_in_step(drift: float) -> None:
    """Over a minute: without care it would be 300 samples off."""
    begins = [round(block * 50 / drift) for block in range(1200)]
    place, worst = 0, 0.0
    for stretch in in_step(stretches(samples(begins, drift=drift), RATE, 0), RATE, 0):
        place += stretch.silence
        worst = max(worst, abs(place - float(stretch.rows[0, 0])))
        place += len(stretch.rows)
    assert worst < 5


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [("int16", -32768, 16384), ("uint8", 0, 192), ("int32", -(2**31), 2**30), ("float64", -1.0, 0.5)],
)
def test_full_scale_is_one_whatever_the_type(dtype: str, low: float, high: float) -> None:
    scaled = full_scale(np.array([[low, high]], dtype))
    assert scaled.dtype == np.float32
    assert scaled[0].tolist() == [-1.0, 0.5]
