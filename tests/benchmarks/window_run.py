"""The studio in a laboratory of its own for benchmarks: screen, microphone, camera, settings, clicks."""

import compileall
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from studio.app.settings import Settings
from studio.app.settings_file import settings_path
from studio.devices.camera_target import camera_from
from studio.devices.device import DeviceSettings
from studio.store.sidecar import sidecar_path
from tests.lab.camera import PROJECT, CameraServer
from tests.lab.microphone import Microphone
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.lab.studio_window import StudioWindow
from tests.waiting import wait_until

SENSOR = "simulated:signal"
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Laboratory:
    """Where the studio runs."""

    folder: Path
    places: Places
    screen: Screen
    camera: CameraServer

    def recordings(self) -> list[Path]:
        """Every recording's file, the newest last."""
        return sorted(self.places.home.rglob("*.h5"), key=lambda path: path.stat().st_ctime)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recording that was begun and ended by clicks; moments in ns of the wall clock."""

    path: Path
    record_clicked: int
    stop_clicked: int
    closed: int
    """When the file was whole, on the disk, and let go of."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of an event loop; ns, the moment of the monotonic clock."""

    ended: int
    used: int
    """Of a processor."""
    waited: int
    """For one."""


@contextmanager
def laboratory() -> Iterator[Laboratory]:
    """All of it, and the settings of somebody who has chosen microphone, camera and 16 channels of 1 kHz."""
    before = dict(os.environ)
    compileall.compile_dir(PROJECT / "studio", quiet=2)  # as installing does
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        places = stack.enter_context(Places.make())
        stack.callback(_restore, before)
        os.environ.update(places.environment())
        screen = stack.enter_context(Screen.open(folder))
        microphone = stack.enter_context(Microphone(places.runtime))
        os.environ["ALSA_CONFIG_PATH"] = str(microphone.write_alsa_config())
        camera = stack.enter_context(CameraServer(folder, width=1920, height=1080, fps=30.0))
        _choose(camera.url, microphone.name)
        yield Laboratory(folder, places, screen, camera)


def _restore(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


def _choose(camera: str, microphone: str) -> None:
    ticked = (f"microphone:{microphone}", camera_from(camera).id, SENSOR)
    sensors = DeviceSettings(channels=16, rate=1000.0)
    chosen = Settings(ticked=ticked, cameras=(camera,), device_settings={SENSOR: sensors}, first_start=False)
    chosen.save(settings_path())


class WatchedStudio:
    """The program, and what `watched_window` wrote down of it."""

    def __init__(self, lab: Laboratory, number: int = 0) -> None:
        self._lab = lab
        self._log = lab.folder / f"watched{number}.log"
        self.window = StudioWindow(
            lab.screen,
            lab.folder,
            program=(sys.executable, "-m", "tests.benchmarks.watched_window", str(self._log)),
            environment={**lab.screen.environment(), "PYTHONPATH": str(PROJECT)},
        )
        self.started = time.monotonic_ns()

    def __enter__(self) -> "WatchedStudio":
        self.started = time.monotonic_ns()
        self.window.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.window.close()

    def moments(self, what: str) -> list[int]:
        """When that happened, ns of the monotonic clock."""
        if not self._log.exists():
            return []
        lines = self._log.read_text(encoding="ascii").rpartition("\n")[0].splitlines()
        return [int(line.split()[1]) for line in lines if line.startswith(what)]

    def turns(self, begin: int, end: int) -> list[Turn]:
        """The turns of the window's event loop which ended between two moments."""
        lines = self._log.read_text(encoding="ascii").rpartition("\n")[0].splitlines()
        told = [Turn(*map(int, line.split()[1:])) for line in lines if line.startswith("turn")]
        return [turn for turn in told if begin <= turn.ended <= end]

    def wait_until_usable(self) -> float:
        """Seconds from the start of the program until Record could be clicked."""
        wait_until(lambda: bool(self.moments("usable")), PATIENCE_S, "a window that can be used")
        return (self.moments("usable")[0] - self.started) / 1e9

    def click(self, name: str) -> int:
        """Click, and say when the X server took it, in ns of the wall clock."""
        known = len(self.moments("click"))
        self.window.click(name)
        wait_until(lambda: len(self.moments("click")) > known, PATIENCE_S, f"the click on {name}")
        return self.moments("click")[-1] + time.time_ns() - time.monotonic_ns()

    @contextmanager
    def recording(self) -> Iterator[list[Recorded]]:
        """Click Record, do what the block does, click Stop; the list has the recording afterwards."""
        before = set(self._lab.recordings())
        made: list[Recorded] = []
        record_clicked = self.click("record_button")
        wait_until(lambda: set(self._lab.recordings()) > before, PATIENCE_S, "a file")
        (path,) = set(self._lab.recordings()) - before
        yield made
        self.window.click("stop_button")
        lock = sidecar_path(path)
        end = time.monotonic() + PATIENCE_S
        while lock.exists() and time.monotonic() < end:
            time.sleep(0.001)
        closed = time.time_ns()
        stop_clicked = self.moments_after_writing("click")[-1] + time.time_ns() - time.monotonic_ns()
        made.append(Recorded(path, record_clicked, stop_clicked, closed))

    def moments_after_writing(self, what: str) -> list[int]:
        """The same when all that has happened until now is in the log."""
        now = time.monotonic_ns()
        wait_until(lambda: max(self.moments("beat"), default=0) > now, PATIENCE_S, "the log of the window")
        return self.moments(what)
