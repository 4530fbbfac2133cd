"""Markers by real keys on a real screen while the real recorder records, and after its violent end."""

import os
import signal
from pathlib import Path

import psutil
import pytest

from studio.store.notes_journal import read_notes
from tests.ends import wait_for_ends
from tests.host.watched import recorder_pid
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.ui.running_studio import RunningStudio, is_clean

pytestmark = pytest.mark.story


def texts(path: Path) -> list[str]:
    return [note.text for note in read_notes(path).notes]


def test_keys_mark_a_recording_and_letters_of_words_are_no_keys(
    screen: Screen, places: Places, tmp_path: Path
) -> None:
    studio = RunningStudio(screen, places, tmp_path)
    with studio.process:
        studio.wait_for(lambda: "timeline" in studio.names(), "the live view")
        screen.key("r")
        studio.wait_for(lambda: "status_size" in studio.names(), "the recording")
        (path,) = studio.recordings()
        screen.key("m")
        studio.wait_for(lambda: "note_text_line" in studio.names(), "the field for words")
        screen.type("rs prl 12")
        screen.key("Return")
        studio.wait_for(lambda: texts(path) == ["rs prl 12"], "the words in the file")
        screen.key("3")
        studio.wait_for(lambda: texts(path) == ["rs prl 12", "Stimulus"], "the marker with words")
        screen.key("m")
        studio.wait_for(lambda: len(texts(path)) == 3, "the marker without words")
        screen.key("Escape")
        studio.wait_for(lambda: "note_text_line" not in studio.names(), "the end of the field")
        screen.key("s")
        studio.wait_for(lambda: "status_size" not in studio.names(), "the end of the recording")
        assert studio.end(signal.SIGTERM) == 0, studio.log.read_text()
    assert is_clean(path)
    assert texts(path) == ["rs prl 12", "Stimulus", ""]


def test_markers_survive_the_kill_of_window_and_recorder(
    screen: Screen, places: Places, tmp_path: Path
) -> None:
    studio = RunningStudio(screen, places, tmp_path)
    with studio.process:
        studio.wait_for(lambda: "timeline" in studio.names(), "the live view")
        screen.key("r", "1")  # the recording has not begun when the second key comes
        studio.wait_for(lambda: "status_size" in studio.names(), "the recording")
        (path,) = studio.recordings()
        for count in range(1, 4):
            if count > 1:
                screen.key("1")
            studio.wait_for(lambda count=count: len(texts(path)) == count, "the marker")  # type: ignore[misc]
        window, recorder = psutil.Process(studio.process.pid), recorder_pid()
        others = window.children(recursive=True)
        os.kill(window.pid, signal.SIGKILL)
        os.kill(recorder, signal.SIGKILL)
        wait_for_ends([window, *others])
        studio.wait_for_others()
    assert texts(path) == ["Begin"] * 3
    assert read_notes(path).unreadable == 0
