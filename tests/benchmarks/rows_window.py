"""The real program on a virtual screen: how soon it can be used, records, has stopped; how evenly it draws.

It records a network camera of 1080p30 (another process here, which costs processor time, too), a microphone
and 16 channels of 1 kHz, clicked through the X server; beside it, in the end, a replay and exports run.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import pairwise
from statistics import median

import numpy as np
import psutil

from studio.store import StoreReader
from studio.timing import NS_PER_MS
from tests.benchmarks.table import Row, Verdict, at_most
from tests.benchmarks.window_run import Laboratory, Recorded, Turn, WatchedStudio, laboratory
from tests.ends import wait_for_ends
from tests.lab.process import LabProcess
from tests.waiting import wait_until

STARTS = 5
SHORT = 4
"""Recordings of a few seconds, for the clicks."""
SHORT_S = 2.0
SETTLED_S = 1.0
"""What a recording shows at first is made then: left out of the intervals."""
FLUSH_MS = 250
BEAT_MS, LATE_MS = 16, 25
"""How often the window is looked for, and when it comes too late for who waits."""
LIVE_FRAMES = 45
WANTED_FRAME_MS = 30
LAB = "camera (laboratory)"
ROLES = ("recorder", "reader", "player", "clock", "job", "devices")


def measure(quick: bool) -> Iterator[Row]:
    """Everything that needs the window."""
    seconds = 5.0 if quick else 25.0
    with laboratory() as lab:
        yield from starts(lab, 1 if quick else STARTS)
        with WatchedStudio(lab, 99) as studio:
            studio.wait_until_usable()
            wait_until(lambda: len(lab.camera.served()) > LIVE_FRAMES, 60.0, "the camera to be shown")
            yield from clicks(studio, 2 if quick else SHORT)
            alone, rows = held(studio, lab, seconds, "")
            yield from rows
            with beside(lab, alone):
                yield from held(studio, lab, seconds, ", replay and export beside")[1]


def starts(lab: Laboratory, count: int) -> Iterator[Row]:
    """From the start of the program until Record can be clicked; the files lie in memory.

    The first of all is a row of its own: it has to find the devices before it can offer them.
    """
    took = []
    for number in range(1 + count):
        with WatchedStudio(lab, number) as studio:
            took.append(studio.wait_until_usable())
    first = took.pop(0)
    note = f" (worst {max(took):.2f})"
    yield at_most(
        "start to a window in which Record can be clicked", median(took), 1.2, "s", digits=2, note=note
    )
    yield Row("the same at the very first start, which has to find devices", reached=f"{first:.2f} s")


def clicks(studio: WatchedStudio, count: int) -> Iterator[Row]:
    """From clicks to what they bring about."""
    made: list[Recorded] = []
    for _ in range(count):
        with studio.recording() as recorded:
            time.sleep(SHORT_S)
        made += recorded
    taken, safe, whole = zip(*(_first_messages(each) for each in made), strict=True)
    closed = [(each.closed - each.stop_clicked) / NS_PER_MS for each in made]
    yield _spread("click on Record to the first stored message", taken, 300)
    yield _spread("click on Record to that message safe in the file (commit)", safe, None)
    yield _spread("click on Record to a stored message of every stream", whole, None)
    yield _spread("click on Stop to a closed file", closed, 500)


def _first_messages(recorded: Recorded) -> tuple[float, float, float]:
    """Ms from the click: creation of the first message, its commit, creation of the last stream's first."""
    with StoreReader(recorded.path) as reader:
        filled = [stream for stream in reader.streams() if stream.counts.messages]
        firsts = [int(stream.rows("creation_time", 0, 1)[0]) for stream in filled]
        times, counts = reader.commits()
    streams = counts[:, 1:, 0]  # the first column is the log
    safe = int(times[np.flatnonzero(streams.any(axis=1))[0]])
    told = (min(firsts), safe, max(firsts))
    return tuple((moment - recorded.record_clicked) / NS_PER_MS for moment in told)  # type: ignore[return-value]


def _spread(what: str, values: Sequence[float], limit: float | None) -> Row:
    note = f" (worst of {len(values)}: {max(values):.0f})"
    if limit is None:
        return Row(what, f"{median(values):.0f} ms{note}")
    return at_most(what, median(values), limit, "ms", note=note)


