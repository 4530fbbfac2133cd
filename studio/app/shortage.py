"""Tells what holds a recording up: its disk, the processors, or both. Readings and arithmetic; says nothing.

The time in calls for the disk alone does not tell: who waits for a processor in such a call is in it, too.
Linux says of a thread whether it sleeps for a disk, and for how long it was ready and got no processor;
elsewhere the two are told apart by how busy the whole machine is.
"""

from collections import deque
from dataclasses import dataclass
from pathlib import Path

import psutil

from studio.app.status import HeldUp
from studio.store.disk_time import Effort
from studio.timing import NS_PER_S, Duration, monotonic_ns

WINDOW: Duration = 3 * NS_PER_S
"""What is judged: the last three seconds."""
SURELY = 0.9
"""So great a part of its time the writer sleeps for a disk that is to blame, however busy all is."""
MOSTLY = 0.5
HARDLY = 0.2
BUSY = 0.9
"""Of all processors, or of the one that the recorder's own code can use at a time."""
STARVED = 0.25
"""A thread that is ready for so great a part of the time and does not run is short of processors."""
_TASKS = Path("/proc/self/task")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One look; all times count from some beginning."""

    monotonic: int
    disk_ns: Duration
    """The writer spent in calls for the disk."""
    sleeps: bool | None = None
    """Whether it sleeps for a disk now; None: the system does not say."""
    ready_ns: Duration | None = None
    """It was ready and got no processor; None: the system does not say."""
    busy_s: float = 0.0
    """All processors together, of `total_s`."""
    total_s: float = 0.0
    own_s: float = 0.0
    """Processor time of this process."""


def judged(readings: "tuple[Reading, ...]") -> HeldUp:
    """What these looks, the oldest first, say of the one that holds the writer up."""
    if len(readings) < 2 or readings[-1].monotonic <= readings[0].monotonic:
        return HeldUp.SOMEHOW
    first, last = readings[0], readings[-1]
    elapsed = last.monotonic - first.monotonic
    disk = _disk_share(readings, elapsed)
    starved = 0.0
    if last.ready_ns is not None and first.ready_ns is not None:
        starved = (last.ready_ns - first.ready_ns) / elapsed
    total = last.total_s - first.total_s
    busy = (last.busy_s - first.busy_s) / total if total > 0 else 0.0
    is_short = busy >= BUSY or starved >= STARVED
    own = (last.own_s - first.own_s) * NS_PER_S / elapsed
    return _verdict(disk, own, is_short=is_short)


def _disk_share(readings: "tuple[Reading, ...]", elapsed: Duration) -> float:
    in_calls = (readings[-1].disk_ns - readings[0].disk_ns) / elapsed
    seen = [reading.sleeps for reading in readings if reading.sleeps is not None]
    return min(in_calls, sum(seen) / len(seen)) if seen else in_calls


def _verdict(disk: float, own: float, *, is_short: bool) -> HeldUp:
    if disk >= MOSTLY:
        return HeldUp.BY_BOTH if is_short and disk < SURELY else HeldUp.BY_DISK
    if is_short:
        return HeldUp.BY_BOTH if disk >= HARDLY else HeldUp.BY_PROCESSORS
    if own >= BUSY and disk < HARDLY:
        return HeldUp.BY_ITSELF
    return HeldUp.SOMEHOW


class ShortageMeter:
    """Looks a few times a second. Belongs to one thread."""

    def __init__(self) -> None:
        self._readings: deque[Reading] = deque()
        self._process = psutil.Process()

    def look(self, effort: Effort) -> None:
        """Take a reading; forget what is older than the window."""
        reading = self._read(effort)
        self._readings.append(reading)
        while len(self._readings) > 2 and self._readings[1].monotonic <= reading.monotonic - WINDOW:
            self._readings.popleft()

    def verdict(self) -> HeldUp:
        """What holds the writer up, if anything does."""
        return judged(tuple(self._readings))

    def _read(self, effort: Effort) -> Reading:
        busy, total = _machine()
        own = self._process.cpu_times()
        return Reading(
            monotonic=monotonic_ns(),
            disk_ns=effort.disk_ns,
            sleeps=_sleeps(effort.thread_id),
            ready_ns=_ready_ns(effort.thread_id),
            busy_s=busy,
            total_s=total,
            own_s=own.user + own.system,
        )


def _machine() -> tuple[float, float]:
    """Seconds that processors were busy, and that there were. What waits for a disk is not busy."""
    times = psutil.cpu_times()._asdict()
    guests = times.get("guest", 0.0) + times.get("guest_nice", 0.0)  # in `user` and `nice` already
    total = sum(times.values()) - guests
    return total - times["idle"] - times.get("iowait", 0.0), total


def _sleeps(thread_id: int) -> bool | None:
    text = _told(thread_id, "stat")
    return None if text is None else text.rpartition(")")[2].split()[0] == "D"


def _ready_ns(thread_id: int) -> Duration | None:
    text = _told(thread_id, "schedstat")
    return None if text is None else int(text.split()[1])


def _told(thread_id: int, what: str) -> str | None:
    """What the system says of a thread of this process; None where it does not, or the thread has ended."""
    try:
        return (_TASKS / str(thread_id) / what).read_text() or None
    except OSError:
        return None
