"""Keeps the recordings that are being played open, so that a seek opens nothing. Belongs to one thread.

A reader is lent to one run at a time; between two runs the player's own thread may ask it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.errors import StoreEnvironmentError
from studio.formats.recording import StreamInfo
from studio.store.reader import StoreReader
from studio.store.sidecar import is_being_written


@dataclass(slots=True)
class _Kept:
    """One open recording."""

    reader: StoreReader
    identity: tuple[int, ...]
    was_live: bool


class ReaderShelf:
    """Readers by path."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def reader(self, path: str) -> StoreReader:
        """The reader of a recording as it is now; raises StoreEnvironmentError or StoreFormatError."""
        kept = self._kept.get(path)
        if kept is not None and not self._is_same(path, kept):
            self._forget(path)
            kept = None
        if kept is None:
            reader = StoreReader(path)  # which may put it in order first: then it is another file
            kept = self._kept[path] = _Kept(reader, _identity(path), is_being_written(Path(path)))
        return kept.reader

    def streams(self, path: str, names: Sequence[str]) -> tuple[StreamInfo, ...]:
        """These streams up to the last commit; raises as `reader`, and StreamError."""
        reader = self.reader(path)
        reader.refresh()
        # Only what is wanted: a recording may have very many streams.
        return tuple(reader.stream(name).info() for name in names)

    def check_there(self) -> None:
        """Raise StoreEnvironmentError if a recording has been moved or deleted under our hands."""
        for path in self._kept:
            _identity(path)

    def keep_only(self, paths: set[str]) -> None:
        """Give all others back."""
        for path in set(self._kept) - paths:
            self._forget(path)

    def close(self) -> None:
        """Give all back. Idempotent."""
        self.keep_only(set())

    def _is_same(self, path: str, kept: _Kept) -> bool:
        now = _identity(path)
        # A recording that grew while it was open is followed by its reader.
        return now[:2] == kept.identity[:2] if kept.was_live else now == kept.identity

    def _forget(self, path: str) -> None:
        self._kept.pop(path).reader.close()


def _identity(path: str) -> tuple[int, ...]:
    try:
        found = Path(path).stat()
    except OSError as error:
        raise StoreEnvironmentError(
            f"The recording {Path(path).name} is not there any more: it was moved or deleted, or its disk "
            f"was taken away ({path})."
        ) from error
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
