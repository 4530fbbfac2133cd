"""Whether a process is still there to do something."""

import psutil


def lives(pid: int) -> bool:
    """Whether a process of this number runs.

    One that has ended keeps its number until its parent takes note of it; in a container nobody may ever.
    """
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:  # of somebody else, on a system that keeps this to itself: it is there
        return True
