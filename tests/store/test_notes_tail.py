"""Notes that others add are seen piece by piece: nothing twice, nothing torn, nothing passed over."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.formats.notes import MARKERS, Note, NoteBook, NoteTail, PutNote
from studio.store.notes_journal import append_entries, notes_path, read_notes, read_tail


def _put(id: str, time: int = 0, text: str = "") -> PutNote:
    return PutNote(Note(id=id, track=MARKERS, time=time, end_time=time, text=text))


def test_only_what_was_added_since_is_read(tmp_path: Path) -> None:
    recording = tmp_path / "P03.h5"
    assert read_tail(recording) == NoteTail()
    append_entries(recording, [_put("a")])
    first = read_tail(recording)
    append_entries(recording, [_put("b")])
    second = read_tail(recording, first.offset, first.file)

    assert first.entries == (_put("a"),)
    assert second.entries == (_put("b"),)
    assert not second.anew
    assert read_tail(recording, second.offset, second.file).entries == ()


def test_a_line_that_is_being_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    recording = tmp_path / "P03.h5"
    append_entries(recording, [_put("a"), _put("b")])
    path = notes_path(recording)
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    torn = read_tail(recording)
    assert torn.entries == (_put("a"),)
    assert torn.unreadable == 0
    path.write_bytes(whole)
    assert read_tail(recording, torn.offset, path.stat().st_ino).entries == (_put("b"),)


def test_what_a_crash_left_of_a_line_is_counted_once_others_follow(tmp_path: Path) -> None:
    recording = tmp_path / "P03.h5"
    append_entries(recording, [_put("a")])
    with notes_path(recording).open("ab") as file:
        file.write(b'{"op":"note","no')
    before = read_tail(recording)
    append_entries(recording, [_put("c")])
    after = read_tail(recording, before.offset, before.file)
    assert (after.unreadable, after.entries) == (1, (_put("c"),))


def test_another_file_in_its_place_is_read_from_its_beginning(tmp_path: Path) -> None:
    recording = tmp_path / "P03.h5"
    append_entries(recording, [_put("a"), _put("b")])
    before = read_tail(recording)
    path = notes_path(recording)
    path.rename(tmp_path / "aside")
    append_entries(recording, [_put("c")])
    after = read_tail(recording, before.offset, before.file)
    assert after.anew
    assert after.entries == (_put("c"),)
    path.unlink()
    assert read_tail(recording, after.offset, after.file).anew


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(st.text(max_size=40), max_size=12), limit=st.integers(1, 400))
def test_pieces_of_any_size_make_the_whole(texts: list[str], limit: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "P03.h5"
        for n, text in enumerate(texts):
            append_entries(recording, [_put(f"{n % 5}", n, text)])
        book, tail = NoteBook(), NoteTail(has_more=True)
        while tail.has_more:
            tail = read_tail(recording, tail.offset, tail.file, limit)
            book = book.with_entries(tail.entries)
        assert book == read_notes(recording)
