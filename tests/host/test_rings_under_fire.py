"""A writer in another process at full speed, and readers that must never see anything half written."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from studio.host.rings import FrameRingReader, MessageRingReader, SampleRingReader, TextRingReader
from studio.timing import NS_PER_S, monotonic_ns
from tests.host.hammering import PERIOD, RINGS
from tests.waiting import wait_until

SECONDS = 1.5
PATIENCE_S = 100.0
PICTURES, ROWS, TEXTS = 100, 10_000, 1000


@pytest.fixture
def hammered(tmp_path: Path) -> Iterator[Path]:
    """A folder with rings that another process writes to without a pause."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.host.hammering", str(tmp_path)], stdin=subprocess.PIPE
    ) as writer:
        wait_until(lambda: all((tmp_path / ring).exists() for ring in RINGS), 20, "the rings")
        yield tmp_path
        assert writer.poll() is None
        assert writer.stdin is not None
        writer.stdin.write(b"end\n")
        writer.stdin.close()


def for_a_while(is_enough: Callable[[], bool]) -> Iterator[None]:
    """Some seconds, and on a busy machine as many more as it needs to see enough."""
    began = monotonic_ns()
    while (elapsed := monotonic_ns() - began) < SECONDS * NS_PER_S or not is_enough():
        assert elapsed < PATIENCE_S * NS_PER_S, "the writer is hardly heard"
        yield


def test_no_picture_is_torn(hammered: Path) -> None:
    reader = FrameRingReader(hammered / "frames.ring")
    seen = 0
    last = 0
    for _ in for_a_while(lambda: seen > PICTURES):  # noqa: B023 - as many as by then
        frame = reader.newest(last)
        if frame is None:
            continue
        assert frame.number > last
        assert frame.originating_time == frame.number
        assert (frame.image == frame.number % 251).all(), f"picture {frame.number} is torn"
        last = frame.number
        seen += 1
    reader.close()
    print(f"{seen} pictures of {last} seen, none torn; {reader.torn} thrown away for being overtaken")
    assert seen > PICTURES


def test_no_row_and_no_bucket_is_torn(hammered: Path) -> None:
    reader = SampleRingReader(hammered / "samples.ring")
    wait_until(lambda: reader.newest_time > 0, 10, "the first rows")
    seen = 0
    for _ in for_a_while(lambda: seen > ROWS):  # noqa: B023 - as many as by then
        right = reader.newest_time
        window = reader.window(right - 1000 * PERIOD, right, 2000)
        if window.samples_per_column == 1:  # else we slept so long that only buckets reach back that far
            # The value of a row follows from its time, in both channels.
            expected = (window.times // PERIOD - 1) % 4096
            assert np.array_equal(window.minimum[:, 0], expected.astype(np.float32))
            assert np.array_equal(window.minimum[:, 1], window.minimum[:, 0])
            seen += len(window.times)
        wide = reader.window(right - 200_000 * PERIOD, right, 50)
        assert np.array_equal(wide.minimum[:, 0], wide.minimum[:, 1], equal_nan=True)
        assert np.array_equal(wide.maximum[:, 0], wide.maximum[:, 1], equal_nan=True)
    reader.close()
    assert seen > ROWS


def test_no_text_is_torn(hammered: Path) -> None:
    reader = TextRingReader(hammered / "texts.ring")
    seen = 0
    for _ in for_a_while(lambda: seen > TEXTS):  # noqa: B023 - as many as by then
        for text in reader.newest(100):
            number, _, filling = text.text.partition(" ")
            assert int(number) == text.time
            assert filling == "x" * (text.time % 200)
            seen += 1
    reader.close()
    assert seen > TEXTS


def test_no_message_is_torn(hammered: Path) -> None:
    reader = MessageRingReader(hammered / "messages.ring")
    seen, known = 0, 0
    for _ in for_a_while(lambda: seen > TEXTS):  # noqa: B023 - as many as by then
        for message in reader.since(known):
            number, _, filling = message.data.decode().partition(" ")
            assert int(number) == message.time == message.number > known
            assert filling == "y" * (message.time * 37 % 5000)
            known = message.number
            seen += 1
    reader.close()
    assert seen > TEXTS
