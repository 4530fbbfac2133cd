"""A line says what a recording is, or what is wrong with it."""

from dataclasses import replace

import pytest

from studio.app.session_entries import SessionEntry
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import RecordingInfo, StreamInfo
from studio.timing import NS_PER_S
from studio.ui.sessions.session_rows import RowMark, date_text, duration_text, row_of, stream_lines

START = 1_700_000_000 * NS_PER_S
ENTRY = SessionEntry("/r/P01/lab.h5", "P01", START, 761 * NS_PER_S, 1_900_000_000, 5)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_recording_tells_date_length_size_and_streams() -> None:
    row = row_of(ENTRY)
    assert row.title == "P01"
    assert plain(row.detail) == f"{plain(date_text(START))} · 12:41 · 1.9 GB · 5 streams"
    assert (row.mark, row.can_be_opened, row.tooltip) == (RowMark.NONE, True, "/r/P01/lab.h5")


def test_one_stream_is_one_stream() -> None:
    assert plain(row_of(replace(ENTRY, stream_count=1)).detail).endswith("1 stream")


def test_a_recording_that_is_going_on_is_marked_and_has_no_length_yet() -> None:
    row = row_of(replace(ENTRY, live=True, clean=False))
    assert row.mark is RowMark.LIVE
    assert "12:41" not in row.detail


def test_a_recording_that_has_just_begun_is_no_trouble() -> None:
    row = row_of(replace(ENTRY, live=True, clean=False, problem="lab.h5 is empty; it is not a recording"))
    assert (row.mark, row.detail) == (RowMark.LIVE, "just begun")
    assert "empty" not in row.tooltip


def test_one_that_was_not_closed_is_marked_and_can_be_opened() -> None:
    row = row_of(replace(ENTRY, clean=False))
    assert row.mark is RowMark.WARNING
    assert row.can_be_opened
    assert "not closed properly" in row.tooltip


def test_one_that_cannot_be_opened_says_why() -> None:
    row = row_of(replace(ENTRY, problem="lab.h5 is no recording of the studio."))
    assert row.mark is RowMark.PROBLEM
    assert not row.can_be_opened
    assert row.tooltip.splitlines() == ["lab.h5 is no recording of the studio.", "/r/P01/lab.h5"]
    assert plain(row.detail) == "1.9 GB · cannot be opened"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0.0 s"), (1.26, "1.2 s"), (59.99, "59.9 s"), (60, "1:00"), (7201, "2:00:01")]
)
def test_lengths_are_short(seconds: float, text: str) -> None:
    assert plain(duration_text(round(seconds * NS_PER_S))) == text


def test_streams_tell_rate_length_and_losses() -> None:
    sound = StreamInfo(
        "audio",
        StreamFormat(PayloadKind.AUDIO, "float32", 1, (), 48_000.0),
        message_count=100,
        byte_count=2_000_000,
        first_time=START,
        last_time=START + 65 * NS_PER_S,
        dropped=3,
    )
    nothing = StreamInfo("buttons", StreamFormat(PayloadKind.EVENT))
    info = RecordingInfo("/r/a.h5", "a", START, "lab", True, False, False, START, START, 1, (sound, nothing))
    lines = [(name, plain(facts)) for name, facts in stream_lines(info)]
    assert lines == [
        ("audio", "48 kHz · 1:05 · 2.0 MB · 3 dropped"),
        ("buttons", "nothing was recorded"),
    ]
