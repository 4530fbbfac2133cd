"""A person at the studio: what they click, and a picture of the screen after each step."""

import time
from pathlib import Path

import cv2
import h5py
import numpy as np
from numpy.typing import NDArray

from tests.lab.camera import PROJECT
from tests.lab.microphone import Microphone
from tests.lab.places import Places
from tests.lab.studio_window import Rectangle, StudioWindow
from tests.waiting import wait_until

Picture = NDArray[np.uint8]
ARTEFACTS = PROJECT / "artefacts"


class Story:
    """Drives one window from the outside only; pictures go to `artefacts/<name>/`."""

    def __init__(self, name: str, window: StudioWindow, places: Places) -> None:
        self.window = window
        self._places = places
        self._folder = ARTEFACTS / name
        self._step = 0
        self._folder.mkdir(parents=True, exist_ok=True)
        self.scratch = self._folder / "newest.png"

    def picture(self, name: str) -> Path:
        """Keep what the screen shows."""
        self._step += 1
        return self.window.screen.screenshot(self._folder / f"{self._step:02d}-{name}.png")

    def recordings(self) -> list[Path]:
        """Every recording's file below the person's home."""
        return sorted(self._places.home.rglob("*.h5"))

    def add_camera(self, url: str) -> None:
        """Type the address of a camera as a person does."""
        self.window.click("add_camera_button")
        self.window.click("camera_line")
        self.window.screen.type(url)
        self.picture("adding-a-camera")
        self.window.click("camera_add_button")

    def begin_recording(self) -> int:
        """Click Record and wait for the file; the wall clock (ns UTC) of the click."""
        clicked = time.time_ns()
        self.window.click("record_button")
        wait_until(lambda: bool(self.recordings()), 10.0, "a file to be written")
        return clicked

    def stop_recording(self) -> tuple[int, Path]:
        """Click Stop and wait until the file is closed; the wall clock of the click, and the file."""
        clicked = time.time_ns()
        self.window.click("stop_button")
        path = self.recordings()[-1]
        wait_until(lambda: is_closed_properly(path), 15.0, "the recording to be closed")
        return clicked, path

    def play(self, microphone: Microphone, wav: Path, *, until: int) -> None:
        """Play a sound into the microphone, and go on until the wall clock shows `until` (ns UTC)."""
        with microphone.play_meanwhile(wav) as playing:
            wait_until(lambda: not playing.is_alive, 30.0, "the end of the sound")
        wait_until(lambda: time.time_ns() >= until, 30.0, "the end of the recording")

    def wait_until(self, time_of_day: int) -> None:
        """Do nothing until the wall clock shows `time_of_day` (ns UTC)."""
        wait_until(lambda: time.time_ns() >= time_of_day, 60.0, "a time of day")

    def choose(self, box: str, text: str) -> None:
        """Open a box of choices, and pick the one that begins with `text`."""
        self.window.click(box)
        self.window.screen.type(text)
        self.window.screen.key("Return")

    def steady(self, place: Rectangle) -> Picture:
        """What stands there on the screen once it does not change any more."""
        seen = [self.seen(place)]

        def is_steady() -> bool:
            seen.append(self.seen(place))
            return len(seen) > 2 and np.array_equal(seen[-1], seen[-2])

        wait_until(is_steady, 10.0, "a picture that stands still")
        return seen[-1]

    def wait_for_change(self, place: Rectangle, before: Picture) -> None:
        """Until something else stands there."""
        wait_until(lambda: not np.array_equal(self.seen(place), before), 10.0, "a change on the screen")

    def seen(self, place: Rectangle) -> Picture:
        """What stands there on the screen now."""
        image = cv2.imread(str(self.window.screen.screenshot(self.scratch)))
        assert image is not None
        return image[place.y : place.y + place.height, place.x : place.x + place.width].astype(np.uint8)

    def settled_panels(self) -> dict[str, Rectangle]:
        """The plots, once nothing has moved for half a second: rows above them may still be coming."""
        seen: list[tuple[float, dict[str, Rectangle]]] = []

        def has_settled() -> bool:
            now = self.panels()
            if not seen or seen[-1][1] != now:
                seen.append((time.monotonic(), now))
            return time.monotonic() - seen[-1][0] > 0.5

        wait_until(has_settled, 20.0, "panels that stay where they are")
        return seen[-1][1]

    def panels(self) -> dict[str, Rectangle]:
        """The plots that are visible, by the name of their stream."""
        found = self.window.rectangles()
        return {name[5:]: place for name, place in found.items() if name.startswith("plot_")}


def is_closed_properly(path: Path) -> bool:
    """Whether the file says that it was closed; False while it is being written."""
    try:
        with h5py.File(path, "r", swmr=True, locking=False) as file:
            return bool(file.attrs["clean"])
    except OSError:
        return False
