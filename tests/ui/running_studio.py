"""The window and all its processes, started as a user starts them, found by the names of its widgets."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from tests.ends import wait_for_ends
from tests.lab.last_look import TELLS_THREADS, last_look
from tests.lab.places import Places
from tests.lab.process import LabProcess
from tests.lab.screen import Screen
from tests.waiting import wait_until


class RunningStudio:
    """`python -m studio` on the screen, with the places of this test."""

    def __init__(
        self, screen: Screen, places: Places, folder: Path, program: Sequence[str] = ("studio",)
    ) -> None:
        folder.mkdir(exist_ok=True)
        self._layout = folder / "layout.json"
        self.screen = screen
        self.log = folder / "window.log"
        environment = screen.environment() | places.environment() | TELLS_THREADS
        command = [sys.executable, "-m", *program, "--report-layout", str(self._layout)]
        self.process = LabProcess(command, log=self.log, environment=environment)
        self.places = places

    def names(self) -> dict[str, list[int]]:
        return dict(json.loads(self._layout.read_text())) if self._layout.exists() else {}

    def wait_for(self, condition: Callable[[], bool], what: str, timeout_s: float = 30.0) -> None:
        """Wait for it; a failure tells all that can be learnt of the studio, and leaves none of it behind."""
        try:
            wait_until(lambda: condition() or not self.process.is_alive, timeout_s, what)
            assert condition(), f"{what}: the window ended, exit code {self.process.exit_code}"
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self._last_look()}") from error

    def _last_look(self) -> str:
        places = (self.log.parent, self.places.root)
        return last_look(self.places.mark, self.screen, places, self.names())

    def press(self, name: str) -> None:
        x, y, width, height = self.names()[name]
        self.screen.click(x + width // 2, y + height // 2)

    def stop_recording(self) -> None:
        """Press Stop until the recording has ended: it is grey until the recorder has said that it began."""
        for _ in range(20):
            self.press("stop_button")
            with suppress(AssertionError):
                wait_until(lambda: "status_size" not in self.names(), 1.0)
                return
        self.wait_for(lambda: "status_size" not in self.names(), "the end of the recording")

    def recordings(self) -> list[Path]:
        return sorted(self.places.home.rglob("*.h5"))

    def ended(self) -> int | None:
        """The exit code of the window once it has ended by itself."""
        wait_until(lambda: not self.process.is_alive, 20.0, "the end of the window")
        return self.process.exit_code

    def wait_for_others(self) -> None:
        """Wait until recorder and reader are gone, too."""
        name, value = self.places.mark

        def others() -> list[psutil.Process]:
            found = [p for p in psutil.process_iter() if p.pid != psutil.Process().pid]
            return [p for p in found if _is_of(p, name, value)]

        wait_until(lambda: not others(), 20.0, "the end of the other processes")

    def end(self, number: signal.Signals) -> int:
        window = psutil.Process(self.process.pid)
        others = window.children(recursive=True)
        window.send_signal(number)
        code = window.wait(20)
        wait_for_ends(others)
        return int(code) if code is not None else -1


def is_clean(path: Path) -> bool:
    """Whether plain verification in a process of its own finds nothing."""
    command = [sys.executable, "-m", "studio", "verify", str(path)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0


def _is_of(process: psutil.Process, name: str, value: str) -> bool:
    try:
        return process.environ().get(name) == value and "studio" in process.cmdline()
    except psutil.Error:
        return False
