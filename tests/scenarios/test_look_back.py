"""A person records, looks back meanwhile, plays what was looked at, returns to the newest, and stops.

All by mouse and keys; pictures of each step are kept in `artefacts/look-back/`.
"""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from studio.store import StoreReader, verify
from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.lab.studio_window import Rectangle, StudioWindow
from tests.scenarios.evidence import check_loss_account
from tests.scenarios.story import Story
from tests.waiting import wait_until

pytestmark = pytest.mark.story

CAMERA = "Simulated camera"
SOUND = "Simulated microphone"
SECONDS = 5
"""Recorded before anybody looks back."""


@pytest.fixture
def painted(tmp_path: Path) -> Path:
    """The log of stored pictures that were painted, still empty."""
    path = tmp_path / "painted.jsonl"
    path.touch()
    return path


@pytest.fixture
def story(screen: Screen, places: Places, tmp_path: Path, painted: Path) -> Iterator[Story]:
    """The studio, opened by a person without any hardware."""
    with StudioWindow(screen, tmp_path, arguments=("--report-pictures", str(painted))) as window:
        yield Story("look-back", window, places)


def played(log: Path, since: int) -> list[int]:
    """Times of the camera's pictures that were painted since a monotonic moment."""
    whole_lines = log.read_text(encoding="utf-8").rpartition("\n")[0]
    lines = map(json.loads, whole_lines.splitlines())
    return [line["time"] for line in lines if line["stream"] == CAMERA and line["monotonic"] >= since]


@pytest.mark.timeout(180)
def test_who_records_looks_back_plays_that_and_returns_to_the_newest(story: Story, painted: Path) -> None:
    story.window.wait_for("device_tick_simulated:microphone")
    story.window.wait_for("timeline")
    begun = story.begin_recording()
    story.wait_until(begun + SECONDS * NS_PER_S)

    held = _hold(story)
    looked_until = _newest_second(begun)
    _play_what_is_held(story, painted, begun)
    _return_to_the_newest(story, held)
    stopped, path = story.stop_recording()

    with StoreReader(path) as reader:
        camera = next(stream for stream in reader.info().streams if stream.name == CAMERA)
    assert camera.first_time < begun + SECONDS * NS_PER_S // 2  # a device may need a moment on a busy machine
    assert looked_until < stopped - NS_PER_S < camera.last_time  # it went on all the time
    assert verify(path).is_sound
    check_loss_account(path)


def _newest_second(begun: int) -> int:
    return begun + SECONDS * NS_PER_S


def _hold(story: Story) -> Rectangle:
    """Drag the live view to the right: it stands still while the recording goes on."""
    panel = story.settled_panels()[SOUND]
    middle = panel.centre[1]
    story.window.screen.drag((panel.x + panel.width // 3, middle), (panel.x + panel.width // 2, middle))
    story.steady(panel)
    story.picture("held")
    assert "status_size" in story.window.rectangles()
    return panel


def _play_what_is_held(story: Story, painted: Path, begun: int) -> None:
    """Only what was in view when it was clicked, in order, of the file that is still written."""
    clicked = monotonic_ns()
    looked = story.recordings()[-1]
    story.window.click("play_seen_button")
    story.window.wait_for("playback_bar")
    wait_until(lambda: _longest_run(played(painted, clicked)) > NS_PER_S, 60.0, "a second of it to be played")
    story.picture("playing")
    times = played(painted, clicked)
    assert min(times) >= begun - NS_PER_S
    assert max(times) <= begun + 60 * NS_PER_S
    assert story.recordings() == [looked]
    assert "status_size" in story.window.rectangles()


def _longest_run(times: list[int]) -> int:
    """How long it was played in one go, in time of the recording: pictures follow each other closely."""
    longest = run = 0
    for before, now in pairwise(times):
        run = run + now - before if 0 <= now - before <= 500 * NS_PER_MS else 0
        longest = max(longest, run)
    return longest


def _return_to_the_newest(story: Story, panel: Rectangle) -> None:
    """The key of the live view; what is seen changes on and on."""
    story.window.screen.key("ctrl+l")
    story.window.wait_for("live_button")
    wait_until(lambda: "playback_bar" not in story.window.rectangles(), 20.0, "the live view")
    panel = story.settled_panels()[SOUND]
    for _ in range(2):
        story.wait_for_change(panel, story.seen(panel))
    story.picture("newest")
