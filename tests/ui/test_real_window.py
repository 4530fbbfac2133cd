"""The window and the real recorder, reader and search for devices, on a screen, by keys and signals."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.lab.places import Places
from tests.lab.process import LabProcess
from tests.lab.screen import Screen
from tests.waiting import wait_until

pytestmark = pytest.mark.story


class RunningStudio:
    """`python -m studio` on the screen, with the places of this test."""

    def __init__(self, screen: Screen, places: Places, folder: Path) -> None:
        self._layout = folder / "layout.json"
        self.screen = screen
        self.log = folder / "window.log"
        environment = screen.environment() | places.environment()
        command = [sys.executable, "-m", "studio", "--report-layout", str(self._layout)]
        self.process = LabProcess(command, log=self.log, environment=environment)
        self.places = places

    def names(self) -> dict[str, list[int]]:
        return dict(json.loads(self._layout.read_text())) if self._layout.exists() else {}

    def wait_for(self, condition: Callable[[], bool], what: str, timeout_s: float = 30.0) -> None:
        wait_until(lambda: condition() or not self.process.is_alive, timeout_s, what)
        assert condition(), f"{what}: {self.log.read_text()}"

    def press(self, name: str) -> None:
        x, y, width, height = self.names()[name]
        self.screen.click(x + width // 2, y + height // 2)

    def recordings(self) -> list[Path]:
        return sorted(self.places.home.rglob("*.h5"))

    def end(self, number: signal.Signals) -> int:
        window = psutil.Process(self.process.pid)
        others = window.children(recursive=True)
        window.send_signal(number)
        code = window.wait(20)
        _, alive = psutil.wait_procs(others, timeout=20)
        assert not alive
        return int(code) if code is not None else -1


def is_clean(path: Path) -> bool:
    """Whether plain verification in a process of its own finds nothing."""
    command = [sys.executable, "-m", "studio", "verify", str(path)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0


def test_open_see_record_stop_and_have_a_file(screen: Screen, places: Places, tmp_path: Path) -> None:
    studio = RunningStudio(screen, places, tmp_path)
    with studio.process:
        studio.wait_for(lambda: "timeline" in studio.names(), "the live view")
        studio.press("record_button")
        studio.wait_for(lambda: "status_size" in studio.names(), "the recording")
        studio.press("stop_button")
        studio.wait_for(lambda: "status_size" not in studio.names(), "the end of the recording")
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
