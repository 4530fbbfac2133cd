"""A recording of a hundred thousand streams, closed, growing, broken off and older: to open and to look at.

python -m tests.benchmarks.bench_streams [count]

The files are made once, in the folder for temporary files; see `many_streams` and `growing_many`. Older means
without a table of contents: what its streams, a tenth of so many, say is remembered when it has been opened
once. Printed, of a closed one of a tenth of them, too: opening and a page of the list in the reader, its
memory, and in a window the time from the wish to the panels, the longest pause of the window meanwhile, at
any zoom and in five seconds of rest, and its memory.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import h5py
from PySide6.QtWidgets import QApplication

from studio.host.protocol import ListStreams, OpenRecording, Query
from studio.store.layout import CONTENTS
from studio.ui.start import make_application
from tests.benchmarks.many_streams import many_streams, seeming_many
from tests.benchmarks.review_window import ReviewWindow
from tests.lab.places import Places
from tests.lab.screen import Screen

COUNT = 100_000
PAGE = 200
PATIENCE_S = 600.0
ZOOMS = 40
REST_S = 5.0


def asked_s(shown: ReviewWindow, query: Query) -> float:
    """Seconds until the reader has answered."""
    began = time.perf_counter()
    shown.reader.request(query).result(timeout=PATIENCE_S)
    return time.perf_counter() - began


@dataclass(frozen=True, slots=True)
class Pause:
    """How long the window did not come round to what the user does, at most."""

    passed_s: float = 0.0
    """By the clock: on a busy machine others take their part of it."""
    worked_s: float = 0.0
    """Of processor time."""

    def __str__(self) -> str:
        return f"{self.passed_s * 1000:.0f} {self.worked_s * 1000:.0f}"


def longest_pause(shown: ReviewWindow, condition: Callable[[], bool]) -> Pause:
    """Until something is so."""
    longest, end = Pause(), time.perf_counter() + PATIENCE_S
    while not condition():
        began, worked = time.perf_counter(), time.thread_time()
        shown.application.processEvents()
        passed = time.perf_counter() - began
        longest = Pause(max(longest.passed_s, passed), max(longest.worked_s, time.thread_time() - worked))
        if time.perf_counter() > end:
            raise TimeoutError("the panels did not come")
        time.sleep(0.0005)
    return longest


def zoomed(shown: ReviewWindow) -> Callable[[], bool]:
    """Zooms with each call, true when that was often enough."""
    left = iter(range(ZOOMS))

    def zoom() -> bool:
        number = next(left, None)
        if number is not None:
            shown.timeline.navigator.zoom(
                0.5 if number % 8 < 4 else 2.0, shown.timeline.navigator.origin_time
            )
        return number is None

    return zoom


def measured(application: QApplication, folder: Path, path: Path) -> dict[str, str]:
    """All figures of one recording."""
    shown = ReviewWindow(application, folder)
    try:
        shown.pump(1.0)
        first, again = (asked_s(shown, OpenRecording(str(path))) for _ in range(2))
        page = asked_s(shown, ListStreams(str(path), 0, PAGE))
        following = asked_s(shown, ListStreams(str(path), PAGE, PAGE))
        began = time.perf_counter()
        shown.window.stage.show_session((str(path),))
        pause = longest_pause(shown, lambda: bool(shown.timeline.panels))
        panels = time.perf_counter() - began
        shown.pump(1.0)
        zoom = longest_pause(shown, zoomed(shown))
        rest_end = time.perf_counter() + REST_S
        rest = longest_pause(shown, lambda: time.perf_counter() > rest_end)
        window, reader = shown.memory()
    finally:
        shown.close()
    return {
        "open in the reader, first and again, s": f"{first:.2f} {again:.2f}",
        "first page of the list, the next one, s": f"{page:.2f} {following:.3f}",
        "from the wish to the panels, s": f"{panels:.2f}",
        "longest pause meanwhile, ms; processor": str(pause),
        "longest pause while zooming, ms; processor": str(zoom),
        "longest pause at rest, ms; processor": str(rest),
        "memory of window and reader, MB": f"{window:.0f} {reader:.0f}",
    }


@contextmanager
def growing(closed: Path, folder: Path) -> Iterator[tuple[Path, Callable[[], None]]]:
    """A recording that is being written; and what kills its recorder."""
    path = Path(shutil.copyfile(closed, folder / "growing.h5"))
    command = [sys.executable, "-m", "tests.benchmarks.growing_many", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline(), "it did not begin"

            def kill() -> None:
                process.kill()
                process.wait()

            yield path, kill
        finally:
            process.kill()


def older(closed: Path, folder: Path) -> Path:
    """The same without a table of contents."""
    path = Path(shutil.copyfile(closed, folder / "older.h5"))
    with h5py.File(path, "r+") as file:
        file.pop(CONTENTS, None)
    return path


def all_kinds(application: QApplication, folder: Path, count: int) -> dict[str, dict[str, str]]:
    """The figures of each."""
    place = Path(tempfile.gettempdir()) / "studio-bench-review"
    place.mkdir(exist_ok=True)
    few, many = (seeming_many(place / f"seeming_{one}.h5", one) for one in (count // 10, count))
    found = {f"closed, {count // 10}": measured(application, folder, few)}
    found["closed"] = measured(application, folder, many)
    with growing(many, folder) as (path, kill):
        found["growing"] = measured(application, folder, path)
        kill()
        found["broken off"] = measured(application, folder, path)
    path = older(many_streams(place / f"many_{count // 10}.h5", count // 10), folder)
    found[f"older, {count // 10}"] = measured(application, folder, path)
    found["once more"] = measured(application, folder, path)
    return found


def main(arguments: Sequence[str]) -> int:
    """Make what is not there, measure, print."""
    count = int(arguments[0]) if arguments else COUNT
    with tempfile.TemporaryDirectory() as folder, Places.make() as places:
        os.environ.update(places.environment())
        screen = Screen.open(Path(folder))
        try:
            os.environ.update(screen.environment())
            found = all_kinds(make_application(), Path(folder), count)
        finally:
            screen.close()
    print(f"load of the machine meanwhile: {os.getloadavg()[1]:.1f} on {os.cpu_count()} processors")
    print(f"{count} streams".ljust(44), *(f"{kind:>14}" for kind in found))
    for name in next(iter(found.values())):
        print(f"{name:44}", *(f"{figures[name]:>14}" for figures in found.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
