"""What a window says to the recorder so that two machines trust each other, as frozen values. No I/O here."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class BeginPairing:
    """Make this machine and another one trust each other. Reply: None, at once.

    How it goes is in `ClockSyncStatus.pairing`. A Failure where it cannot wait at that address, or what makes
    certificates is not installed.
    """

    host: str = ""
    """Of the machine that waits; empty: wait to be called."""
    port: int = 11513


@dataclass(frozen=True, slots=True)
class AnswerPairing:
    """The user has compared the codes. Reply: None. A Failure of kind `PairingError` if there are none."""

    is_equal: bool


@dataclass(frozen=True, slots=True)
class EndPairing:
    """Call off what is under way, and show it no more. Reply: None."""


@dataclass(frozen=True, slots=True)
class ForgetPaired:
    """Trust that machine no more. Reply: None."""

    fingerprint: str


PairingCommand: TypeAlias = BeginPairing | AnswerPairing | EndPairing | ForgetPaired
