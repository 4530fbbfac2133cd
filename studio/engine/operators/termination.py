"""When a branch of `parallel_sparse` ends: policies asked after each message for each live branch (E221)."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeAlias

from studio.timing import Timestamp


@dataclass(frozen=True, slots=True)
class BranchState:
    """How a live branch stands after a message."""

    key: Hashable
    number: int
    """Of the branch: a key that comes back gets a new one."""
    absences: int
    """Messages in a row, up to this one, that lacked the key; 0: it has it."""
    previous_time: Timestamp
    """Of the message before this one."""


TerminationPolicy: TypeAlias = Callable[[BranchState], Timestamp | None]
"""Says at which time the branch is to end; None: it goes on."""


def when_key_not_present(state: BranchState) -> Timestamp | None:
    """End with the first message that lacks the key, at the time of the last that had it."""
    return state.previous_time if state.absences else None


def after_key_not_present(n: int) -> TerminationPolicy:
    """End with the (n+1)-th message in a row that lacks the key, at the time of the n-th (PORT of E221)."""
    if n < 0:
        raise ValueError(f"a branch cannot end after {n} messages without its key; give 0 or more")
    return lambda state: state.previous_time if state.absences > n else None


def never(_state: BranchState) -> Timestamp | None:
    """Go on until the end of the run."""
    return None
