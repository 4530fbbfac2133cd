"""The window and the real recorder, reader and search for devices, on a screen, by keys and signals."""

import signal
from pathlib import Path

import cv2
import pytest

from studio.host.role_names import WINDOW_ENDPOINT_FILE
from studio.host.run_directory import RunDirectory
from studio.store.sidecar import is_being_written
from tests.host.watched import WatchedClient, recorder_pid, wait_for_end
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.ui.running_studio import RunningStudio, is_clean

pytestmark = pytest.mark.story


def test_open_see_record_stop_and_have_a_file(screen: Screen, places: Places, tmp_path: Path) -> None:
    studio = RunningStudio(screen, places, tmp_path)
    with studio.process:
        studio.wait_for(lambda: "timeline" in studio.names(), "the live view")
        studio.press("record_button")
        studio.wait_for(lambda: "status_size" in studio.names(), "the recording")
        studio.stop_recording()
        (path,) = studio.recordings()
        assert studio.end(signal.SIGTERM) == 0, studio.log.read_text()
    assert is_clean(path)
    assert studio.log.read_text() == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_recording_finishes_the_file(
    screen: Screen, places: Places, tmp_path: Path, number: signal.Signals
) -> None:
    studio = RunningStudio(screen, places, tmp_path)
    with studio.process:
        studio.wait_for(lambda: "timeline" in studio.names(), "the live view")
        studio.press("record_button")
        studio.wait_for(lambda: "status_size" in studio.names(), "the recording")
        assert studio.end(number) == 0, studio.log.read_text()
    (path,) = studio.recordings()
    assert is_clean(path)


def test_a_signal_before_the_window_is_there_finishes_the_recording_that_it_would_have_shown(
    screen: Screen, places: Places, tmp_path: Path
) -> None:
    watch = WatchedClient()
    path = watch.record(tmp_path / "recordings")
    recorder = recorder_pid()
    watch.link.close()
    studio = RunningStudio(screen, places, tmp_path / "late")
    with studio.process:
        endpoint = RunDirectory.open().file(WINDOW_ENDPOINT_FILE)
        studio.wait_for(endpoint.exists, "the place of the window")  # it is still being made then
        assert studio.end(signal.SIGTERM) == 0, studio.log.read_text()
    wait_for_end(recorder)
    assert is_clean(path)


def test_closing_asks_and_a_recording_kept_running_is_met_again_and_finished(
    screen: Screen, places: Places, tmp_path: Path
) -> None:
    first = RunningStudio(screen, places, tmp_path)
    with first.process:
        first.wait_for(lambda: "timeline" in first.names(), "the live view")
        screen.key("r")
        first.wait_for(lambda: "status_size" in first.names(), "the recording")
        screen.key("ctrl+q")
        first.wait_for(lambda: "closing_cancel_button" in first.names(), "the question")
        screen.key("Escape")
        first.wait_for(lambda: "closing_cancel_button" not in first.names(), "the end of the question")
        assert "status_size" in first.names()
        screen.key("ctrl+q")
        first.wait_for(lambda: "closing_keep_button" in first.names(), "the question")
        first.press("closing_keep_button")
        assert first.ended() == 0, first.log.read_text()
    (path,) = first.recordings()
    assert is_being_written(path)
    second = RunningStudio(screen, places, tmp_path / "again")
    with second.process:
        second.wait_for(lambda: "status_size" in second.names(), "the recording that goes on")
        screen.key("ctrl+q")
        second.wait_for(lambda: "closing_finish_button" in second.names(), "the question")
        second.press("closing_finish_button")
        assert second.ended() == 0, second.log.read_text()
        second.wait_for_others()
    assert second.recordings() == [path]
    assert is_clean(path)


def test_the_theme_changes_at_once_and_is_remembered(screen: Screen, places: Places, tmp_path: Path) -> None:
    studio = RunningStudio(screen, places, tmp_path)
    with studio.process:
        studio.wait_for(lambda: "timeline" in studio.names(), "the live view")
        dark = _brightness(screen, studio, tmp_path)
        for key, menu in (("alt+v", "view_menu"), ("t", "theme_menu")):
            screen.key(key)
            studio.wait_for(lambda menu=menu: menu in studio.names(), menu)  # type: ignore[misc]
        screen.key("l")
        studio.wait_for(lambda: _brightness(screen, studio, tmp_path) > dark + 60, "the light theme")
        studio.end(signal.SIGTERM)
    again = RunningStudio(screen, places, tmp_path / "again")
    with again.process:
        again.wait_for(lambda: "timeline" in again.names(), "the live view")
        again.wait_for(lambda: _brightness(screen, again, tmp_path) > dark + 60, "the light theme again")
        again.end(signal.SIGTERM)


def _brightness(screen: Screen, studio: RunningStudio, folder: Path) -> float:
    """Of the devices list, 0 to 255."""
    x, y, width, height = studio.names()["devices_dock"]
    picture = cv2.imread(str(screen.screenshot(folder / "screen.png")))
    return float(picture[y : y + height, x : x + width].mean())
