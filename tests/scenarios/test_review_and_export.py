"""A person records, looks closer, selects with the mouse, plays it over and over, and takes it along.

The studio is a program of its own, clicked through the X server. What it painted when is taken from its own
log of painted pictures; what it recorded and exported is read by others. Pictures of each step are kept in
`artefacts/review-and-export/`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from studio.store import StoreReader
from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.lab.studio_window import Rectangle, StudioWindow
from tests.scenarios.story import Picture, Story
from tests.waiting import wait_until

pytestmark = pytest.mark.story

CAMERA = "Simulated camera"
SOUND = "Simulated microphone"
SELECTED = (0.30, 0.60)
"""Of the width of a panel that shows the whole session."""


@dataclass(frozen=True, slots=True)
class Painted:
    """One picture on the screen."""

    monotonic: int
    time: int


class Pictures:
    """What the window has painted so far."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> list[Painted]:
        """In the order of painting; the same picture painted again is not a new one."""
        whole_lines = self._path.read_text(encoding="utf-8").rpartition("\n")[0]
        lines = map(json.loads, whole_lines.splitlines())
        painted = [Painted(line["monotonic"], line["time"]) for line in lines if line["stream"] == CAMERA]
        return [now for before, now in pairwise([Painted(0, 0), *painted]) if now.time != before.time]

    def since(self, monotonic: int) -> list[Painted]:
        """From a moment on."""
        return [picture for picture in self.all() if picture.monotonic >= monotonic]

    def are_still(self) -> bool:
        """Whether nothing new was painted for a third of a second."""
        return monotonic_ns() - self.all()[-1].monotonic > NS_PER_S // 3


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    """The log of painted pictures, still empty."""
    path = tmp_path / "painted.jsonl"
    path.touch()
    return Pictures(path)


@pytest.fixture
def story(screen: Screen, places: Places, tmp_path: Path, pictures: Pictures) -> Iterator[Story]:
    """The studio, opened by a person without any hardware."""
    arguments = ("--report-pictures", str(tmp_path / "painted.jsonl"))
    with StudioWindow(screen, tmp_path, arguments=arguments) as window:
        yield Story("review-and-export", window, places)


@pytest.mark.timeout(180)
def test_a_selection_is_made_played_over_and_over_and_taken_along(story: Story, pictures: Pictures) -> None:
    path = _record(story, seconds=6)
    times = _picture_times(path)
    story.window.wait_for("playback_bar")
    # What it says at a first start stands above the panels, and goes by itself.
    wait_until(lambda: "message_strip" not in story.window.rectangles(), 30.0, "the end of the message")
    panel = story.settled_panels()[SOUND]

    _look_closer_and_back(story, panel)
    selected = _select(story, panel, path)
    _play_over_and_over(story, pictures, selected)
    _stand_still_and_step(story, pictures, times)


def _record(story: Story, *, seconds: int) -> Path:
    story.window.wait_for("device_tick_simulated:microphone")
    story.window.wait_for("timeline")
    begin = story.begin_recording()
    story.wait_until(begin + seconds * NS_PER_S)
    _, path = story.stop_recording()
    return path


def _picture_times(path: Path) -> list[int]:
    with StoreReader(path) as reader:
        return [int(time) for time in reader.times(CAMERA, 0, 2**62, 10**6)]


def _look_closer_and_back(story: Story, panel: Rectangle) -> None:
    """The wheel shows less time, the key 0 all of it again."""
    story.window.screen.move(*panel.centre)
    whole = story.steady(panel)
    story.window.screen.scroll(*panel.centre, steps=6)
    story.wait_for_change(panel, whole)
    apart = _difference(story.steady(panel), whole)
    story.picture("closer")
    story.window.screen.key("0")
    wait_until(lambda: _difference(story.steady(panel), whole) < apart / 4, 10.0, "the whole again")


def _difference(one: Picture, other: Picture) -> float:
    """Mean difference of two pictures; the line of the cursor is next to nothing in it."""
    return float(np.abs(one.astype(float) - other).mean())


def _select(story: Story, panel: Rectangle, path: Path) -> tuple[int, int]:
    """Drag over part of a panel with Shift; about which times that is."""
    places = [panel.x + int(panel.width * share) for share in SELECTED]
    middle = panel.centre[1]
    story.window.screen.drag((places[0], middle), (places[1], middle), modifier="shift")
    story.picture("selected")
    with StoreReader(path) as reader:
        info = reader.info()
    span = info.last_time - info.first_time
    begin, end = (info.first_time + int(span * share) for share in SELECTED)
    return begin - span // 50, end + span // 50  # the view has a little air at both ends


def _play_over_and_over(story: Story, pictures: Pictures, selected: tuple[int, int]) -> None:
    """Twice as fast, in a loop: only what is selected, in order, at that speed."""
    story.window.screen.key("l")
    story.window.screen.scroll(*story.window.wait_for("speed_box").centre, steps=-1)  # from 1x to 2x
    began = monotonic_ns()
    story.window.screen.key("ctrl+space")
    wait_until(lambda: len(_laps(pictures.since(began))) >= 5, 30.0, "the fifth lap")
    story.picture("playing")
    laps = _laps(pictures.since(began))[:-1]
    assert all(selected[0] <= lap[0].time <= lap[-1].time <= selected[1] for lap in laps)
    lap = max(laps, key=_covered)  # a busy machine is late with some first pictures
    assert _covered(lap) > 0.7 * (selected[1] - selected[0])
    assert _speed(lap) == pytest.approx(2.0, rel=0.2)


def _covered(lap: list[Painted]) -> int:
    """Recorded time from the first picture to the last."""
    return lap[-1].time - lap[0].time


def _speed(lap: list[Painted]) -> float:
    """Recorded time per time, over all but the first pictures, which may come late."""
    begin, rest = lap[0], lap[len(lap) // 5 :]
    passed = [picture.monotonic - begin.monotonic for picture in rest]
    return float(np.polyfit(passed, [picture.time - begin.time for picture in rest], 1)[0])


def _laps(painted: list[Painted]) -> list[list[Painted]]:
    """Pictures between two goings-back."""
    laps: list[list[Painted]] = [[]]
    for before, now in pairwise(painted):
        if now.time < before.time - 100 * NS_PER_MS:
            laps.append([])
        laps[-1].append(now)
    return laps


def _stand_still_and_step(story: Story, pictures: Pictures, times: list[int]) -> None:
    """Space stands still; a step is exactly one picture."""
    story.window.screen.key("space")
    wait_until(pictures.are_still, 10.0, "a picture that stands still")
    shown = pictures.all()[-1].time
    story.window.click("play_step_on_button")
    wait_until(lambda: pictures.all()[-1].time != shown, 10.0, "the next picture")
    story.picture("stepped")
    assert pictures.all()[-1].time == times[times.index(shown) + 1]
    story.window.click("play_step_back_button")
    wait_until(lambda: pictures.all()[-1].time == shown, 10.0, "the picture before")
