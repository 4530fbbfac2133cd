"""Finds the sessions below folders and says in a line each what they are. Reads, never repairs or writes.

A session is a folder with one or more recordings; recordings that lie about loose are listed, too. What is
not a recording, or is damaged, is listed with the reason instead of being hidden.

Somebody waits for every answer, so a look takes a fraction of a second and the next one goes on where it
stopped; a look tells only what has changed. No recording that is as it was is opened again.
"""

import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from studio.app.catalog_memory import CatalogMemory
from studio.app.dataset_description import DATASET_FILE, dataset_entry
from studio.app.file_identity import Identity, identity_of
from studio.app.folder_walk import FolderWalk, FoundFolder
from studio.app.partition_entries import describe, unreadable
from studio.app.session_description import SESSION_FILE, SessionDescription, read_session
from studio.app.session_entries import DatasetEntry, FolderChanges, PartitionEntry, SessionEntry
from studio.app.version_book import VersionBook
from studio.errors import StoreEnvironmentError, StudioError
from studio.timing import NS_PER_MS, Duration, monotonic_ns

LOOK_FOR: Duration = 150 * NS_PER_MS
"""How long a look takes, not counting the recording it is at."""
WORTH_SAVING = 50
"""Recordings that were read; fewer are kept at the end only."""
MOST_AT_ONCE = 300
"""Sessions in one answer: whoever takes it must not stumble."""


class Catalog:
    """Lists sessions, remembering what has not changed. Belongs to one thread of the reader role."""

    def __init__(
        self,
        *,
        on_opening: Callable[[Path], None] | None = None,
        avoided: Mapping[str, str] | None = None,
        memory: CatalogMemory | None = None,
    ) -> None:
        """`on_opening` is told each file before it is opened; `avoided` are files that are not opened as long
        as they do not change, and what is wrong with each. `memory` keeps what looks have found."""
        self._known: dict[str, tuple[Identity, PartitionEntry]] = {}
        self._memory = memory
        self._is_loaded = memory is None
        self._unsaved = 0
        """Recordings read since the memory was written."""
        self._described: dict[str, tuple[Identity, SessionDescription | None, str]] = {}
        self._folders: dict[str, _Looking] = {}
        self._epoch = uuid.uuid4().hex
        self._on_opening = on_opening
        for path, problem in (avoided or {}).items():
            self._avoid(Path(path), problem)

    def list_sessions(self, folder: Path) -> tuple[SessionEntry, ...]:
        """All sessions below `folder`, newest first; nothing where the folder does not exist yet.

        Raises StoreEnvironmentError for a folder that cannot be read.
        """
        walk = FolderWalk(folder)
        if not walk.check():
            return ()
        found = [session for each in _all_folders(walk) for session in self._sessions_in(each)]
        self._forget_gone(folder)
        return tuple(sorted(found, key=lambda entry: entry.started_time, reverse=True))

    def look(
        self, folder: str, epoch: str = "", version: int = 0, *, budget: Duration = LOOK_FOR
    ) -> FolderChanges:
        """What has changed below `folder` since `version` of `epoch`, as far as the time allows.

        A folder that cannot be read is told in the answer's `problem`.
        """
        begun = monotonic_ns()
        self._remember()
        looking = self._folders.setdefault(folder, _Looking(Path(folder)))
        anew = epoch != self._epoch or version > looking.book.version
        since = 0 if anew else version
        problem = self._go_on(looking, begun + budget)
        changed, removed, reached = looking.book.changes(since, MOST_AT_ONCE)
        return FolderChanges(
            folder=folder,
            epoch=self._epoch,
            version=reached,
            changed=changed,
            removed=removed,
            complete=looking.walk is None and reached == looking.book.version,
            anew=anew,
            problem=problem,
            described=looking.described(),
            took_ns=monotonic_ns() - begun,
        )

    def look_again(self, path: Path) -> None:
        """Open that file at the next listing, whatever was known of it."""
        self._known.pop(str(path), None)

    def close(self) -> None:
        """Keep what has been read; idempotent."""
        if self._memory is not None and self._is_loaded and self._unsaved:
            self._memory.save(self._known)
            self._unsaved = 0

    def _remember(self) -> None:
        if not self._is_loaded and self._memory is not None:
            self._is_loaded = True
            self._known = {**self._memory.load(), **self._known}

    def _go_on(self, looking: "_Looking", deadline: int) -> str:
        """Go on with a pass or begin one; returns what is wrong with the folder."""
        try:
            walk = looking.begin()
        except StoreEnvironmentError as error:
            looking.end()
            return str(error)
        while walk is not None and self._take_a_step(looking, walk):
            if monotonic_ns() > deadline:
                return ""
        looking.end()
        if walk is None:
            return f"The folder {looking.top} is not there."
        self._forget_gone(looking.top)
        if self._unsaved >= WORTH_SAVING:
            self.close()
        return ""

    def _take_a_step(self, looking: "_Looking", walk: FolderWalk) -> bool:
        """The next session, or the next folder; False at the end."""
        session = next(looking.sessions, None)
        if session is not None:
            looking.see(session)
            return True
        found = walk.next_folder()
        if found is not None:
            looking.sessions = self._sessions_in(found)
        return found is not None

    def _forget_gone(self, top: Path) -> None:
        """Of this folder only: another one may hang."""
        below = os.path.join(top.expanduser().absolute(), "")
        for path in [path for path in self._known if path.startswith(below) and not os.path.lexists(path)]:
            del self._known[path]

    def _avoid(self, path: Path, problem: str) -> None:
        try:
            status = path.stat()
        except OSError:
            return  # it cannot do harm any more
        self._known[str(path)] = (identity_of(status), unreadable(path, status, problem))

    def _sessions_in(self, found: FoundFolder) -> Iterator[SessionEntry]:
        if found.is_top and not found.described:
            yield from self._loose_in(found)
        elif found.recordings or found.described:
            yield self._session(found)

    def _loose_in(self, found: FoundFolder) -> Iterator[SessionEntry]:
        for names in together(found.recordings):
            parts = self._partitions(found.path, names)
            if parts:
                yield SessionEntry(parts[0].path, parts[0].name, parts, loose=True, id=parts[0].session_id)

    def _session(self, found: FoundFolder) -> SessionEntry:
        described, problem = self._description(found) if found.described else (None, "")
        parts = tuple(
            part for names in together(found.recordings) for part in self._partitions(found.path, names)
        )
        if described is None:
            return SessionEntry(str(found.path), found.path.name, parts, description_problem=problem)
        return SessionEntry(
            path=str(found.path),
            name=described.name.strip() or found.path.name,
            partitions=parts,
            id=described.id,
            created=described.created,
            participant=described.participant,
            notes=described.notes,
            tags=described.tags,
        )

    def _description(self, found: FoundFolder) -> tuple[SessionDescription | None, str]:
        place = found.path / SESSION_FILE
        try:
            identity = identity_of(place.stat())
        except OSError:
            return None, ""
        known = self._described.get(str(place))
        if known is None or known[0] != identity:
            known = (identity, *_read(found.path))
            self._described[str(place)] = known
        return known[1], known[2]

    def _partitions(self, folder: Path, names: tuple[str, ...]) -> tuple[PartitionEntry, ...]:
        """The first is the one that the others, if there are any, were made from."""
        found = [self._partition(folder / name, derived=number > 0) for number, name in enumerate(names)]
        return tuple(part for part in found if part is not None)

    def _partition(self, path: Path, *, derived: bool) -> PartitionEntry | None:
        try:
            status = path.stat()
        except OSError:
            return None if not os.path.lexists(path) else unreadable_link(path)
        identity = identity_of(status)
        known = self._known.get(str(path))
        if known is not None and known[0] == identity and not known[1].live:
            return known[1]
        if self._on_opening is not None:
            self._on_opening(path)
        try:
            entry = describe(path, derived=derived)
        except FileNotFoundError:
            return None
        self._known[str(path)] = (identity, entry)
        self._unsaved += not entry.live
        return entry


