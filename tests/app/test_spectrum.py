"""A stored tone is found at its frequency and level, at every zoom; none where there is no signal."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.browse import Browser
from studio.app.browse_spectra import MOST_WINDOWS
from studio.app.spectrum import LARGEST_WINDOW, frequency_edges, power_of, rows_of, window_length
from studio.errors import StreamError
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.spectrum import SpectrumGrid, SpectrumWindow
from tests.store.recordings import SECOND, T0, write_recording

RATE, TONE = 8000, 1000.0
SECONDS = 60
SOUND = StreamFormat(PayloadKind.AUDIO, "int16", 2, (), float(RATE))
IMU = StreamFormat(PayloadKind.SAMPLES, "float32", 1, (), 100.0)
UNRATED = StreamFormat(PayloadKind.SAMPLES, "float32", 1)
HOLE = range(20, 30)


def sound_of(second: int) -> np.ndarray:
    times = np.arange(RATE) / RATE + second
    tone = np.sin(2 * np.pi * TONE * times) * 16384
    return np.stack([tone, tone], axis=1).astype(np.int16)


def wave(second: int, *, broken: bool = False) -> np.ndarray:
    values = 9.81 + np.sin(2 * np.pi * 10 * (np.arange(100) / 100 + second))
    if broken:
        values[50] = np.nan
    return values.astype(np.float32)[:, None]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    seconds = [n for n in range(SECONDS) if n not in HOLE]
    return write_recording(
        tmp_path_factory.mktemp("spectra") / "a.h5",
        {
            "sound": (SOUND, [(T0 + (n + 1) * SECOND, sound_of(n)) for n in seconds]),
            "imu": (IMU, [(T0 + (n + 1) * SECOND, wave(n, broken=n == 5)) for n in range(SECONDS)]),
            "unrated": (UNRATED, [(T0 + (n + 1) * SECOND, wave(n)) for n in range(SECONDS)]),
            "one": (UNRATED, [(T0, np.ones((1, 1), np.float32))]),
            "words": (StreamFormat(PayloadKind.STRING), [(T0, "word")]),
        },
    )


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.close()


def asked(browser: Browser, path: Path, stream: str, grid: SpectrumGrid) -> SpectrumWindow:
    return browser.read_spectrum(str(path), stream, grid)


@pytest.mark.parametrize("column_ns", [SECOND // 1000, SECOND // 50, SECOND // 2])
def test_a_tone_of_half_full_scale_is_at_its_frequency_6_decibels_down(
    column_ns: int, browser: Browser, path: Path
) -> None:
    found = asked(browser, path, "sound", SpectrumGrid(T0 + 2 * SECOND, column_ns, 20, 200))
    levels = found.levels.astype(float)
    peaks = (levels.argmax(axis=1) + 0.5) * (RATE / 2 / 200)
    assert np.abs(peaks - TONE).max() <= RATE / found.rows_per_window
    assert levels.max(axis=1) == pytest.approx(-6.0, abs=1.5)
    assert np.median(levels) < -60


def test_columns_in_a_hole_have_no_level(browser: Browser, path: Path) -> None:
    found = asked(browser, path, "sound", SpectrumGrid(T0, SECOND, SECONDS, 20))
    silent = np.isnan(found.levels.astype(float)).all(axis=1)
    assert set(np.flatnonzero(silent)) == set(HOLE)


def test_the_farthest_view_looks_at_a_bounded_number_of_windows_and_says_so(
    browser: Browser, path: Path
) -> None:
    found = asked(browser, path, "sound", SpectrumGrid(T0, SECOND // 8, 8 * 20, 20))
    assert 8 * 20 * found.windows_per_column <= MOST_WINDOWS
    assert 0 < found.looked_share <= 1
    far = asked(browser, path, "sound", SpectrumGrid(T0, 30 * SECOND, 2, 20))
    assert far.windows_per_column > 1
    assert far.looked_share == pytest.approx(far.windows_per_column * far.rows_per_window / (30 * RATE))


def test_gravity_does_not_hide_a_movement(browser: Browser, path: Path) -> None:
    found = asked(browser, path, "imu", SpectrumGrid(T0 + 10 * SECOND, SECOND, 10, 50))
    peaks = found.levels.astype(float).argmax(axis=1) + 0.5
    assert np.abs(peaks - 10).max() < 2


def test_a_window_with_a_sample_that_is_no_number_has_no_level(browser: Browser, path: Path) -> None:
    found = asked(browser, path, "imu", SpectrumGrid(T0, SECOND, 10, 10))
    unknown = np.isnan(found.levels.astype(float)).any(axis=1)
    assert 5 in np.flatnonzero(unknown)
    assert not unknown[7:].any()


def test_without_a_nominal_rate_the_measured_one_counts(browser: Browser, path: Path) -> None:
    found = asked(browser, path, "unrated", SpectrumGrid(T0 + 5 * SECOND, SECOND, 5, 50))
    assert found.high == pytest.approx(50, rel=0.02)


def test_a_band_and_octaves_are_laid_out_as_asked(browser: Browser, path: Path) -> None:
    band = asked(browser, path, "sound", SpectrumGrid(T0, SECOND, 5, 10, low=900, high=1100))
    assert (band.low, band.high) == (900, 1100)
    octaves = asked(
        browser, path, "sound", SpectrumGrid(T0, SECOND, 5, 64, low=62.5, high=4000, logarithmic=True)
    )
    row = int(octaves.levels[2].astype(float).argmax())
    edges = frequency_edges(62.5, 4000, 64, logarithmic=True)
    assert edges[row - 1] <= TONE <= edges[row + 2]


@pytest.mark.parametrize("stream", ["words", "one", "nowhere"])
def test_what_has_no_frequencies_is_a_clear_error(stream: str, browser: Browser, path: Path) -> None:
    with pytest.raises(StreamError):
        asked(browser, path, stream, SpectrumGrid(T0, SECOND, 5, 10))


@pytest.mark.parametrize("left", [-(2**60), 0, 2**61])
def test_times_far_away_have_no_level(left: int, browser: Browser, path: Path) -> None:
    found = asked(browser, path, "sound", SpectrumGrid(left, SECOND, 5, 10))
    assert np.isnan(found.levels.astype(float)).all()


@given(st.floats(0.5, 200_000), st.integers(1, 10**12))
def test_a_window_is_a_power_of_two_of_readable_length(rate: float, column_ns: int) -> None:
    length = window_length(rate, column_ns)
    assert length & (length - 1) == 0
    assert 64 <= length <= LARGEST_WINDOW


@given(st.integers(1, 400), st.booleans())
def test_no_bin_between_the_edges_is_left_out(rows: int, logarithmic: bool) -> None:
    power = np.full((1, 513), 1e-12, np.float32)
    power[0, 200] = 1.0
    edges = frequency_edges(0.0 if not logarithmic else 4.0, 4000.0, rows, logarithmic=logarithmic)
    assert rows_of(power, 8000.0, edges).max() == pytest.approx(0.0, abs=0.01)


def test_silence_is_quiet_and_not_minus_infinity() -> None:
    levels = rows_of(power_of(np.zeros((3, 64), np.int16)), 100.0, np.linspace(0, 50, 11))
    assert np.isfinite(levels).all()
    assert levels.max() <= -160
