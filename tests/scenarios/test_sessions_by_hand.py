"""Sessions are found, opened, dragged from, renamed and described by mouse and keys; a kill loses nothing."""

from pathlib import Path

import pytest

from studio.app.session_description import SessionDescription, read_session, write_session
from studio.app.settings import Settings
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.lab.studio_window import StudioWindow
from tests.store.recordings import small_recording
from tests.waiting import wait_until

pytestmark = pytest.mark.story

ROW_HEIGHT, FIRST_ROW = 40, 58
"""Pixels from the top of the list to the middle of the row below that of the folder."""


@pytest.fixture
def folder(places: Places) -> Path:
    """Three sessions of which one is tagged; the settings that list them."""
    made = places.home / "sessions"
    for number, tag in ((1, "pilot"), (2, ""), (3, "")):
        place = made / f"P0{number}"
        place.mkdir(parents=True)
        small_recording(place / "lab.h5")
        described = SessionDescription(
            id=f"{number}", name=f"P0{number}", created=number, tags=(tag,) if tag else ()
        )
        write_session(place, described)
    Settings(recordings_folder=str(made), first_start=False, ticked=()).save()
    return made


def pick(window: StudioWindow, row: int, *, across: int = 100) -> tuple[int, int]:
    """Click on a row. Twice at one place, soon after each other, would be a double click."""
    place = window.wait_for("sessions_list")
    point = (place.x + across, place.y + row)
    window.screen.click(*point)
    return point


def drag_a_stream(window: StudioWindow) -> None:
    """Open the session up, and drag its second stream below the panels that are there."""
    x, y = pick(window, FIRST_ROW, across=140)
    window.screen.key("Right")
    before, target = window.wait_for("panel_sound"), window.wait_for("timeline")

    def has_room_for_another() -> bool:
        return window.rectangles()["panel_sound"].height < before.height

    def try_it() -> bool:
        window.screen.drag((x, y + 3 * ROW_HEIGHT), (target.centre[0], target.y + target.height - 60))
        try:
            wait_until(has_room_for_another, 3, "one more panel")
        except AssertionError:
            return False  # the streams had not come yet
        return True

    wait_until(try_it, 30, "one more panel for the stream")


def notes_of(folder: Path) -> str:
    found = read_session(folder) if folder.exists() else None
    return found.notes if found is not None else ""


def test_a_session_is_found_opened_and_described_by_hand(
    studio_window: StudioWindow, screen: Screen, folder: Path
) -> None:
    window = studio_window
    window.start()
    window.wait_for("sessions_list")
    screen.key("ctrl+f")
    screen.type("tag:pilot")
    screen.key("Return")
    pick(window, FIRST_ROW)
    screen.key("Return")
    wait_until(lambda: "plot_words" in window.rectangles(), 20, "the session on screen")
    drag_a_stream(window)
    pick(window, FIRST_ROW)
    screen.key("F2")
    window.wait_for("rename_dialog")
    screen.type("Pilot one")
    screen.key("Return")
    renamed = folder / "Pilot one"
    wait_until(renamed.exists, 20, "the new name of the folder")
    pick(window, FIRST_ROW)
    screen.key("ctrl+z")
    wait_until((folder / "P01").exists, 20, "the old name of the folder")
    screen.key("ctrl+shift+z")
    wait_until(renamed.exists, 20, "the new name again")
    screen.key("ctrl+d")
    window.wait_until_still("session_notes")
    window.click("session_notes")
    screen.type("fell asleep twice")
    wait_until(lambda: notes_of(renamed) == "fell asleep twice", 20, "the notes")
    window.kill()
    assert notes_of(renamed) == "fell asleep twice"
