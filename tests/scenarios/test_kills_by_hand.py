"""What was done by mouse and keys is there after the window was killed, and can still be taken back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from studio.app.session_description import SessionDescription, read_session, write_session
from studio.app.settings import Settings
from studio.formats.notes import MARKERS
from studio.store.notes_journal import read_notes
from studio.ui.settings.kept_layouts import layouts_path
from studio.ui.undo_memory import undo_path
from tests.ends import wait_for_ends
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.lab.studio_window import StudioWindow
from tests.store.recordings import small_recording
from tests.waiting import wait_until

pytestmark = pytest.mark.story

PANEL = "panel_sound"


@pytest.fixture
def recording(places: Places) -> Path:
    """A session that nobody has described; the settings that list it."""
    session = places.home / "sessions" / "P01"
    session.mkdir(parents=True)
    small_recording(session / "lab.h5")
    write_session(session, SessionDescription(id="1", name="P01", created=1))
    Settings(recordings_folder=str(session.parent), first_start=False, ticked=()).save()
    return session / "lab.h5"


class Desk:
    """A person before the window, and what the disk says of what that person did."""

    def __init__(self, window: StudioWindow, recording: Path) -> None:
        self.window, self.screen, self._recording = window, window.screen, recording

    def is_described(self, participant: str, notes: str) -> Callable[[], bool]:
        def told() -> bool:
            found = read_session(self._recording.parent)
            return found is not None and (found.participant, found.notes) == (participant, notes)

        return told

    def notes(self) -> set[tuple[str, str]]:
        """Track and words of each."""
        return {(note.track, note.text) for note in read_notes(self._recording).notes}

    def layouts(self) -> dict[str, Any]:
        place = layouts_path()
        return dict(json.loads(place.read_text(encoding="utf-8"))) if place.exists() else {}

    def kept_heights(self) -> set[int]:
        last = self.layouts().get("last", {})
        return {panel["height"] for layout in last.values() for panel in layout} - {0}

    def until(self, condition: Callable[[], bool], what: str) -> None:
        wait_until(lambda: condition() or not self.window.process.is_alive, 30.0, what)
        assert condition(), f"{what}: {self.window.log.read_text(errors='replace')}"

    def until_noted(self, *notes: tuple[str, str]) -> None:
        self.until(lambda: self.notes() == set(notes), f"the notes {notes}")

    def press_until(self, key: str, condition: Callable[[], bool], what: str) -> None:
        """Press a key of the window, once, and wait for what it does."""
        self.screen.key(key)
        self.until(condition, what)

    def open(self) -> None:
        """Start the studio with the recording."""
        self.window.start()
        self.until(lambda: "plot_words" in self.window.rectangles(), "the recording on screen")

    def readers(self) -> list[psutil.Process]:
        return [process for process in self.window.processes() if "reader" in process.cmdline()]

    def kill_readers(self) -> None:
        readers = self.readers()
        for process in readers:
            process.kill()
        wait_for_ends(readers)

    def height(self) -> int:
        found = self.window.rectangles().get(PANEL)
        return found.height if found is not None else 0


@pytest.fixture
def desk(studio_window: StudioWindow, screen: Screen, recording: Path, tmp_path: Path) -> Desk:
    window = StudioWindow(screen, tmp_path, arguments=(str(recording),))
    return Desk(window, recording)


@pytest.mark.timeout(180)
def test_what_was_done_is_there_after_a_kill_and_can_be_taken_back_one_by_one(desk: Desk) -> None:
    with desk.window:
        desk.until(lambda: "plot_words" in desk.window.rectangles(), "the recording on screen")
        _describe(desk)
        _note(desk)
        usual = desk.height()
        _arrange(desk)
        arranged = desk.height()
        desk.window.kill()

        assert desk.is_described("Ada", "fell asleep")()
        assert desk.notes() == {(MARKERS, "looks away"), ("Notes", "")}
        desk.open()
        desk.until(lambda: abs(desk.height() - arranged) <= 2, "the panel as high as it was")
        desk.until(lambda: "session_participant" in desk.window.rectangles(), "the inspector of the session")
        _take_all_back(desk, usual)


@pytest.mark.timeout(180)
def test_what_was_seen_and_not_yet_written_at_the_kill_is_written_by_the_next_window(desk: Desk) -> None:
    with desk.window:
        desk.until(lambda: "plot_words" in desk.window.rectangles(), "the recording on screen")
        desk.window.click("timeline_ruler")
        desk.screen.key("m")
        desk.window.wait_for("note_text_line")
        desk.until_noted((MARKERS, ""))
        desk.screen.type("yawns")
        for reader in desk.readers():
            reader.suspend()
        desk.screen.key("Return")
        kept = undo_path()
        desk.until(lambda: "yawns" in kept.read_text(encoding="utf-8"), "the words to be seen")
        desk.window.kill()
        desk.kill_readers()

        assert desk.notes() == {(MARKERS, "")}
        desk.open()
        desk.until_noted((MARKERS, "yawns"))
        desk.window.click("timeline_ruler")
        desk.press_until("ctrl+z", lambda: desk.notes() == {(MARKERS, "")}, "the marker without words")


def _describe(desk: Desk) -> None:
    """The recording that was opened is the session that is described; its reader dies meanwhile."""
    desk.screen.key("ctrl+d")
    desk.window.click("session_participant")
    desk.screen.type("Ada")
    desk.screen.key("Tab")
    desk.until(desk.is_described("Ada", ""), "the participant")
    desk.kill_readers()
    desk.window.click("session_notes")
    desk.screen.type("fell asleep")
    desk.until(desk.is_described("Ada", "fell asleep"), "the notes of the session")


def _note(desk: Desk) -> None:
    """A marker with words; a note whose words are taken back, and which is then taken back and made again."""
    desk.window.click("timeline_ruler")
    desk.screen.key("m")
    desk.window.wait_for("note_text_line")
    desk.screen.type("looks away")
    desk.kill_readers()
    desk.screen.key("Return")
    marker = (MARKERS, "looks away")
    desk.until_noted(marker)
    place = desk.window.wait_until_still("plot_sound")
    quarter, middle = place.width // 4, place.centre[1]
    desk.screen.drag((place.x + quarter, middle), (place.x + 2 * quarter, middle), modifier="shift")
    desk.screen.key("n")
    desk.window.wait_for("note_text_line")
    desk.screen.type("talks")
    desk.screen.key("Return")
    desk.until_noted(marker, ("Notes", "talks"))
    desk.screen.key("ctrl+z")
    desk.until_noted(marker, ("Notes", ""))
    desk.screen.key("ctrl+z")
    desk.until_noted(marker)
    desk.screen.key("ctrl+shift+z")
    desk.until_noted(marker, ("Notes", ""))


def _arrange(desk: Desk) -> None:
    """A panel is made higher, and all panels get a name together."""
    place = desk.window.wait_until_still(PANEL)  # the row of a note that was taken back may still go
    before = place.height
    foot = (place.centre[0], place.y + place.height + 1)
    desk.screen.drag(foot, (foot[0], foot[1] + 60))
    desk.until(lambda: desk.height() > before + 40 and bool(desk.kept_heights()), "a higher panel")
    desk.screen.key("alt+l", "s")
    desk.window.wait_for("layout_name_dialog")
    desk.screen.type("mine")
    desk.screen.key("Return")
    desk.until(lambda: "mine" in desk.layouts()["named"], "the layout with a name")


def _take_all_back(desk: Desk, usual: int) -> None:
    """In the window that was started after the kill."""
    marker = (MARKERS, "looks away")
    desk.window.click("timeline_ruler")
    desk.press_until("ctrl+z", lambda: not desk.layouts()["named"], "no layout of that name")
    desk.press_until("ctrl+z", lambda: abs(desk.height() - usual) <= 2, "the panel as it was at first")
    desk.press_until("ctrl+z", lambda: desk.notes() == {marker}, "the note to be gone")
    desk.press_until("ctrl+shift+z", lambda: len(desk.notes()) == 2, "the note again")
    desk.press_until("ctrl+z", lambda: desk.notes() == {marker}, "the note to be gone again")
    desk.press_until("ctrl+z", lambda: desk.notes() == {(MARKERS, "")}, "the marker without words")
    desk.press_until("ctrl+z", lambda: desk.notes() == set(), "no marker")
    desk.press_until("ctrl+z", desk.is_described("Ada", ""), "no notes of the session")
    desk.press_until("ctrl+z", desk.is_described("", ""), "no participant")