def held(studio: WatchedStudio, lab: Laboratory, seconds: float, how: str) -> tuple[Recorded, list[Row]]:
    """A longer recording, the window's frames and the processes' work meanwhile."""
    with studio.recording() as made:
        time.sleep(SETTLED_S)
        begin, before = time.monotonic_ns(), _processor_s(studio, lab)
        time.sleep(seconds)
        end, after = time.monotonic_ns(), _processor_s(studio, lab)
    (recorded,) = made
    rounds = studio.moments_after_writing("beat")
    beats = _intervals(rounds, begin, end)
    frames = _intervals(studio.moments("drawn"), begin, end)
    turns = studio.turns(begin, end)
    used = [turn.used / NS_PER_MS for turn in turns]
    passed = (end - begin) / 1e9
    shares = {name: (after[name] - before.get(name, 0.0)) / passed * 100 for name in after}
    rows = [
        at_most(
            f"the window comes round every 16 ms, p99{how}",
            _p99(beats),
            LATE_MS,
            "ms",
            digits=1,
            note=f" (median {median(beats):.1f}, worst {max(beats):.0f})",
        ),
        at_most(
            f"processor time of one turn of the window's thread, p99{how}",
            _p99(used),
            8,
            "ms",
            digits=1,
            note=f" (median {median(used):.1f}, worst {max(used):.0f})",
        ),
        Row(
            f"rounds of more than {LATE_MS} ms{how}",
            why_late([moment for moment in rounds if begin <= moment <= end], turns),
        ),
        Row(
            f"frames drawn while recording{how}",
            f"{len(frames) / passed:.0f}/s, p99 {_p99(frames):.0f} ms, worst {max(frames):.0f}",
            f"{1000 / WANTED_FRAME_MS:.0f}/s",
        ),
        Row(
            f"processor, % of one core{how}", ", ".join(f"{n} {s:.0f}" for n, s in shares.items() if s >= 0.5)
        ),
        *_kept(recorded, lab, how),
    ]
    return recorded, rows


def why_late(rounds: Sequence[int], turns: Sequence[Turn]) -> str:
    """How many rounds were late, and what the window's thread did from when each was due until it came."""
    late = [(one, next_) for one, next_ in pairwise(rounds) if next_ - one > LATE_MS * NS_PER_MS]
    count = f"{len(late)} of {len(rounds) - 1}"
    if not late:
        return count
    lateness = waited = used = 0
    for one, next_ in late:
        due = one + BEAT_MS * NS_PER_MS
        lateness += next_ - due
        for before, turn in pairwise(turns):
            if turn.ended > due and before.ended < next_:
                waited, used = waited + turn.waited, used + turn.used
    told = [f"{each / len(late) / NS_PER_MS:.1f}" for each in (lateness, waited, used)]
    return f"{count}, late by {told[0]} ms ({told[1]} ms waited for a processor, {told[2]} computed)"


def _kept(recorded: Recorded, lab: Laboratory, how: str) -> Iterator[Row]:
    """What the file says: nothing lost, and how late the writer was."""
    with StoreReader(recorded.path) as reader:
        streams = reader.info().streams
        times, _counts = reader.commits()
        (film,) = (each for each in reader.streams() if each.description.format.kind.is_picture)
        taken = film.rows("time", 0, film.counts.messages)
    late = [float(each) / NS_PER_MS - FLUSH_MS for each in np.diff(times)[:-1]]
    yield Row(
        f"writer's commits, late after {FLUSH_MS} ms{how}", f"p99 {_p99(late):.0f} ms, worst {max(late):.0f}"
    )
    dropped = sum(stream.dropped for stream in streams)
    # Between the first and the last that are stored, by the camera's own log; one may be on its way.
    sent = sum(taken[0] <= frame.send_time <= taken[-1] for frame in lab.camera.served())
    missing = max(0, sent - len(taken) - 1)
    verdict = Verdict.MET if dropped == 0 and missing == 0 else Verdict.MISSED
    told = f"{dropped} dropped, {missing} of {sent} frames missing"
    yield Row(f"loss{how}", told, "0", verdict)


def _intervals(moments: Sequence[int], begin: int, end: int) -> list[float]:
    """Ms between those of a stretch of time."""
    inside = [moment for moment in moments if begin <= moment <= end]
    return [float(each) for each in np.diff(inside) / NS_PER_MS]


def _p99(values: Sequence[float]) -> float:
    return float(np.percentile(values, 99))


def _processor_s(studio: WatchedStudio, lab: Laboratory) -> dict[str, float]:
    """Seconds of processor that each process has used, by its role."""
    used = {"window": _used(psutil.Process(studio.window.process.pid))}
    for process in studio.window.processes():
        with ExitStack() as gone:
            gone.push(lambda kind, *_: kind is not None and issubclass(kind, psutil.Error))
            role = next((name for name in ROLES if name in process.cmdline()), None)
            if role is not None:
                used[role] = used.get(role, 0.0) + _used(process)
    camera = lab.camera._process
    if camera is not None:
        used[LAB] = _used(psutil.Process(camera.pid))
    return used


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


class beside:  # noqa: N801 (used as a word)
    """A replay and exports of a recording, as headless commands, for as long as the block lasts."""

    def __init__(self, lab: Laboratory, recorded: Recorded) -> None:
        self._lab = lab
        self._recorded = recorded
        self._running: list[LabProcess] = []

    def __enter__(self) -> None:
        for name, command in self._commands().items():
            again = f"import subprocess, sys\nwhile True:\n    subprocess.run({command!r}, check=True)\n"
            log = self._lab.folder / f"{name}.log"
            self._running.append(LabProcess([sys.executable, "-c", again], log=log))

    def _commands(self) -> dict[str, list[str]]:
        studio = [sys.executable, "-m", "studio"]
        path = str(self._recorded.path)
        out = str(self._lab.folder / "exported.h5")
        return {
            "replay": [*studio, "replay", path],
            "export": [*studio, "export", path, "--format", "hdf5", "--out", out],
        }

    def __exit__(self, *_: object) -> None:
        for process in self._running:
            children = psutil.Process(process.pid).children(recursive=True)
            process.kill()
            for child in children:
                child.kill()
            wait_for_ends(children)
