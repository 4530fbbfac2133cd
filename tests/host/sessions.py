"""What a session of processes gets of the processors, see sched(7) under "autogroup"."""

from pathlib import Path


def session_niceness(pid: int) -> str:
    """What the session of a process stands at; "none" where it has no share of its own.

    A system without such shares has no file; a process whose session is older than they are (the first of a
    container, and what is started from it without a terminal) has an empty one.
    """
    try:
        words = Path(f"/proc/{pid}/autogroup").read_text().split()
    except OSError:
        return "none"
    return words[-1] if words else "none"
