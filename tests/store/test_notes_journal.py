"""Notes beside a recording: nothing that was noted is lost, whatever happens to the file."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine.threads import spawn
from studio.errors import StoreEnvironmentError
from studio.formats.notes import (
    MARKERS,
    Attribute,
    Choice,
    Note,
    NoteBook,
    PutNote,
    PutTrack,
    RemoveNote,
    RemoveTrack,
    RenameTrack,
    Track,
)
from studio.store.notes_journal import LONGEST_LINE, append_entries, notes_path, read_notes

GAZE = Track(
    "Gaze", (Attribute("target", (Choice("robot", "#2a9d8f"), Choice("table"))), Attribute("remark"))
)


def _note(id: str, time: int = 0, track: str = MARKERS, text: str = "") -> Note:
    return Note(id=id, track=track, time=time, end_time=time, text=text)


def test_what_was_noted_is_read_back_in_the_order_of_time(tmp_path: Path) -> None:
    recording = tmp_path / "P03.h5"
    late, early = _note("b", 20, text="späť 🎬\nzwei"), Note("a", "Gaze", 5, 15, "x", {"target": "robot"}, 3)
    append_entries(recording, [PutTrack(GAZE), PutNote(late)])
    append_entries(recording, [PutNote(early)])

    book = read_notes(recording)

    assert book == NoteBook((early, late), (GAZE, Track(MARKERS)))
    assert book.on("Gaze") == (early,)
    assert notes_path(recording).name == "P03.notes.jsonl"


def test_a_recording_nobody_noted_anything_of_has_an_empty_book(tmp_path: Path) -> None:
    assert read_notes(tmp_path / "P03.h5") == NoteBook()


def test_a_change_a_removal_and_their_undoing_are_entries_like_any_other(tmp_path: Path) -> None:
    recording = tmp_path / "P03.h5"
    first, second = _note("a", 1, text="before"), _note("a", 2, text="after")
    append_entries(recording, [PutNote(first), PutNote(second)])
    assert read_notes(recording).notes == (second,)
    append_entries(recording, [RemoveNote("a")])
    assert read_notes(recording).notes == ()
    append_entries(recording, [PutNote(second)])
    assert read_notes(recording).note("a") == second


def test_a_track_takes_its_notes_with_it() -> None:
    book = NoteBook().with_entries([PutTrack(GAZE), PutNote(_note("a", track="Gaze"))])
    renamed = book.with_entries([RenameTrack("Gaze", "Looking")])
    assert [track.name for track in renamed.tracks] == ["Looking"]
    assert renamed.tracks[0].attributes == GAZE.attributes
    assert renamed.notes[0].track == "Looking"
    assert renamed.with_entries([RemoveTrack("Looking")]) == NoteBook()


def test_a_track_cannot_take_the_name_of_another() -> None:
    book = NoteBook().with_entries([PutTrack(GAZE), PutTrack(Track("B"))])
    assert book.with_entries([RenameTrack("B", "Gaze")]) == book


@given(cut=st.integers(min_value=0, max_value=400))
def test_wherever_a_crash_cuts_the_file_all_whole_entries_remain_and_new_ones_count(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    recording = tmp_path_factory.mktemp("cut") / "P03.h5"
    notes = [_note(str(n), n, text="note") for n in range(3)]
    append_entries(recording, [PutNote(note) for note in notes])
    path = notes_path(recording)
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    complete = whole[:cut].count(b"\n") + (whole[cut - 1 : cut + 1] == b"}\n")

    append_entries(recording, [PutNote(_note("new", 99))])

    assert read_notes(recording).notes == (*notes[:complete], _note("new", 99))


@given(garbage=st.binary(max_size=300))
def test_garbage_in_the_file_hides_nothing_that_stands_on_lines_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes
) -> None:
    recording = tmp_path_factory.mktemp("garbage") / "P03.h5"
    append_entries(recording, [PutNote(_note("a", 1))])
    with notes_path(recording).open("ab") as file:
        file.write(garbage)
    append_entries(recording, [PutNote(_note("b", 2))])

    assert read_notes(recording).notes == (_note("a", 1), _note("b", 2))


def test_a_line_without_end_is_passed_over_without_filling_the_memory(tmp_path: Path) -> None:
    recording = tmp_path / "P03.h5"
    with notes_path(recording).open("wb") as file:
        file.truncate(20 * LONGEST_LINE)
    append_entries(recording, [PutNote(_note("a"))])
    book = read_notes(recording)
    assert (book.notes, book.unreadable) == ((_note("a"),), 1)


def test_a_note_longer_than_any_line_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(StoreEnvironmentError, match="too long"):
        append_entries(tmp_path / "P03.h5", [PutNote(_note("a", text="x" * LONGEST_LINE))])
    assert not notes_path(tmp_path / "P03.h5").exists()


def test_several_threads_noting_at_once_lose_nothing(tmp_path: Path) -> None:
    recording = tmp_path / "P03.h5"
    failures: list[BaseException] = []

    def note_many(_: threading.Event) -> None:
        for n in range(50):
            id = f"{threading.get_ident()}-{n}"
            append_entries(recording, [PutNote(_note(id, n, text="x" * 500))])

    threads = [spawn(f"noting-{n}", note_many, failures.append) for n in range(4)]
    for thread in threads:
        assert thread.join(30)
    assert not failures
    book = read_notes(recording)
    assert (len(book.notes), book.unreadable) == (200, 0)


def test_what_was_noted_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    recording = tmp_path / "P03.h5"
    program = (
        "import sys; from pathlib import Path; from studio.formats.notes import Note, PutNote\n"
        "from studio.store.notes_journal import append_entries\n"
        "n = 0\n"
        "while True:\n"
        "    append_entries(Path(sys.argv[1]), [PutNote(Note(str(n), 'Markers', n, n, 'x' * 300))])\n"
        "    print(n, flush=True); n += 1\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(recording)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(30)][-1]
        writer.kill()
        told = max([told, *(int(line) for line in writer.stdout.read().split(b"\n")[:-1] if line)])
    times = [note.time for note in read_notes(recording).notes]
    assert times[: told + 1] == list(range(told + 1))


def test_notes_in_the_place_of_a_folder_are_named(tmp_path: Path) -> None:
    notes_path(tmp_path / "P03.h5").mkdir()
    with pytest.raises(StoreEnvironmentError, match=r"P03\.notes\.jsonl"):
        read_notes(tmp_path / "P03.h5")
    with pytest.raises(StoreEnvironmentError, match=r"P03\.notes\.jsonl"):
        append_entries(tmp_path / "P03.h5", [PutNote(_note("a"))])
