"""Small files that describe something: written whole or not at all, by one studio at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

from studio.errors import SessionEditError
from studio.store.sidecar import SideCar
from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns, wait_on

PATIENCE = 3 * NS_PER_S
"""How long another studio may take with its own change."""


def unfinished_name(name: str) -> str:
    """Beside the file while it is being written; a killed process may leave one, which the next replaces."""
    return f".{name}.new"


def write_whole(place: Path, data: bytes) -> None:
    """Put it there, whole or not at all; it is on the disk afterwards. Raises OSError."""
    unfinished = place.with_name(unfinished_name(place.name))
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(place)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
    _sync_folder(place.parent)


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Nobody else changes that file while the block lasts. Raises SessionEditError."""
    folder = place.parent
    if not folder.is_dir():
        raise SessionEditError(f"{folder} is not there any more; nothing was changed.")
    begun = monotonic_ns()
    while (lock := SideCar.take(place)) is None:
        if monotonic_ns() - begun > PATIENCE:
            raise SessionEditError(f"Another studio is changing {folder.name}. Try again in a moment.")
        wait_on(Event(), 10 * NS_PER_MS)
    try:
        yield
    finally:
        lock.release()


def writable(text: str) -> str:
    """As a file can hold it: half a character, which a clipboard may hold, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a power cut, where a folder can be synchronised at all."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
