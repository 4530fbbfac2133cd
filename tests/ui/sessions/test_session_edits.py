"""Sessions are described, renamed and thrown away through the reader, and every change can be taken back."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.app.catalog import list_sessions
from studio.app.session_description import SESSION_FILE, read_session
from studio.app.session_entries import SessionChange, SessionEntry
from studio.store.sidecar import SideCar
from studio.ui.sessions.session_edits import SessionEdits
from studio.ui.sessions.session_panel import SessionPanel, tags_in
from studio.ui.theme import Theme
from studio.ui.undo import UndoStack
from tests.app.trash_can import own_trash
from tests.store.recordings import small_recording
from tests.ui.real_reader import RealReader

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "recordings" / "P01"
    made.mkdir(parents=True)
    small_recording(made / "lab.h5")
    described = {"id": "1", "name": "P01", "created": 5, "participant": "Ada", "future": {"kept": True}}
    (made / SESSION_FILE).write_text(json.dumps(described))
    return made


@pytest.fixture
def reader() -> Iterator[RealReader]:
    made = RealReader()
    yield made
    made.close()


@pytest.fixture
def undo(qapp: object) -> UndoStack:
    return UndoStack()


@pytest.fixture
def edits(reader: RealReader, undo: UndoStack) -> SessionEdits:
    return SessionEdits(reader, undo)


@pytest.fixture
def panel(qtbot: QtBot, edits: SessionEdits) -> SessionPanel:
    made = SessionPanel(Theme("dark"))
    made.change_wanted.connect(lambda session, change, go_on: edits.describe(session, change, go_on=go_on))
    made.rename_wanted.connect(edits.rename)
    qtbot.addWidget(made)
    made.resize(300, 500)
    made.show()
    return made


def session_in(folder: Path) -> SessionEntry:
    (entry,) = list_sessions(folder.parent)
    return entry


def settle(reader: RealReader, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: reader.is_idle)


def test_a_change_is_written_taken_back_and_done_again(
    edits: SessionEdits, undo: UndoStack, folder: Path, reader: RealReader, qtbot: QtBot
) -> None:
    edits.describe(session_in(folder), SessionChange(notes="left\nhanded", tags=("pilot",)))
    settle(reader, qtbot)
    written = session_in(folder)
    assert (written.notes, written.tags, written.participant) == ("left\nhanded", ("pilot",), "Ada")
    assert undo.undoText() == "notes and tags of P01"
    undo.undo()
    settle(reader, qtbot)
    assert (session_in(folder).notes, session_in(folder).tags) == ("", ())
    undo.redo()
    settle(reader, qtbot)
    assert session_in(folder).notes == "left\nhanded"
    assert json.loads((folder / SESSION_FILE).read_text())["future"] == {"kept": True}


def test_undo_brings_back_what_another_studio_had_written(
    edits: SessionEdits, undo: UndoStack, folder: Path, reader: RealReader, qtbot: QtBot
) -> None:
    seen = session_in(folder)
    described = json.loads((folder / SESSION_FILE).read_text())
    (folder / SESSION_FILE).write_text(json.dumps({**described, "participant": "Bea", "notes": "theirs"}))
    edits.describe(seen, SessionChange(participant="Cleo"))
    settle(reader, qtbot)
    assert (session_in(folder).participant, session_in(folder).notes) == ("Cleo", "theirs")
    undo.undo()
    settle(reader, qtbot)
    assert session_in(folder).participant == "Bea"


def test_changes_follow_a_session_that_is_renamed(
    edits: SessionEdits, undo: UndoStack, folder: Path, reader: RealReader, qtbot: QtBot
) -> None:
    session = session_in(folder)
    edits.describe(session, SessionChange(participant="Bea"))
    with qtbot.waitSignal(edits.moved) as moved:
        edits.rename(session, "P01 / second try")
    assert moved.args == [str(folder), str(folder.with_name("P01 _ second try"))]
    now = session_in(folder.with_name("P01 _ second try"))
    assert (now.name, now.participant) == ("P01 / second try", "Bea")
    assert undo.undoText() == "rename of P01"
    undo.undo()
    undo.undo()
    settle(reader, qtbot)
    again = session_in(folder)
    assert (again.path, again.name, again.participant) == (str(folder), "P01", "Ada")
    undo.redo()
    undo.redo()
    settle(reader, qtbot)
    assert session_in(folder.with_name("P01 _ second try")).participant == "Bea"


def test_a_change_that_fails_is_said_and_not_offered_to_be_taken_back(
    edits: SessionEdits, undo: UndoStack, folder: Path, qtbot: QtBot
) -> None:
    session = session_in(folder)
    shutil.rmtree(folder)
    with qtbot.waitSignal(edits.failed) as failed:
        edits.describe(session, SessionChange(notes="too late"))
    assert "not there any more" in failed.args[0]
    assert not undo.canUndo()


def test_what_is_being_recorded_is_not_renamed(
    edits: SessionEdits, undo: UndoStack, folder: Path, qtbot: QtBot
) -> None:
    session = session_in(folder)
    lock = SideCar.take(folder / "lab.h5")
    assert lock is not None
    with qtbot.waitSignal(edits.failed) as failed:
        edits.rename(session, "other")
    lock.release()
    assert "is being recorded" in failed.args[0]
    assert folder.is_dir()
    assert not undo.canUndo()


def test_what_is_typed_in_the_panel_is_kept(
    panel: SessionPanel, folder: Path, reader: RealReader, qtbot: QtBot
) -> None:
    panel.show_session(session_in(folder))
    assert (panel.name.text(), panel.participant.text()) == ("P01", "Ada")
    panel.participant.setFocus()
    panel.participant.clear()
    qtbot.keyClicks(panel.participant, "Bea")
    qtbot.keyClick(panel.participant, Qt.Key.Key_Return)
    panel.tags.setFocus()
    qtbot.keyClicks(panel.tags, "pilot, #left-handed,")
    panel.notes.setFocus()
    qtbot.keyClicks(panel.notes, "late")
    qtbot.waitUntil(lambda: session_in(folder).notes == "late")
    written = session_in(folder)
    assert (written.participant, written.tags) == ("Bea", ("pilot", "left-handed"))


def test_notes_that_are_typed_in_one_go_are_one_step(
    panel: SessionPanel, undo: UndoStack, folder: Path, reader: RealReader, qtbot: QtBot
) -> None:
    panel.show_session(session_in(folder))
    panel.notes.setFocus()
    for word in ("one ", "two ", "three"):
        qtbot.keyClicks(panel.notes, word)
        panel._timer.timeout.emit()
        settle(reader, qtbot)
    assert session_in(folder).notes == "one two three"
    assert undo.count() == 1
    undo.undo()
    settle(reader, qtbot)
    assert session_in(folder).notes == ""


def test_typing_back_what_was_there_is_kept_too(
    panel: SessionPanel, folder: Path, reader: RealReader, qtbot: QtBot
) -> None:
    panel.show_session(session_in(folder))
    panel.participant.setFocus()
    for name in ("Bea", "Ada"):
        panel.participant.clear()
        qtbot.keyClicks(panel.participant, name)
        qtbot.keyClick(panel.participant, Qt.Key.Key_Return)
    settle(reader, qtbot)
    found = read_session(folder)
    assert found is not None
    assert found.participant == "Ada"


def test_the_panel_keeps_what_is_typed_when_another_session_is_picked(
    panel: SessionPanel, folder: Path, reader: RealReader, qtbot: QtBot
) -> None:
    panel.show_session(session_in(folder))
    panel.notes.setFocus()
    qtbot.keyClicks(panel.notes, "first")
    panel.show_session(SessionEntry("/elsewhere", "other", notes="second"))
    settle(reader, qtbot)
    assert panel.notes.toPlainText() == "second"
    assert session_in(folder).notes == "first"


def test_news_from_the_disk_does_not_come_under_the_hands_of_who_types(
    panel: SessionPanel, folder: Path, qtbot: QtBot
) -> None:
    session = session_in(folder)
    panel.show_session(session)
    panel.notes.setFocus()
    qtbot.keyClicks(panel.notes, "mine")
    changed = SessionEntry(**{**_fields(session), "notes": "theirs", "participant": "Bea"})
    panel.show_session(changed)
    assert (panel.notes.toPlainText(), panel.participant.text()) == ("mine", "Bea")


def test_a_loose_recording_can_be_renamed_and_says_why_not_described(
    panel: SessionPanel, edits: SessionEdits, tmp_path: Path, reader: RealReader, qtbot: QtBot
) -> None:
    place = tmp_path / "loose"
    place.mkdir()
    small_recording(place / "a.h5")
    (place / "a.notes.jsonl").write_text("{}\n")
    (session,) = list_sessions(place)
    panel.show_session(session)
    assert not panel.notes.isEnabled()
    assert "no folder of its own" in panel.hint.text()
    edits.rename(session, "b")
    settle(reader, qtbot)
    assert sorted(path.name for path in place.iterdir()) == ["b.h5", "b.notes.jsonl"]


def test_what_is_thrown_away_is_in_the_trash(
    edits: SessionEdits, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    trash = own_trash(monkeypatch, tmp_path)
    with qtbot.waitSignal(edits.gone) as gone:
        edits.trash([str(folder)])
    assert gone.args == [(str(folder),)]
    assert not folder.exists()
    assert sorted(path.name for path in (trash / "P01").iterdir()) == ["lab.h5", "session.json"]


def test_tags_are_words_between_commas() -> None:
    assert tags_in(" pilot; #left handed,, pilot ,") == ("pilot", "left handed")
    assert tags_in(" ") == ()


def _fields(session: SessionEntry) -> dict[str, object]:
    return {name: getattr(session, name) for name in session.__dataclass_fields__}


def test_undo_in_a_line_does_not_empty_what_was_written_already(
    panel: SessionPanel, folder: Path, reader: RealReader, qtbot: QtBot
) -> None:
    panel.show_session(session_in(folder))
    panel.tags.setFocus()
    qtbot.keyClicks(panel.tags, "pilot, loud")
    qtbot.keyClick(panel.tags, Qt.Key.Key_Return)
    settle(reader, qtbot)
    panel.show_session(session_in(folder))
    qtbot.keyClick(panel.tags, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(panel.tags, Qt.Key.Key_Return)
    settle(reader, qtbot)
    assert session_in(folder).tags == ("pilot", "loud")
