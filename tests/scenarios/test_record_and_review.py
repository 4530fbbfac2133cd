"""The story all stands for: a person opens the studio, records sound and picture, and looks at them.

The studio is a program of its own, clicked through the X server; a known sound plays into a virtual
microphone and a network camera serves frames that carry their number. Pictures of each step are kept in
`artefacts/record-and-review/`.
"""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from studio.formats.payload import PayloadKind
from studio.store import StoreReader, verify
from tests.lab.camera import CameraServer
from tests.lab.microphone import Microphone
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.lab.sound import Samples, chirp, find, write_wav
from tests.lab.studio_window import Rectangle, StudioWindow
from tests.scenarios.evidence import (
    check_frames,
    check_loss_account,
    stored_frames,
    stored_sound,
    stream_of,
)
from tests.scenarios.story import Story
from tests.waiting import wait_until

pytestmark = pytest.mark.story

Picture = NDArray[np.uint8]
CLICK_TOLERANCE_NS = 300_000_000
"""First and last stored frame were served within this of the clicks (decision 37)."""
CLICK_REACH_NS = 50_000_000
"""The last stored sample lies at most this much before the click on Stop (decision 3)."""


@pytest.fixture
def story(screen: Screen, places: Places, tmp_path: Path, microphone: Microphone) -> Iterator[Story]:
    """The studio, opened for the first time by a person with a microphone."""
    with StudioWindow(screen, tmp_path) as window:
        yield Story("record-and-review", window, places)


@pytest.mark.timeout(180)
def test_what_was_played_and_shown_is_recorded_and_can_be_looked_at(
    story: Story, microphone: Microphone, camera_server: CameraServer, tmp_path: Path
) -> None:
    sound = chirp(3.0)
    wav = write_wav(tmp_path / "chirp.wav", sound)
    story.window.wait_for("device_tick_microphone:mic_a")
    story.picture("first-start")
    story.add_camera(camera_server.url)
    wait_until(lambda: len(camera_server.served()) > 30, 20.0, "the camera to be seen alive")
    story.picture("preview")

    begin = story.begin_recording()
    story.play(microphone, wav, until=begin + 2_500_000_000)
    story.picture("recording")
    story.play(microphone, wav, until=begin + 5_000_000_000)
    end, path = story.stop_recording()
    story.picture("stopped")

    _check_recording(path, sound, camera_server, begin, end)
    _check_review(story, path)


def _check_recording(path: Path, sound: Samples, camera: CameraServer, begin: int, end: int) -> None:
    report = verify(path)
    assert report.is_sound, report
    check_loss_account(path)
    with StoreReader(path) as reader:
        microphone = stream_of(reader, PayloadKind.AUDIO, "mic_a")
        recorded = stored_sound(reader, microphone)
        heard_until = next(s.last_time for s in reader.info().streams if s.name == microphone)
        frames = stored_frames(reader, stream_of(reader, PayloadKind.JPEG, "127.0.0.1"))
    assert find(sound, recorded).correlation > 0.99
    assert heard_until >= end - CLICK_REACH_NS
    check_frames(frames, camera.served())
    assert abs(frames[0].send_time - begin) < CLICK_TOLERANCE_NS
    assert abs(frames[-1].send_time - end) < CLICK_TOLERANCE_NS


def _check_review(story: Story, path: Path) -> None:
    """The session is in the list, opens from there, and its picture follows the pointer."""
    with StoreReader(path) as reader:
        names = {stream.name for stream in reader.info().streams}
        camera = stream_of(reader, PayloadKind.JPEG, "127.0.0.1")
    place = story.window.wait_for("sessions_list")
    story.window.screen.click(place.x + place.width // 2, place.y + 88)  # below heading and folder
    story.window.screen.key("Return")
    wait_until(lambda: names <= set(story.panels()), 15.0, "a panel for each stream")
    panels = story.panels()
    sound = next(place for name, place in panels.items() if name != camera)
    early, late = (_screen_at(story, sound, share) for share in (0.2, 0.8))
    assert _inside(early, panels[camera]).std() > 20, "the camera's panel shows no picture"
    changed = np.abs(_inside(early, panels[camera]).astype(int) - _inside(late, panels[camera]))
    assert changed.max() > 60, "the picture does not follow the pointer"
    assert _inside(early, sound).std() > 20, "the microphone's panel shows no waveform"
    assert "message_strip" not in story.window.rectangles(), "the studio complains: see the last picture"


def _screen_at(story: Story, panel: Rectangle, share: float) -> Picture:
    """What the screen shows once the pointer has rested at a share of the time axis."""
    story.window.screen.move(panel.x + int(panel.width * share), panel.y + panel.height // 2)
    shown: list[Picture] = []

    def is_steady() -> bool:
        image = cv2.imread(str(story.window.screen.screenshot(story.scratch)))
        assert image is not None
        shown.append(image.astype(np.uint8, copy=False))
        middle = [_inside(image, panel) for image in shown[-2:]]
        return len(shown) > 3 and np.array_equal(middle[0], middle[1])

    wait_until(is_steady, 10.0, "the picture at the pointer")
    story.picture(f"review-at-{int(share * 100)}-percent")
    return shown[-1]


def _inside(image: Picture, place: Rectangle) -> Picture:
    return image[place.y : place.y + place.height, place.x : place.x + place.width]
