"""What can be asked of the operations, as frozen values without any tool. Known to every process."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """Read everything of a recording and say what is wrong. Makes nothing."""

    path: str


@dataclass(frozen=True, slots=True)
class RepairRequest:
    """Put a recording in order whose recorder died: flags and lengths only."""

    path: str
