"""A studio on a screen whose window or recorder dies, watched from the outside by a second client."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import psutil

from studio.store.reader import StoreReader
from studio.store.verification import verify
from studio.timing import NS_PER_S, Timestamp
from tests.host.watched import WatchedClient
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.ui.running_studio import RunningStudio
from tests.waiting import wait_until

SEEN = ("first", "recording", "streams")
"""What `watched_window` sees of a window beside a recording, one after the other."""


@dataclass(frozen=True, slots=True)
class Attaching:
    """How long it took from the start of a window's process, in seconds of this machine as busy as it was."""

    first_s: float
    """Until it showed the recording that runs: its time, size, streams and loss account, and Stop."""
    running_s: float
    """Until the whole window did."""
    live_s: float
    """Until its streams were drawn."""
    cpu_s: float
    """What its process had computed until then, whatever else the machine did."""

    def __str__(self) -> str:
        return (
            f"running time, streams, account and Stop {self.first_s:.2f} s, "
            f"whole window {self.running_s:.2f} s, streams drawn {self.live_s:.2f} s, "
            f"of which {self.cpu_s:.2f} s computing"
        )


class Desk:
    """One window after the other, in the places of a test."""

    def __init__(self, screen: Screen, places: Places, folder: Path) -> None:
        self._screen, self._places, self._folder = screen, places, folder
        self._number = 0
        self._opened: list[RunningStudio] = []

    def open(self, program: Sequence[str] = ("studio",)) -> RunningStudio:
        """A window's process; it may give way to another one."""
        self._number += 1
        folder = self._folder / str(self._number)
        self._opened.append(RunningStudio(self._screen, self._places, folder, program))
        return self._opened[-1]

    def close(self) -> None:
        """End all windows, and lay them to rest. Idempotent."""
        for studio in self._opened:
            studio.process.kill()

    def attach(self) -> tuple[RunningStudio, Attaching]:
        """A window beside a recording that runs, and how soon it showed it."""
        log = self._folder / f"watched{self._number}.log"
        begun = time.monotonic_ns()
        studio = self.open(program=("tests.benchmarks.watched_window", str(log)))
        studio.wait_for(
            lambda: shows_recording(studio) and has_plots(studio), "the recording that runs", 60.0
        )
        spent = psutil.Process(studio.process.pid).cpu_times()
        wait_until(lambda: set(SEEN) <= set(_moments(log)), 10.0, "what was seen from inside")
        first, running, live = ((_moments(log)[what] - begun) / NS_PER_S for what in SEEN)
        return studio, Attaching(first, running, live, cpu_s=spent.user + spent.system)

    def wait_until_moving(self, studio: RunningStudio, name: str) -> None:
        """What a widget shows changes: a running time, a live stream."""
        before = self._picture(studio, name)
        wait_until(lambda: not np.array_equal(self._picture(studio, name), before), 30.0, f"{name} to move")

    def _picture(self, studio: RunningStudio, name: str) -> np.ndarray:
        x, y, width, height = studio.names()[name]
        picture = cv2.imread(str(self._screen.screenshot(self._folder / "seen.png")))
        assert picture is not None
        return picture[y : y + height, x : x + width]


def _moments(log: Path) -> dict[str, int]:
    """What `watched_window` wrote down, when it happened first: ns of the monotonic clock."""
    lines = log.read_text(encoding="ascii").rpartition("\n")[0].splitlines() if log.exists() else []
    return {line.split()[0]: int(line.split()[1]) for line in reversed(lines)}


def shows_recording(studio: RunningStudio) -> bool:
    """The size of the file and the loss account stand in the status bar, Stop can be pressed."""
    return {"status_size", "status_dropped", "stop_button"} <= set(studio.names())


def has_plots(studio: RunningStudio) -> bool:
    """Live streams are on the screen."""
    return any(name.startswith("plot_") for name in studio.names())


def a_plot(studio: RunningStudio) -> str:
    """The name of one that has always something new, once it is there."""
    name = "plot_Simulated signal"
    studio.wait_for(lambda: name in studio.names(), "the plot of the signal", 60.0)
    return name


def recorded_for(watch: WatchedClient, seconds: float) -> Callable[[], bool]:
    """Whether that much more is safe in the file than there was when this was asked."""
    since: Timestamp = watch.newest.committed_time
    return lambda: watch.newest.committed_time - since > seconds * NS_PER_S


def assert_nothing_lost(path: Path) -> None:
    """The recording was closed properly, and its loss account is empty."""
    assert verify(path).is_sound
    with StoreReader(path) as reader:
        info = reader.info()
        assert info.clean
        assert list(reader.loss()) == []
        for stream in info.streams:
            stored = stream.sample_count if stream.format.kind.is_sampled else stream.message_count
            assert stream.produced == stored, stream.name
