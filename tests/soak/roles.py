"""What the processes of one studio take of the machine, by role. Looks only."""

from collections.abc import Iterable
from dataclasses import dataclass

import psutil

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Taken:
    """Of one role, over all its processes."""

    pss: float
    """MB, what is shared counted in parts."""
    rss: float
    """MB."""
    handles: int
    threads: int
    cpu_s: float
    """Since it began."""


def role_of(process: psutil.Process) -> str:
    """Which part of the studio it plays. Raises psutil.Error if it has ended."""
    arguments = process.cmdline()
    return arguments[arguments.index("--role") + 1] if "--role" in arguments else "window"


def taken_by(processes: Iterable[psutil.Process]) -> dict[str, Taken]:
    """By role; processes that end meanwhile are left out."""
    found: dict[str, Taken] = {}
    for process in processes:
        try:
            role, one = role_of(process), _taken(process)
        except psutil.Error:
            continue
        before = found.get(role, Taken(0.0, 0.0, 0, 0, 0.0))
        found[role] = Taken(
            before.pss + one.pss,
            before.rss + one.rss,
            before.handles + one.handles,
            before.threads + one.threads,
            before.cpu_s + one.cpu_s,
        )
    return found


def _taken(process: psutil.Process) -> Taken:
    memory, cpu = process.memory_full_info(), process.cpu_times()
    return Taken(
        memory.pss / MEGABYTE,
        memory.rss / MEGABYTE,
        process.num_fds(),
        process.num_threads(),
        cpu.user + cpu.system,
    )
