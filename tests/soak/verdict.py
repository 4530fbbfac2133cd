"""The table of a long run, and what is to be said of it in the end."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.app.status import FinishedRecording
from studio.store import verify
from studio.store.reader import StoreReader
from tests.soak.growth import LEAST, Growth, growth_of
from tests.soak.roles import Taken

MOST_MEMORY = 20.0
"""MB an hour of PSS by which a role may grow."""
MOST_HANDLES = 2.0
MOST_THREADS = 2.0
WARM_UP_MINUTES = 4.0
"""Caches, rings and pools fill in the beginning: that is no growth. A fifth of a short run."""
MOST_LATE_S = 2.0
"""A commit older than that is worse than what a kill may cost."""


@dataclass(frozen=True, slots=True)
class Row:
    """One minute."""

    minute: float
    roles: dict[str, Taken]
    cpu: dict[str, float]
    """Processors that a role kept busy."""
    late_s: float
    """Age of the newest commit: median."""
    latest_s: float
    came: float
    """Samples and messages stored a second."""
    dropped: int
    file_size: int
    load: float
    """Of the machine."""


def heading() -> str:
    """Above the rows."""
    return (
        "minute | role: PSS/RSS MB, handles, threads, CPU | age of the newest commit, median and worst | "
        "stored a second | lost so far | file | load"
    )


def line_of(row: Row) -> str:
    """One row."""
    roles = "; ".join(
        f"{role} {taken.pss:.1f}/{taken.rss:.1f} {taken.handles}h {taken.threads}t {row.cpu[role]:.2f}"
        for role, taken in sorted(row.roles.items())
    )
    return (
        f"{row.minute:6.1f} | {roles} | {row.late_s:.2f} {row.latest_s:.2f} s | {row.came / 1e3:.1f} k | "
        f"{row.dropped} | {row.file_size / 1e9:.2f} GB | {row.load:.1f}"
    )


def verdict_of(rows: Sequence[Row], finished: FinishedRecording, problems: list[str], path: Path) -> bool:
    """Print what is to be said; True if nothing is to be blamed."""
    blames = [*_growths(rows), *_lateness(rows), *_account(finished), *_file(path)]
    for problem in problems:
        print(f"told: {problem}")
    for blame in blames:
        print(f"BLAME: {blame}")
    print(f"load of the machine in the end: {os.getloadavg()[2]:.1f}")
    print("verdict: " + ("something is to be blamed" if blames else "nothing grew, nothing was lost"))
    return not blames


def _growths(rows: Sequence[Row]) -> list[str]:
    warm = min(WARM_UP_MINUTES, rows[-1].minute / 5) if rows else 0.0
    settled = [row for row in rows if row.minute > warm]
    if len(settled) < LEAST:
        print(f"growth: not known from {len(settled)} minutes")
        return []
    blames = []
    lasting = set.intersection(*(set(row.roles) for row in settled))
    for role in sorted(lasting):
        for what, limit, growth in _growths_of(role, settled):
            found = f"{growth.per_hour:+.2f} ± {growth.doubt:.2f} an hour"
            print(f"growth of {role}: {what} {found} (limit {limit:g})")
            if growth.exceeds(limit):
                blames.append(f"{role}: {what} grew by {growth.per_hour:.1f} an hour")
    return blames


def _growths_of(role: str, rows: Sequence[Row]) -> list[tuple[str, float, Growth]]:
    hours = [row.minute / 60 for row in rows]
    taken = [row.roles[role] for row in rows]
    return [
        ("PSS, MB", MOST_MEMORY, growth_of(hours, [one.pss for one in taken])),
        ("handles", MOST_HANDLES, growth_of(hours, [one.handles for one in taken])),
        ("threads", MOST_THREADS, growth_of(hours, [one.threads for one in taken])),
        ("processors", float("inf"), growth_of(hours, [row.cpu[role] for row in rows])),
    ]


def _lateness(rows: Sequence[Row]) -> list[str]:
    worst = max((row.latest_s for row in rows), default=0.0)
    print(f"worst age of the newest commit: {worst:.2f} s")
    return [f"a commit came {worst:.1f} s late"] if worst > MOST_LATE_S else []


def _account(finished: FinishedRecording) -> list[str]:
    blames = []
    for stream in finished.streams:
        print(
            f"{stream.name}: {stream.produced} produced, {stream.stored} stored, {stream.dropped} lost, "
            f"{stream.gaps} gaps"
        )
        if stream.produced != stream.stored + stream.dropped:
            blames.append(f"the account of {stream.name} is not exact")
        if stream.dropped:
            blames.append(f"{stream.name} lost {stream.dropped}")
    return blames


def _file(path: Path) -> list[str]:
    print(f"{path.stat().st_size / 1e9:.2f} GB; checking all of it", flush=True)
    with StoreReader(path) as reader:
        missing = Counter[tuple[str, str]]()
        for loss in reader.loss():
            missing[loss.stream, loss.reason] += loss.count
    for (stream, reason), count in missing.items():
        print(f"missing of {stream}: {count}, {reason}")
    report = verify(path)
    return [] if report.is_sound else [f"the file is not sound: {finding}" for finding in report.findings]
