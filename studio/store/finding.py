"""What is wrong with a recording: a value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    where: str
    what: str