class _Looking:
    """How far the looks at one folder have come."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.book = VersionBook()
        self.walk: FolderWalk | None = None
        self.sessions: Iterator[SessionEntry] = iter(())
        """Of the folder that the pass is at."""
        self._seen: set[str] = set()
        self._said_by: Identity | None = None
        self._said = DatasetEntry()

    def described(self) -> DatasetEntry:
        """What is said of the folder; read again when its file has changed."""
        if self.walk is not None:
            return self._said  # in the middle of a pass
        try:
            identity = identity_of((self.top.expanduser() / DATASET_FILE).stat())
        except OSError:
            self._said_by, self._said = None, DatasetEntry()
            return self._said
        if identity != self._said_by:
            self._said_by, self._said = identity, dataset_entry(self.top.expanduser())
        return self._said

    def begin(self) -> FolderWalk | None:
        """The pass that is on, or a new one; None where there is no folder. Raises StoreEnvironmentError."""
        if self.walk is None:
            self._seen = set()
            walk = FolderWalk(self.top)
            self.walk = walk if walk.check() else None
        return self.walk

    def see(self, session: SessionEntry) -> None:
        """It is there."""
        self._seen.add(session.path)
        self.book.put(session)

    def end(self) -> None:
        """The pass is over: what was not seen has gone."""
        self.walk = None
        self.sessions = iter(())
        self.book.keep_only(self._seen)


def list_sessions(folder: Path, catalog: Catalog | None = None) -> tuple[SessionEntry, ...]:
    """All sessions below `folder`, newest first; a catalog given remembers for the next time."""
    return (catalog if catalog is not None else Catalog()).list_sessions(folder)


def together(names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Names of recordings, each followed by those that were made from it: `a.h5`, `a.level.h5`."""
    groups: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (name.count("."), name)):
        stem = name.rpartition(".")[0]
        begin = next((base for base in _beginnings(stem) if base in groups), None)
        if begin is None:
            groups[stem] = [name]
        else:
            groups[begin].append(name)
    return tuple(tuple(group) for _, group in sorted(groups.items()))


def _beginnings(stem: str) -> Iterator[str]:
    """`a.b.c` begins with `a` and `a.b`."""
    parts = stem.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts)))


def unreadable_link(path: Path) -> PartitionEntry:
    """A link that leads nowhere."""
    return PartitionEntry(
        str(path),
        path.stem,
        clean=False,
        problem=f"{path} leads to a file that is not there or cannot be read.",
    )


def _all_folders(walk: FolderWalk) -> Iterator[FoundFolder]:
    while (found := walk.next_folder()) is not None:
        yield found


def _read(folder: Path) -> tuple[SessionDescription | None, str]:
    try:
        return read_session(folder), ""
    except StudioError as error:
        return None, str(error)
