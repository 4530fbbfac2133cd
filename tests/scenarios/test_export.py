"""A person selects a stretch of a recording with the mouse and takes it along as a film.

The film is read with other programs: its pictures are those of the selection, and each clap is heard when its
flash is seen. Pictures of each step are kept in `artefacts/export/`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.operations.test_export_film import clap_and_flash, decoded, frame_times
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.lab.studio_window import StudioWindow
from tests.scenarios.story import Story
from tests.store.recordings import SECOND, T0
from tests.waiting import wait_until

pytestmark = pytest.mark.story

SELECTED = (0.10, 0.60)
"""Of the width of a panel that shows the whole recording."""


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """A recording of claps and flashes, in a folder of its own."""
    (tmp_path / "session").mkdir()
    return clap_and_flash(tmp_path / "session" / "scene.h5")


@pytest.fixture
def story(screen: Screen, places: Places, tmp_path: Path, scene: Path) -> Iterator[Story]:
    """The studio, opened with that recording."""
    with StudioWindow(screen, tmp_path, arguments=(str(scene),)) as window:
        yield Story("export", window, places)


@pytest.mark.timeout(180)
def test_a_selection_becomes_a_film_in_which_claps_and_flashes_agree(story: Story, scene: Path) -> None:
    story.window.wait_for("playback_bar")
    wait_until(lambda: "microphone" in story.panels(), 20.0, "the panels")
    panel = story.settled_panels()["microphone"]
    story.steady(panel)
    places = [panel.x + int(panel.width * share) for share in SELECTED]
    story.window.screen.drag((places[0], panel.centre[1]), (places[1], panel.centre[1]), modifier="shift")
    story.picture("selected")
    story.window.screen.key("ctrl+shift+e")
    story.window.wait_for("export_start")
    story.choose("export_choice", "Film with sound (MP4")
    story.window.wait_for("export_quality")
    story.picture("asked")
    story.window.click("export_start")
    film = scene.with_name("scene film.mp4")
    wait_until(film.exists, 60.0, "the film")
    story.window.wait_for("message_action")
    story.picture("told")
    shown, flashes, claps = decoded(film)
    assert len(flashes) == len(claps) == 2  # the third is behind the selection
    assert max(abs(clap - flash) for clap, flash in zip(claps, flashes, strict=True)) < 0.005
    whole = (frame_times()[-1] - T0) / SECOND + 0.3
    assert shown[-1] == pytest.approx((SELECTED[1] - SELECTED[0]) * whole, rel=0.2)
    names = sorted(path.name for path in scene.parent.iterdir())
    assert names == ["scene film.json", "scene film.mp4", "scene.h5"]
