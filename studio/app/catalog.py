"""Finds recordings below a folder and says in a line each what they are. Reads, never repairs or writes.

A session is a folder with one or more recordings; recordings that lie about loose are listed, too. What is
not a recording, or is damaged, is listed with the reason instead of being hidden.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from studio.app.answers import SessionEntry
from studio.app.session_files import RECORDING_SUFFIX, read_session
from studio.errors import StoreEnvironmentError, StudioError
from studio.store.reader import StoreReader
from studio.store.sidecar import is_being_written
from studio.store.summary import RecordingSummary, read_summary
from studio.timing import Timestamp

DEEPEST = 3
"""Levels of folders looked into: datasets of sessions, and one to spare."""


@dataclass(frozen=True, slots=True)
class _Identity:
    """A file as it was when it was read; the same again needs no second look."""

    size: int
    modified: Timestamp
    inode: int


def _identity(status: os.stat_result) -> _Identity:
    return _Identity(status.st_size, status.st_mtime_ns, status.st_ino)


class Catalog:
    """Lists recordings, remembering those that have not changed. Belongs to one thread of the reader role."""

    def __init__(
        self, *, on_opening: Callable[[Path], None] | None = None, avoided: Mapping[str, str] | None = None
    ) -> None:
        """`on_opening` is told each file before it is opened; `avoided` are files that are not opened as long
        as they do not change, and what is wrong with each."""
        self._known: dict[str, tuple[_Identity, SessionEntry]] = {}
        self._on_opening = on_opening
        for path, problem in (avoided or {}).items():
            self._avoid(Path(path), problem)

    def list_sessions(self, folder: Path) -> tuple[SessionEntry, ...]:
        """All recordings below `folder`, newest first; nothing where the folder does not exist yet.

        Raises StoreEnvironmentError for a folder that cannot be read.
        """
        paths = tuple(find_recordings(folder))
        in_folder = Counter(path.parent for path in paths)
        entries = [self._entry(path, alone=in_folder[path.parent] == 1) for path in paths]
        found = [entry for entry in entries if entry is not None]
        gone = [path for path in self._known if not os.path.lexists(path)]
        for path in gone:
            del self._known[path]
        return tuple(sorted(found, key=lambda entry: entry.started_time, reverse=True))

    def _avoid(self, path: Path, problem: str) -> None:
        try:
            status = path.stat()
        except OSError:
            return  # it cannot do harm any more
        name = _shown_name(path, alone=True)
        self._known[str(path)] = (_identity(status), _unreadable(path, name, status, problem))

    def look_again(self, path: Path) -> None:
        """Open that file at the next listing, whatever was known of it."""
        self._known.pop(str(path), None)

    def _entry(self, path: Path, *, alone: bool) -> SessionEntry | None:
        try:
            status = path.stat()
        except FileNotFoundError:
            return None  # moved away while we looked
        identity = _identity(status)
        known = self._known.get(str(path))
        if known is not None and known[0] == identity and not known[1].live:
            return known[1]
        if self._on_opening is not None:
            self._on_opening(path)
        try:
            entry = describe(path, name=_shown_name(path, alone=alone))
        except FileNotFoundError:
            return None
        self._known[str(path)] = (identity, entry)
        return entry


def list_sessions(folder: Path, catalog: Catalog | None = None) -> tuple[SessionEntry, ...]:
    """All recordings below `folder`, newest first; a catalog given remembers for the next time."""
    return (catalog if catalog is not None else Catalog()).list_sessions(folder)


def describe(path: Path, *, name: str = "") -> SessionEntry:
    """One recording in a line; what is wrong with it, if it cannot be opened."""
    shown = name or path.stem
    try:
        summary = read_summary(path)
        return _from_reader(path, shown) if summary is None else _from_summary(path, shown, summary)
    except StudioError as error:
        return _unreadable(path, shown, path.stat(), str(error))


def _unreadable(path: Path, name: str, status: os.stat_result, problem: str) -> SessionEntry:
    return SessionEntry(
        path=str(path),
        name=name,
        started_time=status.st_mtime_ns,
        duration_ns=0,
        byte_size=status.st_size,
        stream_count=0,
        # Of a recording that has only just begun nothing can be read yet.
        live=is_being_written(path),
        clean=False,
        problem=problem,
    )


def _from_summary(path: Path, name: str, summary: RecordingSummary) -> SessionEntry:
    return SessionEntry(
        path=str(path),
        name=name,
        started_time=summary.created,
        duration_ns=summary.last_time - summary.first_time,
        byte_size=path.stat().st_size,
        stream_count=summary.stream_count,
        clean=summary.clean,
    )


def _from_reader(path: Path, name: str) -> SessionEntry:
    """A recording that grows, or that was broken off: only its commits know how far it goes."""
    with StoreReader(path, repair=False) as reader:
        info = reader.info()
    return SessionEntry(
        path=str(path),
        name=name,
        started_time=info.created,
        duration_ns=info.last_time - info.first_time,
        byte_size=info.byte_size,
        stream_count=len(info.streams),
        live=info.live,
        clean=info.clean,
    )


def find_recordings(folder: Path) -> Iterator[Path]:
    """Files that are called like recordings, at most `DEEPEST` levels below."""
    top = folder.expanduser().absolute()
    if top.exists() and not top.is_dir():
        raise StoreEnvironmentError(f"{top} is a file; choose the folder that your recordings are in.")
    if not top.exists():
        return
    try:
        os.scandir(top).close()
    except OSError as error:
        raise StoreEnvironmentError(f"The folder {top} cannot be read: {error.strerror}.") from error
    for place, folders, files in os.walk(top):
        depth = len(Path(place).relative_to(top).parts)
        folders[:] = sorted(f for f in folders if not f.startswith(".")) if depth < DEEPEST else []
        yield from (Path(place, file) for file in sorted(files) if _is_recording_name(file))


def _is_recording_name(file: str) -> bool:
    return file.endswith(RECORDING_SUFFIX) and not file.startswith(".")


def _shown_name(path: Path, *, alone: bool) -> str:
    """The session's name; with the recording's own where the session has several."""
    try:
        session = read_session(path.parent)
    except StudioError:
        session = None
    if session is None:
        return path.stem
    return session.name if alone else f"{session.name} / {path.stem}"
