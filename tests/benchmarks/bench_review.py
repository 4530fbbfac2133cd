"""How quick a long session is to open, to zoom and to scrub, beside one of a hundredth of its length.

python -m tests.benchmarks.bench_review [share]

A session of 64 channels (a hundred million samples in all), two hours of video and twenty million events is
made once (3 GB in the folder for temporary files) and shown in a real window on a virtual screen; `share` 10
takes a tenth of it. Printed for it and for 1/100 of it: opening in the reader, the first picture on screen,
zooming and panning from the input event to the painted frame that shows the new range, scrubbing at 30
positions a second, and memory. Each is shown in a process of its own: a closed window leaves traces in it.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from studio.host.protocol import OpenRecording
from studio.host.reader_client import ReaderClient
from studio.timing import NS_PER_S
from studio.ui.start import make_application
from tests.benchmarks.review_store import review_store
from tests.benchmarks.review_window import ReviewWindow
from tests.lab.places import Places
from tests.lab.screen import Screen

SMALL = 100
MOVES = 300
MOVE_INTERVAL_S = 0.03
SCRUBBED_S = 8.0
SCRUB_RATE = 30
ROUNDS = 6
"""Memory is looked at after each: what a first round fills (caches), the others must not fill again."""
ALONE = "alone"
"""Before a share: only that session, as JSON, in this process."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    name: str
    aim: str
    values: tuple[str, ...]


