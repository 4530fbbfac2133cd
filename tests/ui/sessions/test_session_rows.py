"""A row says what a session is, or what is wrong with it."""

from dataclasses import replace

import pytest

from studio.app.session_entries import DatasetEntry, PartitionEntry, SessionEntry
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import StreamInfo
from studio.timing import NS_PER_S, TIME_MAX
from studio.ui.sessions.session_rows import (
    FolderFacts,
    RowMark,
    folder_row,
    partition_row,
    session_row,
    stream_row,
)
from studio.ui.sessions.session_texts import date_text, duration_text, one_line, plural

START = 1_700_000_000 * NS_PER_S
PART = PartitionEntry("/r/P01/lab.h5", "lab", START, 761 * NS_PER_S, 1_900_000_000, 5, 12_000, machine="LAB")
SESSION = SessionEntry("/r/P01", "P01", (PART,))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def of(**changes: object) -> SessionEntry:
    return replace(SESSION, partitions=(replace(PART, **changes),))  # type: ignore[arg-type]


def test_a_session_tells_date_length_size_and_streams() -> None:
    row = session_row(SESSION)
    assert row.title == "P01"
    assert plain(row.detail) == f"{plain(date_text(START))} · 12:41 · 1.9 GB · 5 streams"
    assert (row.mark, row.tooltip) == (RowMark.NONE, "/r/P01")


def test_a_session_tells_who_and_its_first_tags() -> None:
    row = session_row(replace(SESSION, participant="Ada", tags=("pilot", "b", "c", "d"), notes="late"))
    assert plain(row.detail).endswith("5 streams · Ada · #pilot · #b · #c")
    assert row.tooltip.splitlines() == ["Ada", "#pilot #b #c #d", "late", "/r/P01"]


def test_a_session_of_two_machines_lasts_from_the_first_to_the_last() -> None:
    later = replace(PART, path="/r/P01/b.h5", started_time=START + 60 * NS_PER_S)
    derived = replace(PART, path="/r/P01/lab.level.h5", started_time=START + 10**6 * NS_PER_S, derived=True)
    session = replace(SESSION, partitions=(PART, later, derived))
    assert (session.started_time, session.duration_ns) == (START, 821 * NS_PER_S)
    assert plain(session_row(session).detail).endswith("13:41 · 5.7 GB · 15 streams")


def test_a_session_that_is_going_on_is_marked_and_has_no_length_yet() -> None:
    row = session_row(of(live=True, clean=False))
    assert row.mark is RowMark.LIVE
    assert "12:41" not in row.detail


def test_a_session_that_has_just_begun_is_no_trouble() -> None:
    begun = of(live=True, clean=False, problem="lab.h5 is empty; it is not a recording", stream_count=0)
    row = session_row(begun)
    assert (row.mark, row.detail) == (RowMark.LIVE, "just begun")
    assert "empty" not in row.tooltip
    assert begun.problem == ""


@pytest.mark.parametrize(
    ("recovered", "mark", "says"),
    [(False, RowMark.WARNING, "not closed properly"), (True, RowMark.RECOVERED, "put in order")],
)
def test_one_that_was_not_closed_is_marked(recovered: bool, mark: RowMark, says: str) -> None:
    row = session_row(of(clean=False, recovered=recovered))
    assert row.mark is mark
    assert says in row.tooltip


def test_one_that_cannot_be_opened_says_why() -> None:
    row = session_row(of(clean=False, problem="lab.h5 is no recording of the studio."))
    assert row.mark is RowMark.PROBLEM
    assert row.tooltip.splitlines() == ["lab.h5 is no recording of the studio.", "/r/P01"]
    assert plain(row.detail) == "1.9 GB · cannot be opened"


def test_one_broken_recording_does_not_spoil_the_session() -> None:
    broken = replace(PART, path="/r/P01/b.h5", problem="b.h5 is damaged", clean=False)
    session = replace(SESSION, partitions=(PART, broken))
    assert session_row(session).mark is not RowMark.PROBLEM
    assert "b.h5 is damaged" in partition_row(broken).detail


