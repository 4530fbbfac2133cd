"""Runs a command in a process that this one watches: HDF5 turns in circles for ever on some damaged files.

While it does, nothing else in that process can run, so nobody in it could notice. The process is split off
before anything is loaded, which costs a millisecond. It counts as hung when it has computed for long without
reading or writing anything; how long a command takes does not matter, nor how slow the disk is. Linux only:
elsewhere the system does not tell what a process reads.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from studio.errors import RoleError

SILENT_S = 30.0
"""So long it may read and write nothing."""
COMPUTED_SHARE = 1 / 3
"""Of that time it must have computed; one that waits for its disk does not."""
LOOK_S = 0.5
_PASSED_ON = (signal.SIGINT, signal.SIGTERM)
_DIE_WITH_PARENT = 1


def watched(work: Callable[[], int], *, silent_s: float = SILENT_S) -> int:
    """Do `work` and return its exit code. Raises RoleError when its process crashed, or hung and was ended.

    In the process that is split off it returns, too. Main thread only, before there are others.
    """
    if sys.platform != "linux":
        return work()
    child = os.fork()
    if child == 0:
        _become_child()
        return work()
    with _passing_on(child), _looking(child, silent_s) as is_hung:
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if is_hung():
        raise RoleError(
            f"HDF5 has computed for {silent_s:g} s without reading on: what it found there makes no sense. "
            "The recording is damaged; copy it anew, or take it from a backup."
        )
    if code < 0:
        raise RoleError(f"The process that did this ended with signal {-code}. The recording may be damaged.")
    return code


def _become_child() -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    os.setsid()  # Ctrl+C comes once, from the one who watches; and it can be lowered without its terminal


@contextmanager
def _passing_on(child: int) -> Iterator[None]:
    def pass_on(number: int, frame: FrameType | None) -> None:
        os.kill(child, number)

    before = [signal.signal(number, pass_on) for number in _PASSED_ON]
    try:
        yield
    finally:
        for number, handler in zip(_PASSED_ON, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def _looking(child: int, silent_s: float) -> Iterator[Callable[[], bool]]:
    """Look at it now and then, by the alarm of this process; it is killed when it has hung."""
    watch = _Watch(child, silent_s)

    def look(number: int, frame: FrameType | None) -> None:
        watch.look()
        signal.setitimer(signal.ITIMER_REAL, LOOK_S)  # the next only now: on a busy machine this takes long

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, LOOK_S)
    try:
        yield lambda: watch.is_hung
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(frozen=True, slots=True)
class _Sight:
    """Of the process, at one moment."""

    time_s: float
    computed_s: float
    calls: int
    """How often it has read or written."""


class _Watch:
    """Compares what is seen of the process with what was seen when it read or wrote last."""

    def __init__(self, child: int, silent_s: float) -> None:
        self._child = child
        self._silent_s = silent_s
        self._last: _Sight | None = None
        self.is_hung = False

    def look(self) -> None:
        """Once more."""
        sight = _sight_of(self._child)
        if sight is None or self.is_hung:
            return
        if self._last is None or sight.calls != self._last.calls:
            self._last = sight
            return
        silent_s = sight.time_s - self._last.time_s
        computed_s = sight.computed_s - self._last.computed_s
        if silent_s >= self._silent_s and computed_s >= COMPUTED_SHARE * self._silent_s:
            self.is_hung = True
            os.kill(self._child, signal.SIGKILL)


def _sight_of(child: int) -> _Sight | None:
    from studio.timing.clock import NS_PER_S, monotonic_ns  # only where a command takes longer than a moment

    process = Path(f"/proc/{child}")
    try:
        numbers = (process / "stat").read_text().rpartition(")")[2].split()
        counts = dict(line.split(": ") for line in (process / "io").read_text().splitlines())
    except OSError:
        return None  # it has just ended, or this system does not say
    ticks = int(numbers[11]) + int(numbers[12])  # of user and system, see proc(5)
    calls = int(counts["syscr"]) + int(counts["syscw"])
    return _Sight(monotonic_ns() / NS_PER_S, ticks / os.sysconf("SC_CLK_TCK"), calls)
