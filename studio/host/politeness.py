"""Puts this process behind all others: what is being recorded or looked at goes first.

A lower priority alone does nothing on many a Linux desktop: there each session of processes (all of a
terminal, and every role of the studio) gets the same share of the processors ("autogroup", see sched(7)), and
priorities count only among the processes of one session. So a process that leads a session of its own lowers
the whole session, too. The share is never nothing: where others want every processor, a tenth of theirs.

Nor is there one priority of a process on Linux: each thread has its own, and hands it on to those it makes.
"""

import os
import sys
import threading
from pathlib import Path

import psutil

from studio.errors import RoleError
from studio.host.endpoint import find_endpoint
from studio.host.lives import lives
from studio.host.role_names import ENDPOINT_FILE
from studio.host.run_directory import RunDirectory
from studio.timing import NS_PER_MS, wait_on

NICENESS = 10
"""Beside one that wants all of a processor a tenth of it is left: slow, and not stuck."""
LOWEST = 19
"""There is none below."""
TRIES = 5
"""The system takes ten such wishes in a second from all processes of its users."""
UNTIL_NEXT = 120 * NS_PER_MS
_SESSION = Path("/proc/self/autogroup")
_THREADS = Path("/proc/self/task")


def recorder_runs() -> bool:
    """Whether somebody here records, or is about to: a window is open, or has left its recorder behind."""
    try:
        endpoint = find_endpoint(RunDirectory.open().file(ENDPOINT_FILE))
    except RoleError:
        return False
    return endpoint is not None and lives(endpoint.pid)


def step_back() -> None:
    """Let others go first from now on; for good, and for the processes that are started from here, too.

    At any time, from any thread, once: the system lets nobody rise again. What it refuses is left: the work
    is the same, only faster.
    """
    if sys.platform == "win32":  # pragma: no cover
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        return
    if sys.platform != "linux":  # pragma: no cover
        os.nice(NICENESS)
        return
    _lower_threads(min(os.getpriority(os.PRIO_PROCESS, os.getpid()) + NICENESS, LOWEST))
    if os.getsid(0) == os.getpid():
        _lower_session()


def _lower_threads(priority: int) -> None:
    """Until none is found above: one that was not lowered yet may have made another meanwhile."""
    while True in {_lower_thread(int(thread.name), priority) for thread in _THREADS.iterdir()}:
        pass


def _lower_thread(number: int, priority: int) -> bool:
    """Whether there was something to do."""
    try:
        if os.getpriority(os.PRIO_PROCESS, number) >= priority:
            return False
        os.setpriority(os.PRIO_PROCESS, number, priority)
    except (ProcessLookupError, PermissionError):  # it has just ended; or nothing may be lowered here
        return False
    return True


def _lower_session() -> None:
    for _ in range(TRIES):
        try:
            _SESSION.write_text(str(NICENESS))
        except BlockingIOError:  # others have just said so; not yet
            wait_on(threading.Event(), UNTIL_NEXT)
        except OSError:  # a system without such sessions: there the priority alone counts
            return
        else:
            return
