"""Files that the reader process did not survive opening: listings show them as broken, and live."""

import json
from collections.abc import Sequence

MOST_SUSPECTS = 100
"""The oldest is forgotten for the next."""


class ReaderSuspects:
    """Belongs to the thread of one reader client."""

    def __init__(self) -> None:
        self._problems: dict[str, str] = {}
        self._opening = ""

    def begin(self) -> None:
        """A question is asked: nothing is being opened yet."""
        self._opening = ""

    def opens(self, path: str) -> None:
        """The reader says that it is about to open that file."""
        self._opening = path

    def answered(self, path: str) -> None:
        """A question about that file has been answered: it is none of them."""
        self._problems.pop(path, None)

    def blame(self, what: str) -> str:
        """The reader has ended: `what` happened while it opened a file. Returns that file; empty if none."""
        path, self._opening = self._opening, ""
        if path:
            self._problems.pop(path, None)
            self._problems[path] = f"{what} Open it by itself to try again, or copy it anew."
            for oldest in list(self._problems)[:-MOST_SUSPECTS]:
                del self._problems[oldest]
        return path

    def arguments(self) -> Sequence[str]:
        """For the command line of the next reader."""
        return ("--avoid", json.dumps(self._problems)) if self._problems else ()