def test_an_empty_session_says_so() -> None:
    assert session_row(SessionEntry("/r/P02", "P02")).detail == "no recording in it"


def test_a_derived_partition_is_marked() -> None:
    assert partition_row(replace(PART, derived=True)).mark is RowMark.DERIVED


def test_a_damaged_description_is_told() -> None:
    row = session_row(replace(SESSION, description_problem="session.json does not describe a session"))
    assert "does not describe" in row.tooltip


def test_a_name_of_two_lines_takes_one() -> None:
    row = session_row(replace(SESSION, name="two\nlines\x07"))
    assert row.title == "two␤lines\ufffd"
    assert one_line("plain name") == "plain name"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0.0 s"), (1.26, "1.2 s"), (59.99, "59.9 s"), (60, "1:00"), (7201, "2:00:01")]
)
def test_lengths_are_short(seconds: float, text: str) -> None:
    assert plain(duration_text(round(seconds * NS_PER_S))) == text


@pytest.mark.parametrize("time", [TIME_MAX, -(2**62), 0])
def test_times_that_no_calendar_has_harm_nobody(time: int) -> None:
    assert date_text(time)


def test_one_is_one_and_two_are_more() -> None:
    assert [plain(plural(count, "session")) for count in (1, 2)] == ["1 session", "2 sessions"]


def test_a_folder_counts_what_is_in_it_and_what_was_found() -> None:
    facts = FolderFacts(3, 2_000_000)
    assert plain(folder_row("/r", DatasetEntry(), facts, 3, "").detail) == "3 sessions · 2.0 MB"
    assert plain(folder_row("/r", DatasetEntry(), facts, 1, "").detail) == "1 of 3 sessions · 2.0 MB"
    gone = folder_row("/r", DatasetEntry(), FolderFacts(), 0, "The folder /r is not there.")
    assert gone.mark is RowMark.PROBLEM


def test_a_dataset_says_its_name_its_length_and_when_it_was() -> None:
    facts = FolderFacts(3, 2_000_000, 90 * NS_PER_S, START, START + 86_400 * NS_PER_S)
    row = folder_row("/r", DatasetEntry("Gait", "Walking"), facts, 3, "")
    assert (row.title, plain(row.detail)) == ("Gait", "3 sessions · 1:30 · 2.0 MB")
    walking, extent, folder = row.tooltip.split("\n")
    assert (walking, folder) == ("Walking", "/r")
    assert " to " in extent
    damaged = folder_row("/r", DatasetEntry(problem="It cannot be read."), facts, 3, "")
    assert (damaged.title, damaged.mark) == ("r", RowMark.WARNING)


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
    assert plain(stream_row(sound).detail) == "48 kHz · 1:05 · 2.0 MB · 3 dropped"
    assert (stream_row(nothing).detail, stream_row(nothing).icon) == ("nothing was recorded", "events")


def test_a_stream_tells_all_that_is_known_of_it_where_the_pointer_rests() -> None:
    signal = StreamInfo(
        "accelerometer",
        StreamFormat(PayloadKind.SAMPLES, "float32", 3, ("x", "y", "z"), 100.0, "m/s²"),
        device="Left wrist",
        message_count=10,
        sample_count=100,
        byte_count=1200,
        first_time=START,
        last_time=START + NS_PER_S,
        dropped=7,
        produced=107,
        gaps=2,
    )
    said = plain(stream_row(signal).tooltip).splitlines()
    assert said[2] == "signal · float32 · m/s² · 3 channels"
    assert said[3].startswith("from ")
    assert said[4:] == ["10 messages · 100 values · 120 B each", "7 of 107 missing, in 2 gaps", "Left wrist"]
    nothing = StreamInfo("buttons", StreamFormat(PayloadKind.EVENT))
    assert stream_row(nothing).tooltip.splitlines() == ["buttons", "nothing was recorded", "events"]
