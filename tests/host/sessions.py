"""What a session of processes gets of the processors, see sched(7) under "autogroup"."""

from pathlib import Path


def session_niceness(pid: int) -> str:
    """What the session of a process stands at; "none" where it has no share of its own.

    A system without such shares has no file; a process whose session is older than they are (the first of a
    container, and what is started from it without a terminal) has an empty one.
    """
    session = Path(f"/proc/{pid}/autogroup")
    return session.read_text().split()[-1] if session.exists() and session.read_text().strip() else "none"
