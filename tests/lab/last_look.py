"""What can still be learnt of a studio that did not do what a test waited for, so that it explains itself.

Ends all its processes: each tells first where every one of its threads stands (`faulthandler`, on SIGABRT).
"""

import os
import re
import signal
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from tests.ends import survivors
from tests.lab.camera import PROJECT
from tests.lab.screen import Screen

FOLDER = PROJECT / "artefacts" / "failures"
TELLING_S = 5.0
MOST_CHARACTERS = 12_000
"""Of each log: its end is what matters."""
TOLD = ("*.log", "*.notes.jsonl")
TELLS_THREADS = {"PYTHONFAULTHANDLER": "1"}
"""With this in its environment a process tells them."""


def last_look(
    mark: tuple[str, str], screen: Screen, places: Iterable[Path], names: Mapping[str, object]
) -> str:
    """Picture, keyboard, widgets, processes, logs and notes below `places`; afterwards nothing runs."""
    found = processes_of(mark)
    parts = [
        f"picture: {_picture(screen)}",
        f"keyboard: {screen.keyboard_owner()}",
        f"widgets: {', '.join(sorted(names)) or 'none'}",
        *(f"process: {_described(process)}" for process in found),
    ]
    end_all(found)
    logs = sorted(
        {log for place in places for kind in TOLD for log in place.rglob(kind) if log.stat().st_size}
    )
    return "\n".join([*parts, *(f"--- {log}\n{_end_of(log)}" for log in logs)])


def processes_of(mark: tuple[str, str]) -> list[psutil.Process]:
    """All that a test has started and that still run, but itself."""
    name, value = mark
    own, found = os.getpid(), []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != own and process.environ().get(name) == value:
                found.append(process)
    return found


def end_all(processes: list[psutil.Process]) -> None:
    """Let them tell where they stand, and end them."""
    for number in (signal.SIGABRT, signal.SIGKILL):
        for process in processes:
            with suppress(psutil.Error):
                process.send_signal(number)
        processes = survivors(processes, TELLING_S)


def _picture(screen: Screen) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    test = os.environ.get("PYTEST_CURRENT_TEST", "no test").split(" (")[0]
    return screen.screenshot(FOLDER / (re.sub(r"\W+", "-", test.rpartition("/")[2]) + ".png"))


def _described(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        times, command = process.cpu_times(), " ".join(process.cmdline())
        return f"{process.pid} {process.status()}, computed {times.user + times.system:.1f} s: {command}"
    return f"{process.pid} has ended"


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-MOST_CHARACTERS:]
