"""What panels ask besides signals: long texts, lasting events, pictures that are none, single pixels."""

from collections.abc import Iterator

import numpy as np
import pytest

from studio.app.browse import Browser
from studio.app.browse_marks import LONGEST_TEXT, MOST_TEXTS
from studio.errors import ImageFormatError, StreamError
from studio.formats.opencv import encode_jpeg
from studio.formats.payload import EncodedImage, Event, PayloadKind, StreamFormat
from tests.store.recordings import MS, SECOND, T0, write_recording

STRIPES = np.zeros((8, 6, 3), np.uint8)
STRIPES[:, 2] = (10, 20, 30)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    blue = encode_jpeg(np.full((64, 48, 3), (200, 100, 50), np.uint8), 100)
    return str(
        write_recording(
            tmp_path_factory.mktemp("panels") / "a.h5",
            {
                "raw": (
                    StreamFormat(PayloadKind.IMAGE, "uint8"),
                    [(T0, STRIPES), (T0 + SECOND, STRIPES[:, :, 0].copy())],
                ),
                "camera": (
                    StreamFormat(PayloadKind.JPEG),
                    [
                        (T0, blue),
                        (T0 + SECOND, EncodedImage(b"no picture", 48, 64)),
                        (T0 + 2 * SECOND, EncodedImage(b"", 0, 0)),
                    ],
                ),
                "events": (
                    StreamFormat(PayloadKind.EVENT),
                    [
                        (T0, Event("long", duration_ns=100 * SECOND)),
                        (T0 + SECOND, Event("short", duration_ns=SECOND)),
                        *((T0 + (2 * SECOND) + n * MS, Event(f"e{n}")) for n in range(2000)),
                    ],
                ),
                "json": (StreamFormat(PayloadKind.JSON), [(T0, {"a": [1, 2]}), (T0 + SECOND, None)]),
                "text": (
                    StreamFormat(PayloadKind.STRING),
                    [(T0, "x" * (LONGEST_TEXT + 5)), (T0 + 1, "two\nlines")],
                ),
            },
        )
    )


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.close()


def test_an_event_that_began_long_before_the_view_is_still_there_while_it_lasts(
    browser: Browser, path: str
) -> None:
    marks = browser.read_marks(path, "events", T0 + 1500 * MS, T0 + 1600 * MS, 100)
    assert marks.texts == ("long", "short")
    marks = browser.read_marks(path, "events", T0 + 2100 * MS, T0 + 2105 * MS, 100)
    assert marks.texts == ("long", *(f"e{n}" for n in range(100, 106)))


def test_of_too_many_events_a_few_are_told(browser: Browser, path: str) -> None:
    marks = browser.read_marks(path, "events", T0 + 2 * SECOND, T0 + 5 * SECOND, 100)
    assert marks.total == 2001
    assert len(marks.times) == MOST_TEXTS + 1
    assert marks.texts[1] == "e0"
    assert marks.texts[-1] == "e1999"


def test_a_text_is_told_in_full_and_a_huge_one_says_that_it_is_cut(browser: Browser, path: str) -> None:
    huge, short = browser.read_text(path, "text", T0), browser.read_text(path, "text", T0 + 5)
    assert huge is not None
    assert (len(huge.text), huge.is_cut, huge.number) == (LONGEST_TEXT, True, 1)
    assert short is not None
    assert (short.text, short.is_cut, short.originating_time) == ("two\nlines", False, T0 + 1)
    assert browser.read_text(path, "text", T0 - 1) is None


def test_json_is_told_line_by_line(browser: Browser, path: str) -> None:
    found = browser.read_text(path, "json", T0)
    assert found is not None
    assert found.text.splitlines()[1].strip() == '"a": ['
    nothing = browser.read_text(path, "json", T0 + SECOND)
    assert nothing is not None
    assert nothing.text == "null"


def test_a_pixel_is_told_red_first_and_grey_alone(browser: Browser, path: str) -> None:
    colour = browser.read_pixel(path, "raw", T0, 2, 3)
    assert colour is not None
    assert colour.values == (30, 20, 10)
    grey = browser.read_pixel(path, "raw", T0 + SECOND, 2, 7)
    assert grey is not None
    assert grey.values == (10,)
    jpeg = browser.read_pixel(path, "camera", T0, 40, 60)
    assert jpeg is not None
    assert jpeg.values == pytest.approx((50, 100, 200), abs=3)


@pytest.mark.parametrize(("x", "y"), [(-1, 0), (6, 0), (0, 8), (10**9, 10**9)])
def test_there_is_no_pixel_outside(x: int, y: int, browser: Browser, path: str) -> None:
    assert browser.read_pixel(path, "raw", T0, x, y) is None
    assert browser.read_pixel(path, "raw", T0 - 1, 0, 0) is None


@pytest.mark.parametrize("second", [1, 2])
def test_a_picture_that_is_none_says_which(second: int, browser: Browser, path: str) -> None:
    with pytest.raises(ImageFormatError, match=f"Frame {second + 1} cannot be shown"):
        browser.read_picture(path, "camera", T0 + second * SECOND, 100, 100)
    with pytest.raises(ImageFormatError):
        browser.read_pixel(path, "camera", T0 + second * SECOND, 0, 0)


def test_frames_are_numbered_from_one(browser: Browser, path: str) -> None:
    picture = browser.read_picture(path, "raw", T0 + 5 * SECOND, 3, 4)
    assert picture is not None
    assert (picture.number, picture.full_width, picture.full_height) == (2, 6, 8)
    with pytest.raises(StreamError):
        browser.read_picture(path, "text", T0, 3, 4)
