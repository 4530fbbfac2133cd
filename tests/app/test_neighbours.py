"""The messages beside a time are found, also at the ends, in an empty stream and far away."""

from pathlib import Path

import pytest

from studio.app.answers import Neighbours
from studio.app.browse import Browser
from studio.formats.payload import Event, PayloadKind, StreamFormat
from tests.store.recordings import SECOND, T0, write_recording


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_recording(
        tmp_path / "P.h5",
        {
            "events": (
                StreamFormat(PayloadKind.EVENT),
                [(T0 + n * SECOND, Event(str(n))) for n in range(1, 4)],
            ),
            "none": (StreamFormat(PayloadKind.SCALAR, "float64"), []),
            "one": (StreamFormat(PayloadKind.STRING), [(T0 + SECOND, "alone")]),
        },
    )


def test_neighbours_of_a_time(path: Path) -> None:
    browser = Browser()

    def beside(stream: str, time: int) -> Neighbours:
        return browser.read_neighbours(str(path), stream, time)

    assert beside("events", T0) == Neighbours(None, T0 + SECOND)
    assert beside("events", T0 + SECOND) == Neighbours(None, T0 + 2 * SECOND, is_one=True)
    assert beside("events", T0 + 2 * SECOND + 1) == Neighbours(T0 + 2 * SECOND, T0 + 3 * SECOND)
    assert beside("events", T0 + 9 * SECOND) == Neighbours(T0 + 3 * SECOND, None)
    assert beside("none", T0) == Neighbours(None, None)
    assert beside("one", T0 + SECOND) == Neighbours(None, None, is_one=True)
    assert beside("events", 2**63 - 1) == Neighbours(T0 + 3 * SECOND, None)
    assert beside("events", -(2**63)) == Neighbours(None, T0 + SECOND)
    browser.close()


def test_the_nearest_is_where_a_cursor_snaps_to() -> None:
    assert Neighbours(10, 20).nearest_to(14) == 10
    assert Neighbours(10, 20).nearest_to(16) == 20
    assert Neighbours(10, 20, is_one=True).nearest_to(16) == 16
    assert Neighbours(None, 20).nearest_to(-5) == 20
    assert Neighbours(10, None).nearest_to(99) == 10
    assert Neighbours(None, None).nearest_to(0) is None
