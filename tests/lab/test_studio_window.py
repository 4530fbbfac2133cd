"""The studio opens on the virtual screen, says where its buttons are, and goes without a trace."""

import pytest

from tests.lab.studio_window import StudioWindow
from tests.waiting import wait_until


@pytest.mark.story
def test_a_window_opens_shows_its_buttons_and_ends_when_asked(studio_window: StudioWindow) -> None:
    studio_window.start()
    window = studio_window.wait_for("main_window")
    record = studio_window.wait_for("record_button")
    assert window.x <= record.x < record.x + record.width <= window.x + window.width
    studio_window.terminate()
    assert studio_window.process.exit_code == 0, studio_window.log.read_text()
    studio_window.close()
    assert studio_window.processes() == []


@pytest.mark.story
def test_a_killed_window_leaves_what_it_started_to_be_found_and_ended(studio_window: StudioWindow) -> None:
    studio_window.start()
    wait_until(lambda: len(studio_window.processes()) > 1, 30.0, "the other processes of the studio")
    studio_window.kill()
    assert studio_window.processes() != []
    studio_window.close()
    assert studio_window.processes() == []