def percentile(times: Sequence[float], share: float) -> float:
    """Milliseconds that so many of the times stay below."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def both(times: Sequence[float]) -> str:
    """Median and 99th percentile."""
    return f"{percentile(times, 0.5):.1f} / {percentile(times, 0.99):.1f}"


def open_ms(reader: ReaderClient, path: Path) -> tuple[float, float]:
    """Opening in the reader, the first time and usually."""
    times = []
    for _ in range(12):
        began = time.perf_counter()
        reader.request(OpenRecording(str(path))).result(timeout=60)
        times.append((time.perf_counter() - began) * 1000)
    return times[0], median(times[1:])


Times = list[tuple[float, float]]
"""Seconds of the clock on the wall, and of the processor."""


def move_times(shown: ReviewWindow, move: Callable[[], None]) -> Times:
    """From the moment a move is due until a frame with another axis has been painted; and what it cost."""
    times = []
    plot = shown.timeline.panels[0].plot
    due = time.perf_counter()
    for _ in range(MOVES):
        due = max(due + MOVE_INTERVAL_S, time.perf_counter())
        shown.pump(max(0.0, due - time.perf_counter()))
        before, cost = shown.axis(), time.process_time()
        shown.painted_after(plot, move, lambda before=before: shown.axis() != before)
        times.append((time.perf_counter() - due, time.process_time() - cost))
    return times


def zoom_and_pan(shown: ReviewWindow) -> tuple[Times, Times]:
    """Zooms in and out all the way about changing places, then pans at several zooms."""
    plot, navigator = shown.timeline.panels[0].plot, shown.timeline.navigator
    dice, steps = random.Random(1), iter(range(10**6))
    navigator.zoom_session()

    def zoom() -> None:
        inwards = next(steps) // 40 % 2 == 0
        shown.turn_wheel(plot, dice.uniform(0.2, 0.8) * plot.width(), 1 if inwards else -1)

    def pan() -> None:
        number = next(steps)
        if number % 60 == 0:
            navigator.zoom_session()
            extent = navigator.extent
            assert extent is not None
            navigator.zoom(0.25 ** (number // 60 % 5 + 1), (extent.left + extent.right) // 2)
        shown.turn_wheel(plot, plot.width() / 2, 1 if number // 4 % 2 else -1, sideways=True)

    zooms = move_times(shown, zoom)
    return zooms, move_times(shown, pan)


def scrub(shown: ReviewWindow) -> tuple[float, float, float]:
    """Pictures painted per second while the cursor moves 30 times a second over the session, and how long
    after a position its picture was there: median and worst of 99 % in milliseconds."""
    plot, navigator = shown.pictures()[0], shown.timeline.navigator
    navigator.zoom_session()
    extent = navigator.extent
    assert extent is not None
    asked: dict[int, float] = {}
    delays: list[float] = []
    wanted = iter(range(10**6))

    def step() -> None:
        share = next(wanted) / (SCRUBBED_S * SCRUB_RATE)
        navigator.set_cursor(extent.left + NS_PER_S + int((extent.span - NS_PER_S) * min(share, 1.0)))
        asked[navigator.cursor_time or 0] = time.perf_counter()

    timer = QTimer(interval=1000 // SCRUB_RATE)
    timer.timeout.connect(step)
    timer.start()
    end, last = time.perf_counter() + SCRUBBED_S, 0
    while time.perf_counter() < end:
        shown.application.processEvents()
        if plot.picture_time not in (0, last):
            last = plot.picture_time
            # The position it belongs to: the latest that is not before it.
            fitting = [at for moment, at in asked.items() if last <= moment < last + NS_PER_S // 20]
            if fitting:
                delays.append(time.perf_counter() - max(fitting))
        time.sleep(0.0005)
    timer.stop()
    return len(delays) / SCRUBBED_S, median(delays) * 1000, percentile(delays, 0.99)


def measured(application: QApplication, folder: Path, path: Path) -> dict[str, str]:
    """All figures of one session."""
    shown = ReviewWindow(application, folder)
    try:
        shown.pump(1.0)
        first, usual = open_ms(shown.reader, path)
        picture = shown.first_picture(path)
        shown.pump(1.0)
        memory = [shown.memory()]
        for _ in range(ROUNDS):
            zooms, pans = zoom_and_pan(shown)
            shown.pump(0.5)
            rate, middle, worst = scrub(shown)
            memory.append(shown.memory())
    finally:
        shown.close()
    return {
        "open": f"{usual:.1f} ({first:.1f} at first)",
        "picture": f"{picture * 1000:.0f}",
        "zoom": both([wall for wall, _ in zooms]),
        "zoom_cpu": both([cpu for _, cpu in zooms]),
        "pan": both([wall for wall, _ in pans]),
        "pan_cpu": both([cpu for _, cpu in pans]),
        "scrub": f"{rate:.1f}",
        "delay": f"{middle:.0f} / {worst:.0f}",
        "window": " ".join(f"{window:.0f}" for window, _ in memory),
        "reader": " ".join(f"{reader:.0f}" for _, reader in memory),
    }


NAMES = {
    "open": ("open in the reader, ms", "<= 20"),
    "picture": ("first picture on screen, ms", "<= 300"),
    "zoom": ("zoom, input to painted frame, median / p99 ms", "<= 16"),
    "zoom_cpu": ("  of it processor time, median / p99 ms", ""),
    "pan": ("pan, input to painted frame, median / p99 ms", "<= 16"),
    "pan_cpu": ("  of it processor time, median / p99 ms", ""),
    "scrub": (f"pictures/s while scrubbing {SCRUB_RATE} positions/s", f">= {SCRUB_RATE - 2}"),
    "delay": ("position to its picture, median / p99 ms", "flat"),
    "window": ("memory of the window, at first and after each round, MB", "flat"),
    "reader": ("memory of the reader, at first and after each round, MB", "flat"),
}


def measured_alone(share: int) -> int:
    """Print all figures of the session of that share."""
    path = review_store(share)
    with tempfile.TemporaryDirectory() as folder, Places.make() as places:
        os.environ.update(places.environment())
        screen = Screen.open(Path(folder))
        try:
            os.environ.update(screen.environment())
            found = measured(make_application(), Path(folder), path)
        finally:
            screen.close()
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


def measured_elsewhere(share: int) -> dict[str, str]:
    """The figures of the session of that share, from a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_review", ALONE, str(share)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(arguments: Sequence[str]) -> int:
    """Make what is not there, measure, print."""
    if arguments and arguments[0] == ALONE:
        return measured_alone(int(arguments[1]))
    share = int(arguments[0]) if arguments else 1
    shares = (share * SMALL, share)
    found = [measured_elsewhere(one) for one in shares]
    print(f"load of the machine meanwhile: {os.getloadavg()[1]:.1f} on {os.cpu_count()} processors")
    print(f"{'':56} {'aim':>8} {f'1/{shares[0]}':>28} {f'1/{shares[1]}':>28}")
    for key, (name, aim) in NAMES.items():
        print(f"{name:56} {aim:>8} {found[0][key]:>28} {found[1][key]:>28}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
