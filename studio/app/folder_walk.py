"""Goes through the folders below a dataset, one at a time, and says which files of sessions are in each.

Stops at a depth, looks into no folder twice (links may go round in circles), passes over hidden ones, and
goes on when a folder vanishes or cannot be read. Opens no file.
"""

import os
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from studio.app.session_description import SESSION_FILE
from studio.app.session_files import RECORDING_SUFFIX
from studio.errors import StoreEnvironmentError

DEEPEST = 3
"""Levels of folders looked into: datasets of sessions, and one to spare."""


@dataclass(frozen=True, slots=True)
class FoundFolder:
    """One folder that has something of a session in it."""

    path: Path
    recordings: tuple[str, ...]
    """Names of its files that are called like recordings, sorted."""
    described: bool
    """Whether it has a `session.json`."""
    is_top: bool


class FolderWalk:
    """One pass. `next_folder` until it says None."""

    def __init__(self, top: Path) -> None:
        self._top = top.expanduser().absolute()
        self._waiting: deque[tuple[str, int]] = deque([(str(self._top), 0)])
        self._links: deque[tuple[str, int]] = deque()
        self._visited: set[tuple[int, int]] = set()

    def check(self) -> bool:
        """Whether the folder is there. Raises StoreEnvironmentError for one that cannot be read."""
        if not self._top.exists():
            return False
        if not self._top.is_dir():
            raise StoreEnvironmentError(
                f"{self._top} is a file; choose the folder that your recordings are in."
            )
        try:
            os.scandir(self._top).close()
        except OSError as error:
            raise StoreEnvironmentError(
                f"The folder {self._top} cannot be read: {error.strerror}."
            ) from error
        return True

    def next_folder(self) -> FoundFolder | None:
        """The next folder, whatever is in it; None at the end. Links come last: what they lead to has a
        place of its own, most times."""
        while self._waiting or self._links:
            place, depth = self._waiting.popleft() if self._waiting else self._links.popleft()
            if self._is_new(place):
                return self._look_into(place, depth)
        return None

    def _is_new(self, place: str) -> bool:
        try:
            status = os.stat(place)
        except OSError:
            return False  # it has gone, or leads nowhere
        identity = (status.st_dev, status.st_ino)
        if identity in self._visited:
            return False
        self._visited.add(identity)
        return True

    def _look_into(self, place: str, depth: int) -> FoundFolder:
        recordings: list[str] = []
        described = False
        for entry in _entries(place):
            if entry.name == SESSION_FILE:
                described = True
            elif entry.name.startswith("."):
                continue
            elif _is_folder(entry):
                if depth < DEEPEST:
                    (self._links if entry.is_symlink() else self._waiting).append((entry.path, depth + 1))
            elif entry.name.endswith(RECORDING_SUFFIX):
                recordings.append(entry.name)
        return FoundFolder(Path(place), tuple(recordings), described, is_top=depth == 0)


def _entries(place: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []  # not for us, or gone: the others are listed all the same


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
