"""What the reader says before it answers: what it is at, and that it lives. Values only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Opening:
    """The reader is about to open this file: should that be the last word, the file is to blame."""

    path: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The reader is at work on each of very many streams of a file: it lives."""

    path: str
    done: float
    """From 0 to 1, and 1 when it has been answered."""
    can_be_called_off: bool = False
    """Nothing is left half done then."""
