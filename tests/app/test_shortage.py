"""Disk or processors: the arithmetic by itself, and a thread that is short of a processor in earnest."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.shortage import WINDOW, Reading, ShortageMeter, judged
from studio.app.status import HeldUp
from studio.store.disk_time import DiskTime, Effort
from studio.timing import NS_PER_S, monotonic_ns
from tests.waiting import wait_until

LOOKS = 15


def looks(
    *,
    disk: float = 0.0,
    sleeps: float | None = None,
    ready: float | None = 0.0,
    busy: float = 0.0,
    own: float = 0.0,
) -> tuple[Reading, ...]:
    """Readings of a window in which so great a part of the time was spent so."""
    return tuple(
        Reading(
            monotonic=1 + number * WINDOW // LOOKS,
            disk_ns=int(disk * number * WINDOW / LOOKS),
            sleeps=None if sleeps is None else number < sleeps * LOOKS,
            ready_ns=None if ready is None else int(ready * number * WINDOW / LOOKS),
            busy_s=busy * number,
            total_s=float(number),
            own_s=own * number * WINDOW / LOOKS / NS_PER_S,
        )
        for number in range(LOOKS + 1)
    )


@pytest.mark.parametrize(
    ("readings", "verdict"),
    [
        (looks(disk=1.0, sleeps=1.0, busy=0.4), HeldUp.BY_DISK),
        (looks(disk=1.0, sleeps=1.0, busy=1.0), HeldUp.BY_DISK),  # however busy all is
        (looks(disk=1.0, ready=None, busy=0.4), HeldUp.BY_DISK),  # of a system that says less
        (
            looks(disk=0.9, sleeps=0.0, busy=1.0),
            HeldUp.BY_PROCESSORS,
        ),  # it waits in those calls, but for them
        (looks(disk=0.3, sleeps=0.0, ready=0.5, busy=0.6), HeldUp.BY_PROCESSORS),  # held to one of them
        (looks(disk=0.7, sleeps=0.7, busy=0.95), HeldUp.BY_BOTH),
        (looks(disk=0.6, ready=None, busy=0.95), HeldUp.BY_BOTH),
        (looks(disk=0.3, sleeps=0.3, busy=0.95), HeldUp.BY_BOTH),
        (looks(disk=0.5, sleeps=0.0, busy=0.1, own=1.1), HeldUp.BY_ITSELF),
        (looks(disk=0.3, sleeps=0.3, busy=0.5, own=0.5), HeldUp.SOMEHOW),
        (looks(), HeldUp.SOMEHOW),
        (looks(disk=1.0)[:1], HeldUp.SOMEHOW),
        ((), HeldUp.SOMEHOW),
    ],
)
def test_who_is_to_blame(readings: tuple[Reading, ...], verdict: HeldUp) -> None:
    assert judged(readings) is verdict


@given(
    disk=st.floats(0, 1), sleeps=st.none() | st.floats(0, 1), ready=st.none() | st.floats(0, 1),
    busy=st.floats(0, 1), own=st.floats(0, 2),
)  # fmt: skip
def test_nobody_is_blamed_without_evidence(
    disk: float, sleeps: float | None, ready: float | None, busy: float, own: float
) -> None:
    verdict = judged(looks(disk=disk, sleeps=sleeps, ready=ready, busy=busy, own=own))
    assert verdict is not HeldUp.NOT
    if verdict in (HeldUp.BY_DISK, HeldUp.BY_BOTH):
        assert disk > 0.19
        assert sleeps is None or sleeps > 0.1
    if verdict in (HeldUp.BY_PROCESSORS, HeldUp.BY_BOTH):
        assert busy > 0.89 or (ready or 0.0) > 0.24
    if verdict is HeldUp.BY_ITSELF:
        assert own > 0.89


def test_time_for_the_disk_is_counted_once_and_while_it_lasts() -> None:
    time = DiskTime()
    assert time.spent() == 0
    with time:
        with time:
            begun = monotonic_ns()
            wait_until(lambda: monotonic_ns() > begun + 1_000_000)
            seen = time.spent()
            assert seen >= 1_000_000
        assert time.spent() >= seen
    total = time.spent()
    assert total >= seen
    assert time.spent() == total


@contextmanager
def rivals(processor: int, count: int) -> Iterator[None]:
    """So many programs that want all of that processor."""
    line = f"import os\nos.sched_setaffinity(0, [{processor}])\nprint(flush=True)\nwhile True: pass"
    programs = [subprocess.Popen([sys.executable, "-c", line], stdout=subprocess.PIPE) for _ in range(count)]
    try:
        for program in programs:
            assert program.stdout is not None
            program.stdout.read(1)
        yield
    finally:
        for program in programs:
            program.kill()
            program.communicate()


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="the system does not say who waits")
def test_a_writer_that_gets_no_processor_does_not_blame_the_disk() -> None:
    """It is in a call for the disk all the time, and shares a processor with three others."""
    begun, ended = threading.Event(), threading.Event()
    time, meter = DiskTime(), ShortageMeter()

    def write() -> None:
        os.sched_setaffinity(0, {processor})
        begun.set()
        with time:
            while not ended.is_set():
                sum(range(1000))

    processor = min(os.sched_getaffinity(0))
    writer = threading.Thread(target=write)
    with rivals(processor, 3):
        writer.start()
        try:
            assert begun.wait(30)

            def verdict() -> HeldUp:
                meter.look(Effort(time.spent(), writer.native_id or 0))
                return meter.verdict()

            wait_until(lambda: verdict() is HeldUp.BY_PROCESSORS, timeout_s=60)
        finally:
            ended.set()
            writer.join()
