"""Lets a long piece of work step back beside a recorder, also beside one that begins when it is half done.

Owns when that is looked for; what it means is in `politeness`.
"""

import logging
import threading

from studio.engine.threads import StudioThread, spawn
from studio.host.politeness import recorder_runs, step_back
from studio.timing import NS_PER_S, Duration, wait_on

LOOK_INTERVAL: Duration = 2 * NS_PER_S
"""A look reads one small file."""
_log = logging.getLogger(__name__)


def give_way() -> StudioThread | None:
    """Step back now if there is a recorder, else as soon as one comes; the thread that looks out for it.

    It need not be waited for: it ends with the process, or once there is nothing left to look for. Nobody
    rises again when the recorder has gone: the system does not allow it.
    """
    if recorder_runs():
        step_back()
        return None
    return spawn("giving-way", _look_out, _tell)


def _look_out(cancelled: threading.Event) -> None:
    while not wait_on(cancelled, LOOK_INTERVAL):
        if recorder_runs():
            step_back()
            return


def _tell(error: BaseException) -> None:
    """The work itself is not concerned."""
    _log.error("this work cannot step back beside a recording", exc_info=error)
