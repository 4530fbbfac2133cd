"""The studio as a person has it: a program of its own on the virtual screen, clicked where buttons are.

It is found and driven from the outside only: by the names of its widgets, the X server, and signals.
"""

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

from tests.ends import survivors
from tests.lab.last_look import TELLS_THREADS, last_look
from tests.lab.places import MARK
from tests.lab.process import LabProcess
from tests.lab.screen import Screen
from tests.waiting import wait_until

START_TIMEOUT_S = 60.0
END_TIMEOUT_S = 20.0
STILL_S = 0.5
"""What moves tells so within a twentieth of a second, on a busy machine somewhat later."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Where a widget stands, in pixels of the screen."""

    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self) -> tuple[int, int]:
        """The pixel in its middle."""
        return self.x + self.width // 2, self.y + self.height // 2


class StudioWindow:
    """A running studio. `start` or `with` opens it; `close` ends it with all its processes."""

    def __init__(
        self,
        screen: Screen,
        folder: Path,
        *,
        arguments: tuple[str, ...] = (),
        program: tuple[str, ...] = (sys.executable, "-m", "studio"),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`environment`: all that the program is given, instead of ours."""
        self.screen = screen
        self._program = program
        self._environment = environment if environment is not None else screen.environment() | TELLS_THREADS
        self.log = folder / "studio.log"
        self._layout = folder / "layout.json"
        self._arguments = arguments
        self._process: LabProcess | None = None

    def start(self) -> None:
        """Open it; returns when it says where its widgets are."""
        self._layout.unlink(missing_ok=True)
        command = [*self._program, "--report-layout", str(self._layout), *self._arguments]
        self._process = LabProcess(command, log=self.log, environment=self._environment)
        self._process.wait_until_ready(self._layout, START_TIMEOUT_S)

    @property
    def process(self) -> LabProcess:
        """The process of the window."""
        if self._process is None:
            raise RuntimeError("the studio was not started")
        return self._process

    def rectangles(self) -> dict[str, Rectangle]:
        """Every visible widget by its name."""
        found = json.loads(self._layout.read_text(encoding="utf-8"))
        return {name: Rectangle(*numbers) for name, numbers in found.items()}

    def wait_for(self, name: str, timeout_s: float = 20.0) -> Rectangle:
        """Wait until a widget is visible; a failure tells all that can be learnt, and ends the studio."""
        seen: list[Rectangle] = []  # some are there for a moment only: a second look may come too late

        def is_there() -> bool:
            seen.extend(place for shown, place in self.rectangles().items() if shown == name)
            return bool(seen) or not self.process.is_alive

        try:
            wait_until(is_there, timeout_s, f"the widget {name}")
            assert seen, f"the studio ended, exit code {self.process.exit_code}"
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self._last_look()}") from error
        return seen[-1]

    def _last_look(self) -> str:
        place = self._environment[MARK]
        return last_look((MARK, place), self.screen, (self.log.parent, Path(place)), self.rectangles())

    def wait_until_still(self, name: str, timeout_s: float = 20.0) -> Rectangle:
        """Wait until a widget has stood at one place for a moment: others may still make room beside it."""
        places = [self.wait_for(name)]
        stood = [time.monotonic()]

        def is_still() -> bool:
            place = self.wait_for(name)
            if place != places[-1]:
                places.append(place)
                stood.append(time.monotonic())
            return time.monotonic() - stood[-1] > STILL_S

        wait_until(is_still, timeout_s, f"{name} to stand still")
        return places[-1]

    def click(self, name: str) -> None:
        """Click into the middle of a widget."""
        self.screen.click(*self.wait_for(name).centre)

    def terminate(self, timeout_s: float = END_TIMEOUT_S) -> None:
        """Ask the window to end (SIGTERM), as a closing session does; kill it if it does not."""
        self.process.terminate(timeout_s)

    def kill(self) -> None:
        """End the window's process, and it alone, without warning."""
        self.process.kill()

    def processes(self) -> list[psutil.Process]:
        """Every living process of this test's studio: the window, the recorder, the readers."""
        place = self._environment[MARK]
        own = psutil.Process().pid
        return [each for each in psutil.process_iter() if each.pid != own and _belongs(each, place)]

    def close(self) -> None:
        """End the window, then whatever else still runs. Idempotent."""
        if self._process is None:
            return
        self.terminate()
        # A recorder waits for another window for a while: nobody will come.
        rest = self.processes()
        for process in rest:
            process.terminate()
        for process in survivors(rest, END_TIMEOUT_S):
            process.kill()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _belongs(process: psutil.Process, place: str) -> bool:
    try:
        names = {Path(part).name for part in process.cmdline()}
        return process.environ().get(MARK) == place and "studio" in names
    except psutil.Error:  # ended meanwhile, or of another user
        return False
