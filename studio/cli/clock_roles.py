"""What `studio clock` does: takes a role, and says how it stands until somebody or something ends it."""

import json as json_format
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from studio.app.clock_keeper import ClockKeeper
from studio.app.clock_sync import ClockSettings, ClockSyncStatus, address_key
from studio.app.clock_text import sync_text
from studio.app.status import Severity
from studio.cli.interruption import interruptible
from studio.cli.output import print_text, remark
from studio.cli.recording import own_clock
from studio.errors import ClockRoleError
from studio.timing import NS_PER_MS, NS_PER_S, Duration, monotonic_ns, wait_on
from studio.timing.sync_status import SyncState, SyncStatus

LOOK_INTERVAL: Duration = 100 * NS_PER_MS
TELL_INTERVAL: Duration = NS_PER_S


@dataclass(frozen=True, slots=True)
class Following:
    """How long to follow, and how to say it."""

    is_watched: bool
    timeout_s: float
    seconds: float | None
    json: bool
    is_far_allowed: bool = False
    """However far off its clock is."""


def serve(settings: ClockSettings, *, seconds: float | None, json: bool) -> int:
    """Be the reference until a signal, or for so long from when it is reached; the exit code."""
    end: int | None = None
    with interruptible() as interrupted, _kept(settings) as keeper:
        told: object = None
        while True:
            status = keeper.status()
            if status.sync.state is SyncState.ERROR:
                return _say_why(status.sync)
            told = _tell_news(status, told, json=json)
            if end is None and status.sync.serving:
                end = _moment_in(seconds)
            if _wait(interrupted, end):
                return 0


def watch_clock(settings: ClockSettings, following: Following) -> int:
    """Follow until it is exact enough, or with `is_watched` until the end; the exit code."""
    end = _moment_in(following.seconds if following.is_watched else following.timeout_s)
    with interruptible() as interrupted, _kept(settings) as keeper:
        due = 0
        while True:
            status = keeper.status()
            if status.sync.far and following.is_far_allowed:
                follow_far(keeper, status.sync)
            elif status.sync.state is SyncState.ERROR:
                return _say_why(status.sync)
            is_exact = not status.gate
            is_over = (is_exact and not following.is_watched) or _wait(interrupted, end)
            if is_over or (following.is_watched and monotonic_ns() >= due):
                due = monotonic_ns() + TELL_INTERVAL
                _tell(status, json=following.json)
            if is_over:
                if not is_exact:
                    remark(f"studio: {status.gate}")
                return 0 if is_exact else 1


def follow_far(keeper: ClockKeeper, sync: SyncStatus) -> None:
    """Whoever typed the command has confirmed it. For this machine alone, and as long as the command runs."""
    if sync.reference is not None:
        with suppress(ClockRoleError):  # it is not far off any more, or another one answers by now
            keeper.follow_far(address_key(sync.reference.host, sync.reference.port), sync.reference.machine)


@contextmanager
def _kept(settings: ClockSettings) -> Iterator[ClockKeeper]:
    keeper = ClockKeeper(own_clock())
    keeper.tell_problems(_tell_problem)
    try:
        keeper.set(settings)
        yield keeper
    finally:
        keeper.close()


def _tell_problem(severity: Severity, text: str) -> None:
    remark(text)


def _wait(interrupted: threading.Event, end: int | None) -> bool:
    """True: it is over."""
    left = LOOK_INTERVAL if end is None else min(LOOK_INTERVAL, end - monotonic_ns())
    return left <= 0 or wait_on(interrupted, left)


def _moment_in(seconds: float | None) -> int | None:
    return None if seconds is None else monotonic_ns() + round(seconds * NS_PER_S)


def _say_why(sync: SyncStatus) -> int:
    hint = " Or follow it all the same with --far." if sync.far else ""
    remark(f"studio: {sync.text}{hint}")
    return 1


def _tell_news(status: ClockSyncStatus, told: object, *, json: bool) -> object:
    """Say it if something people see has changed."""
    news = (status.sync.state, status.sync.serving, status.sync.clients, status.rendezvous)
    if news != told and status.sync.serving:
        _tell(status, json=json)
    return news


def _tell(status: ClockSyncStatus, *, json: bool) -> None:
    if json:
        sys.stdout.write(json_format.dumps(_document(status), allow_nan=False) + "\n")
        sys.stdout.flush()
    else:
        print_text(sync_text(status))


def _document(status: ClockSyncStatus) -> dict[str, Any]:
    sync = status.sync
    reference = sync.reference
    return {
        "state": sync.state.value,
        "text": sync.text,
        "reference": None
        if reference is None
        else {"machine": reference.machine, "host": reference.host, "port": reference.port},
        "offset_ns": sync.offset,
        "bound_ns": sync.bound,
        "repeatability_ns": sync.repeatability,
        "rate_ppm": sync.rate_ppm,
        "correction_ppm": sync.correction_ppm,
        "round_trip_ns": sync.round_trip,
        "probes": sync.probes,
        "answered": sync.answered,
        "held_step_ns": sync.held_step,
        "tick_ns": sync.tick,
        "far_ns": sync.far,
        "serving": sync.serving,
        "clients": sync.clients,
        "rendezvous": status.rendezvous,
        "warning": status.warning,
    }
