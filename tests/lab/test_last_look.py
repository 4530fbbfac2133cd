"""A studio that does not do what a test waits for explains itself, and is gone."""

from pathlib import Path

import pytest

from tests.lab.last_look import FOLDER, processes_of
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.ui.running_studio import RunningStudio

pytestmark = pytest.mark.story


def test_what_is_waited_for_in_vain_is_explained_and_nothing_goes_on(
    screen: Screen, places: Places, tmp_path: Path
) -> None:
    studio = RunningStudio(screen, places, tmp_path)
    with studio.process:
        studio.wait_for(lambda: "timeline" in studio.names(), "the live view")
        with pytest.raises(AssertionError) as failure:
            studio.wait_for(lambda: False, "what never comes", 0.1)
    told = str(failure.value)
    assert told.startswith("what never comes did not come true")
    for part in ("keyboard: Studio", "record_button", "--role recorder", "recorder.log", "window.log"):
        assert part in told
    # Where the threads of window and recorder stood.
    assert "application.py" in told
    assert "recorder_role.py" in told
    assert processes_of(places.mark) == []
    assert list(FOLDER.glob("test_last_look-py-*.png"))
