"""Times of sessions told together with their names: `SESSION@TIME`.

What the timeline needs to know of sessions that are not on it; who has a list of them tells.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SessionPlace:
    """A time of a session, as it was typed."""

    paths: tuple[str, ...]
    """Of the recordings of the session."""
    time_text: str
    is_shown: bool
    """Whether the session is on screen."""


class SessionPlaces(Protocol):
    """Knows sessions by their names."""

    @property
    def name(self) -> str:
        """Of the session on screen; empty: nobody knows it."""
        ...

    def place_of(self, text: str) -> SessionPlace | None:
        """What `SESSION@TIME` means; None: no session is named. Raises TimeTextError for an unknown one."""
        ...

    def go_to(self, place: SessionPlace) -> None:
        """Open that session and put the cursor there."""
        ...


class OnlyThisSession:
    """Knows no sessions by name. See SessionPlaces."""

    name = ""

    def place_of(self, text: str) -> SessionPlace | None:
        """See SessionPlaces."""

    def go_to(self, place: SessionPlace) -> None:
        """See SessionPlaces."""
