"""Finds what a test left running. Looks only; the caller decides what it means."""

import os
import threading
import time
from dataclasses import dataclass
from typing import Self

import psutil

GRACE_S = 3.0
"""Processes that end at end-of-file of their pipe need a moment after the test closed it."""


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What was there before the test, to be compared with what is there after it."""

    mark: tuple[str, str]
    """Environment variable and value that every process started by the test inherits, even a detached one."""
    threads: frozenset[threading.Thread]
    pids: frozenset[int]

    @classmethod
    def before_test(cls, mark: tuple[str, str]) -> Self:
        """Remember the threads and processes that were there already."""
        return cls(mark=mark, threads=frozenset(threading.enumerate()), pids=frozenset(psutil.pids()))

    def after_test(self) -> list[str]:
        """Describe what is still alive after the grace; such processes are killed lest they harm others."""
        deadline = time.monotonic() + GRACE_S
        while (threads := self._threads()) or (processes := self._processes()):
            if time.monotonic() > deadline:
                break
            time.sleep(0.005)
        else:
            return []
        processes = self._processes()
        found = [f"thread {thread.name}" for thread in threads]
        found += [f"process {_describe(process)}" for process in processes]
        for process in processes:
            _kill(process)
        return found

    def _threads(self) -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread not in self.threads and _matters(thread)]

    def _processes(self) -> list[psutil.Process]:
        return [process for pid in psutil.pids() if pid not in self.pids and (process := self._ours(pid))]

    def _ours(self, pid: int) -> psutil.Process | None:
        name, value = self.mark
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return process if _is_unwaited(process) else None
            return process if process.environ().get(name) == value else None
        except psutil.Error:
            return None


def _is_unwaited(zombie: psutil.Process) -> bool:
    """Whether the test forgot to wait for its ended child. A zombie has no environment to tell it by."""
    if zombie.ppid() != os.getpid():
        return False
    if os.getpid() != 1:
        return True
    # The first process of a container inherits the orphans of all others, and has to reap them.
    os.waitpid(zombie.pid, os.WNOHANG)
    return False


def _matters(thread: threading.Thread) -> bool:
    return thread.name.startswith("studio.") or not thread.daemon


def _describe(process: psutil.Process) -> str:
    try:
        return f"{process.pid} ({process.status()}) {' '.join(process.cmdline())}"
    except psutil.Error:
        return str(process.pid)


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
        process.wait(GRACE_S)
    except psutil.Error:
        return  # it ended by itself meanwhile
