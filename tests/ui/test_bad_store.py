"""Recordings that are cut off or disappear under a whole window that shows, plays and notes them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.app.status import Severity
from studio.formats.payload import PayloadKind, StreamFormat
from studio.ui.timeline import growth
from tests.store.recordings import MS, SECOND, T0, small_recording, write_recording
from tests.ui.notes.note_studio import LONG, NoteStudio

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise")
"""What the screenless platform says."""
WORDS = StreamFormat(PayloadKind.STRING)


@pytest.fixture
def studio(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NoteStudio]:
    monkeypatch.setattr(growth, "STILL_INTERVAL_MS", 100)
    made = NoteStudio(qtbot, qapp, tmp_path)
    long = {"words": (WORDS, [(T0 + n * MS, f"word {n}" * 20) for n in range(4000)])}
    made.path.unlink()
    write_recording(made.path, long)
    yield made
    made.close()


def troubles(studio: NoteStudio) -> list[str]:
    history = studio.window.messages.log.history
    return [one.text for one in history if one.severity is not Severity.NOTE and studio.path.name in one.text]


def is_alive(studio: NoteStudio, tmp_path: Path) -> None:
    """It draws, walks along time, and shows another recording as if nothing had happened."""
    navigator = studio.window.timeline.navigator
    for move in (navigator.zoom_in, navigator.go_end, navigator.go_home, navigator.zoom_session):
        move()
        assert not studio.window.grab().isNull()
    other = small_recording(tmp_path / "other.h5")
    studio.window.stage.show_recording(str(other))
    studio.qtbot.waitUntil(
        lambda: [info.path for info in studio.window.timeline.recordings] == [str(other)], timeout=LONG
    )
    assert not studio.window.grab().isNull()


def begin(studio: NoteStudio) -> None:
    """It is shown and played, and something of it is noted."""
    studio.show()
    studio.select(T0 + SECOND, T0 + 2 * SECOND)
    studio.press("new_note")
    studio.type("seen")
    studio.settled()
    studio.press("play_from_start")
    studio.qtbot.waitUntil(lambda: studio.window.playback.is_playing, timeout=LONG)


def test_a_recording_that_is_cut_off_is_told_of_and_costs_no_note(studio: NoteStudio, tmp_path: Path) -> None:
    begin(studio)
    with studio.path.open("r+b") as file:
        file.truncate(studio.path.stat().st_size // 3)
    studio.qtbot.waitUntil(lambda: bool(troubles(studio)), timeout=LONG)
    assert [note.text for note in studio.stored.notes] == ["seen"]
    is_alive(studio, tmp_path)


def test_a_recording_that_disappears_is_told_of_and_costs_no_note(studio: NoteStudio, tmp_path: Path) -> None:
    begin(studio)
    studio.path.unlink()
    studio.qtbot.waitUntil(lambda: any("gone" in text for text in troubles(studio)), timeout=LONG)
    studio.window.timeline.navigator.move_cursor(T0 + 3 * SECOND)
    assert [note.text for note in studio.stored.notes] == ["seen"]
    is_alive(studio, tmp_path)
