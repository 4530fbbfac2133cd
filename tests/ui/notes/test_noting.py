"""Notes are made, moved, edited, deleted and taken back on the timeline, and the file says the same."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.app.status import Severity
from studio.formats.notes import MARKERS, Attribute, Choice, Note, PutNote, PutTrack, Track
from studio.store.notes_journal import append_entries, notes_path
from tests.store.recordings import MS, T0
from tests.ui.notes.note_studio import LONG, NoteStudio

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise")
"""What the screenless platform says."""
GAZE = Track("Gaze", (Attribute("target", (Choice("robot", "#2a9d8f"), Choice("table", "#e76f51"))),))


@pytest.fixture
def studio(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[NoteStudio]:
    made = NoteStudio(qtbot, qapp, tmp_path)
    yield made
    made.close()


def bar(id: str, left: int, right: int, track: str = "Gaze", text: str = "") -> Note:
    return Note(id=id, track=track, time=T0 + left * MS, end_time=T0 + right * MS, text=text)


def test_a_selection_becomes_a_note_with_words_and_is_taken_back_and_made_again(studio: NoteStudio) -> None:
    studio.show()
    studio.select(T0 + 100 * MS, T0 + 300 * MS)
    studio.press("new_note")
    studio.type("looks away")
    studio.settled()
    (note,) = studio.stored.notes
    assert (note.track, note.text) == ("Notes", "looks away")
    assert (note.time, note.end_time) == (T0 + 100 * MS, T0 + 300 * MS)

    studio.press("undo")
    studio.qtbot.waitUntil(lambda: studio.stored.notes[0].text == "", timeout=LONG)
    studio.press("undo")
    studio.qtbot.waitUntil(lambda: studio.stored.notes == (), timeout=LONG)
    assert studio.notes == []
    studio.press("redo")
    studio.press("redo")
    studio.qtbot.waitUntil(
        lambda: studio.stored.notes != () and studio.stored.notes[0].text != "", timeout=LONG
    )
    assert studio.notes == [note]


def test_a_marker_stands_at_the_cursor_and_escape_leaves_it_without_words(studio: NoteStudio) -> None:
    studio.show()
    studio.window.timeline.navigator.set_cursor(T0 + 200 * MS)
    studio.press("marker")
    editor = studio.wiring.deeds.editor
    assert editor.isVisible()
    studio.qtbot.keyClicks(editor.line, "nev")
    studio.qtbot.keyClick(editor.line, Qt.Key.Key_Escape)
    assert not editor.isVisible()
    studio.settled()
    (marker,) = studio.stored.notes
    assert (marker.track, marker.time, marker.end_time, marker.text) == (
        MARKERS,
        T0 + 200 * MS,
        T0 + 200 * MS,
        "",
    )


def test_edges_and_bodies_are_dragged(studio: NoteStudio) -> None:
    append_entries(studio.path, [PutTrack(GAZE), PutNote(bar("a", 100, 300))])
    studio.show()
    studio.qtbot.waitUntil(lambda: len(studio.notes) == 1, timeout=LONG)
    view = studio.window.timeline.navigator.view
    studio.drag(studio.place(T0 + 200 * MS), studio.place(T0 + 250 * MS))
    studio.settled()
    moved = studio.notes[0]
    pixel = studio.wiring.strip.plot._frame.axis.duration_of(2)  # type: ignore[union-attr]
    assert abs(moved.time - (T0 + 150 * MS)) <= pixel
    assert moved.end_time - moved.time == 200 * MS
    studio.drag(studio.place(moved.end_time), studio.place(T0 + 400 * MS))
    studio.settled()
    assert studio.notes[0].time == moved.time
    assert abs(studio.notes[0].end_time - (T0 + 400 * MS)) <= pixel
    studio.press("undo")
    studio.qtbot.waitUntil(lambda: studio.stored.notes[0].end_time == moved.end_time, timeout=LONG)
    assert studio.window.timeline.navigator.view == view  # the timeline did not pan meanwhile


def test_a_double_click_selects_the_stretch_of_a_note(studio: NoteStudio) -> None:
    append_entries(studio.path, [PutTrack(GAZE), PutNote(bar("a", 100, 300))])
    studio.show()
    studio.qtbot.waitUntil(lambda: len(studio.notes) == 1, timeout=LONG)
    plot = studio.wiring.strip.plot
    studio.qtbot.mouseDClick(plot, Qt.MouseButton.LeftButton, pos=studio.place(T0 + 150 * MS))
    assert studio.window.timeline.navigator.selection == studio.notes[0].interval


def test_keys_walk_from_note_to_note_and_delete_the_picked_one(studio: NoteStudio) -> None:
    append_entries(studio.path, [PutNote(bar("a", 100, 300)), PutNote(bar("m", 350, 350, MARKERS, "now"))])
    studio.show()
    studio.qtbot.waitUntil(lambda: len(studio.notes) == 2, timeout=LONG)
    navigator, shift = studio.window.timeline.navigator, Qt.KeyboardModifier.ShiftModifier
    navigator.set_cursor(T0)
    studio.key(Qt.Key.Key_Right, shift)
    assert navigator.cursor_time == T0 + 100 * MS
    assert navigator.selection == studio.notes[0].interval
    studio.key(Qt.Key.Key_Right, shift)
    assert navigator.cursor_time == T0 + 350 * MS
    assert not navigator.selection
    studio.key(Qt.Key.Key_Left, shift)
    assert navigator.cursor_time == T0 + 100 * MS
    studio.key(Qt.Key.Key_Delete)
    studio.settled()
    assert [note.id for note in studio.stored.notes] == ["m"]


def test_values_of_attributes_are_chosen_beside_the_note(studio: NoteStudio) -> None:
    append_entries(studio.path, [PutTrack(GAZE), PutNote(bar("a", 100, 300))])
    studio.show()
    studio.qtbot.waitUntil(lambda: len(studio.notes) == 1, timeout=LONG)
    studio.wiring.strip.plot.pick("a")
    studio.key(Qt.Key.Key_Return)
    editor = studio.wiring.deeds.editor
    box = editor._boxes["target"]
    assert [box.itemText(n) for n in range(box.count())] == ["", "robot", "table"]
    box.setCurrentText("table")
    studio.type("")
    studio.settled()
    assert studio.notes[0].values == {"target": "table"}
    image = studio.wiring.strip.plot.grab().toImage()
    colour = image.pixelColor(studio.place(T0 + 200 * MS))
    assert colour.red() > colour.green() > colour.blue()  # that of the value, not of the track


def test_what_others_write_meanwhile_is_seen_and_nothing_is_lost(studio: NoteStudio) -> None:
    studio.show()
    studio.select(T0 + 100 * MS, T0 + 300 * MS)
    studio.press("new_note")
    append_entries(studio.path, [PutNote(bar("other", 350, 350, MARKERS, "from elsewhere"))])
    studio.type("mine")
    studio.qtbot.waitUntil(lambda: len(studio.notes) == 2, timeout=LONG)
    studio.settled()
    assert {note.text for note in studio.stored.notes} == {"mine", "from elsewhere"}


def test_damaged_lines_are_counted_told_once_and_cost_nothing_else(studio: NoteStudio) -> None:
    append_entries(studio.path, [PutNote(bar("a", 100, 300))])
    with notes_path(studio.path).open("ab") as file:
        file.write(b"{torn\n\xff\xfe\n")
    append_entries(studio.path, [PutNote(bar("b", 300, 400))])
    studio.show()
    studio.qtbot.waitUntil(lambda: len(studio.notes) == 2, timeout=LONG)
    told = [one.text for one in studio.window.messages.log.history if "cannot be read" in one.text]
    assert told == [
        "2 entries in the notes of r.h5 cannot be read; all others are shown. The file was not changed."
    ]


def test_a_change_that_cannot_be_written_is_told_and_taken_back(studio: NoteStudio) -> None:
    studio.show()
    notes_path(studio.path).mkdir()  # nothing can be appended to a folder
    studio.select(T0 + 100 * MS, T0 + 300 * MS)
    studio.press("new_note")
    assert len(studio.notes) == 1
    studio.qtbot.waitUntil(lambda: studio.notes == [], timeout=LONG)
    assert any(
        one.severity is Severity.ERROR and "cannot be written" in one.text
        for one in studio.window.messages.log.history
    )
    assert not studio.window.undo.canUndo()


def test_readers_killed_while_notes_are_written_cost_no_note(studio: NoteStudio) -> None:
    studio.show()
    for kill in range(3):
        for n in range(10):
            edits = studio.wiring.deeds.edits
            note = edits.add("Notes", bar("", 100 * kill + n, 100 * kill + n + 5).interval, f"note {n}")
            assert note is not None
            if n == 5:
                kill_readers()
        studio.settled()
        assert len(studio.stored.notes) == 10 * (kill + 1)
    assert len(studio.notes) == 30
    assert studio.stored.unreadable == 0
    assert studio.window.undo.count() == 30


def kill_readers() -> None:
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # one that was killed before
            if "reader" in process.cmdline():
                os.kill(process.pid, signal.SIGKILL)


def test_a_track_that_is_removed_comes_back_with_its_notes(studio: NoteStudio) -> None:
    append_entries(studio.path, [PutTrack(GAZE), PutNote(bar("a", 100, 300)), PutNote(bar("b", 310, 320))])
    studio.show()
    studio.qtbot.waitUntil(lambda: len(studio.notes) == 2, timeout=LONG)
    edits = studio.wiring.deeds.edits
    edits.rename_track("Gaze", "Blick")
    edits.remove_track("Blick")
    studio.qtbot.waitUntil(lambda: studio.stored.tracks == (), timeout=LONG)
    assert studio.notes == []
    studio.press("undo")
    studio.press("undo")
    studio.qtbot.waitUntil(lambda: studio.stored.tracks == (GAZE,), timeout=LONG)
    studio.settled()
    assert studio.notes == [bar("a", 100, 300), bar("b", 310, 320)]
    assert replace(GAZE) in studio.wiring.notes.tracks
