"""When a process has ended: also where nobody takes note of it.

What loses its parent falls to the first process of the machine, which in a container may be any program, and
may never ask for it: it stays as a zombie.
"""

from collections.abc import Iterable
from contextlib import suppress

import psutil

from studio.host.lives import lives
from tests.waiting import wait_until


def has_ended(process: psutil.Process) -> bool:
    """Whether it does nothing any more."""
    return not (process.is_running() and lives(process.pid))


def wait_for_ends(processes: Iterable[psutil.Process], timeout_s: float = 20.0) -> None:
    """Wait until all of them have ended; of the children of this process note is taken."""
    waited_for = list(processes)
    wait_until(lambda: all(map(has_ended, waited_for)), timeout_s, f"the end of {waited_for}")
    for process in waited_for:
        with suppress(psutil.Error):  # a zombie that is not ours to wait for
            process.wait(0)


def survivors(processes: Iterable[psutil.Process], timeout_s: float) -> list[psutil.Process]:
    """Those that still run after they had time to end."""
    waited_for = list(processes)
    with suppress(AssertionError):
        wait_for_ends(waited_for, timeout_s)
    return [process for process in waited_for if not has_ended(process)]
