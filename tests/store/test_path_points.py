"""One value against another: the points that were recorded, paired by time, never too many."""

from collections.abc import Iterator

import numpy as np
import pytest

from studio.app.browse import Browser
from studio.errors import StreamError
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.points import PathPoints, PointAxis
from studio.store.member_fold import CHUNK
from tests.store.recordings import MS, SECOND, T0, write_recording

PLATE = StreamFormat(PayloadKind.SAMPLES, "float64", 3, ("fx", "", "cop y"), 1000.0, "mm")
LONG = StreamFormat(PayloadKind.SAMPLES, "int16", 8, (), 1000.0)
LEVEL = StreamFormat(PayloadKind.SCALAR, "float64")
JSON = StreamFormat(PayloadKind.JSON)


def plate(block: int) -> np.ndarray:
    numbers = np.arange(block * 10, block * 10 + 10, dtype=np.float64)
    return np.stack([numbers, -numbers, numbers**2], axis=1)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    long = np.arange(300 * 500 * 8, dtype=np.int64).reshape(300, 500, 8) // 8 // 10
    return str(
        write_recording(
            tmp_path_factory.mktemp("points") / "a.h5",
            {
                "plate": (PLATE, [(T0 + (n + 1) * 10 * MS, plate(n)) for n in range(500)]),
                "long": (
                    LONG,
                    [(T0 + n * SECOND // 2, each.astype(np.int16)) for n, each in enumerate(long)],
                ),
                "fast": (LEVEL, [(T0 + n * 10 * MS, float(n)) for n in range(500)]),
                "slow": (LEVEL, [(T0 + n * 95 * MS, 10.0 * n) for n in range(50)]),
                "gaze": (JSON, [(T0 + n * MS, {"x": n, "y": {"z": -n}}) for n in range(66 * CHUNK)]),
                "holed": (
                    PLATE,
                    [(T0 + (n + 1) * 10 * MS, plate(n)) for n in range(100) if not 40 <= n < 60],
                ),
                "words": (StreamFormat(PayloadKind.STRING), [(T0, "a")]),
                "empty": (LEVEL, []),
            },
        )
    )


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.close()


def read(
    browser: Browser,
    path: str,
    across: tuple[str, str],
    up: tuple[str, str],
    seconds: tuple[float, float] = (0, 1000),
    limit: int = 4000,
) -> PathPoints:
    left, right = (T0 + round(second * SECOND) for second in seconds)
    axes = [PointAxis(path, name, place, usual) for usual, (name, place) in enumerate((across, up))]
    return browser.read_points(*axes, left, right, limit)


def test_two_channels_of_a_stream_are_each_sample_in_the_stretch(browser: Browser, path: str) -> None:
    found = read(browser, path, ("plate", "0"), ("plate", "2"), (1, 2))
    assert (found.times[0], found.times[-1]) == (T0 + SECOND, T0 + 2 * SECOND)
    numbers = (found.times - T0) // MS - 1
    assert found.total == len(found.times) == 1001
    assert found.xs.tolist() == numbers.tolist()
    assert found.ys.tolist() == (numbers**2).tolist()
    assert found.names == ("fx", "cop y")
    assert not found.is_thinned


def test_what_is_not_chosen_is_the_first_against_the_second(browser: Browser, path: str) -> None:
    assert read(browser, path, ("plate", ""), ("plate", "")).names == ("fx", "plate 2")
    assert read(browser, path, ("plate", "99"), ("plate", "gone")).names == ("cop y", "plate 2")
    assert read(browser, path, ("gaze", ""), ("gaze", ""), (0, 1)).names == ("x", "y.z")


def test_too_many_points_are_thinned_and_it_is_told(browser: Browser, path: str) -> None:
    found = read(browser, path, ("plate", "0"), ("plate", "1"), limit=100)
    assert (len(found.times), found.total, found.is_thinned) == (100, 5000, True)
    assert (found.xs[0], found.xs[-1]) == (0, 4999)
    assert (found.xs == -found.ys).all()


def test_nothing_is_drawn_across_a_gap_however_much_is_thinned(browser: Browser, path: str) -> None:
    for limit in (4000, 50):
        found = read(browser, path, ("holed", "0"), ("holed", "1"), limit=limit)
        assert found.shown == min(800, limit) == len(found.times) - 1
        (hole,) = np.flatnonzero(np.isnan(found.xs)).tolist()
        assert np.isnan(found.ys[hole])
        assert found.xs[hole - 1] < 400
        assert found.xs[hole + 1] >= 600


def test_of_a_very_long_stream_single_messages_are_read(browser: Browser, path: str) -> None:
    found = read(browser, path, ("long", "0"), ("long", "7"))
    assert found.is_thinned
    assert found.total == 300 * 500
    assert 200 < len(found.times) < 300
    blocks = (found.times - T0) // (SECOND // 2)
    assert (found.xs == np.int16((blocks * 500 + 499) // 10)).all()
    assert (found.xs == found.ys).all()
    with pytest.raises(StreamError, match="shorter stretch"):
        read(browser, path, ("long", "0"), ("fast", ""))


def test_two_streams_are_paired_by_the_nearest_time(browser: Browser, path: str) -> None:
    found = read(browser, path, ("fast", ""), ("slow", ""))
    assert found.total == len(found.times) == 50
    assert (found.ys == 10.0 * np.arange(50)).all()
    assert (np.abs(found.xs * 10 - np.arange(50) * 95) <= 5).all()
    turned = read(browser, path, ("slow", ""), ("fast", ""))
    assert (turned.xs.tolist(), turned.ys.tolist()) == (found.ys.tolist(), found.xs.tolist())


def test_members_of_messages_lie_against_each_other_some_stretches_of_very_many(
    browser: Browser, path: str
) -> None:
    few = read(browser, path, ("gaze", "y.z"), ("gaze", "x"), (2, 2.5))
    assert few.ys.tolist() == list(range(2000, 2501))
    assert (few.xs == -few.ys).all()
    assert few.members == (("x", "y.z"), ("x", "y.z"))
    many = read(browser, path, ("gaze", "x"), ("gaze", "y.z"))
    assert 0 < many.known_share < 1
    for _ in range(30):
        many = read(browser, path, ("gaze", "x"), ("gaze", "y.z"))
    assert many.known_share == 1
    assert many.is_sampled
    assert len(many.times) == 4000
    assert (many.xs == -many.ys).all()
    assert np.isnan(read(browser, path, ("gaze", "gone"), ("gaze", "x"), (0, 1)).xs).all()


def test_without_numbers_or_values_there_are_no_points(browser: Browser, path: str) -> None:
    with pytest.raises(StreamError, match="no numbers"):
        read(browser, path, ("words", ""), ("fast", ""))
    for names in (("empty", "fast"), ("fast", "empty"), ("empty", "empty")):
        found = read(browser, path, (names[0], ""), (names[1], ""))
        assert (len(found.times), found.total) == (0, 0)
    assert len(read(browser, path, ("plate", ""), ("plate", ""), (-9, -5)).times) == 0
