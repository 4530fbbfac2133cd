"""What is known of the folders of sessions: takes what the catalogue tells, filters and sorts. No Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from studio.app.session_entries import DatasetEntry, FolderChanges, SessionEntry
from studio.app.session_search import SessionSearch
from studio.timing import Duration, Timestamp
from studio.ui.sessions.session_rows import FolderFacts, Row, folder_row
from studio.ui.sessions.tree_columns import Column, sort_key

Span = tuple[Timestamp, Duration]
"""When something began, and how long it lasted."""


@dataclass(frozen=True, slots=True)
class Order:
    """How sessions are sorted."""

    column: Column = Column.START
    greatest_first: bool = True

    def to_text(self) -> str:
        """`-start`, `name`, as settings keep it."""
        return f"-{self.column}" if self.greatest_first else str(self.column)

    @classmethod
    def from_text(cls, text: str) -> "Order":
        """What `to_text` made; the newest first if it is anything else."""
        name = text.removeprefix("-")
        return cls(Column(name), text.startswith("-")) if name in set(Column) else cls()


@dataclass(slots=True)
class FolderPage:
    """One folder of sessions, as far as it has been told."""

    folder: str
    sessions: dict[str, SessionEntry] = field(default_factory=dict)
    epoch: str = ""
    version: int = 0
    complete: bool = False
    problem: str = ""
    byte_size: int = 0
    """Of all sessions."""
    said: DatasetEntry = field(default_factory=DatasetEntry)
    """What somebody has said of the folder."""
    _spans: dict[str, Span] = field(default_factory=dict)
    """When sessions began and ended, by path; those in which something was recorded."""
    _retold: set[str] | None = None
    """Since the catalogue has begun anew: what it has told again."""
    _ranks: "Ranks | None" = None

    def take(self, changes: FolderChanges) -> bool:
        """Learn what has changed; returns whether anything has."""
        before = (self.complete, self.problem, self.said)
        self.said = changes.described
        if changes.anew:
            self._retold = set()
        self.epoch, self.version = changes.epoch, changes.version
        self.complete, self.problem = changes.complete, changes.problem
        gone = [path for path in changes.removed if self._forget(path)]
        for session in changes.changed:
            self._forget(session.path)
            self._learn(session.path, session)
        if self._retold is not None:
            self._retold.update(session.path for session in changes.changed)
            gone += self._forget_untold()
        return bool(changes.changed or gone or before != (self.complete, self.problem, self.said))

    def move(self, before: str, now: str) -> bool:
        """A session has been renamed; the catalogue will tell the same at its next look."""
        session = self.sessions.get(before)
        if session is None or session.loose:
            return False
        self._forget(before)
        parts = tuple(replace(part, path=now + part.path[len(before) :]) for part in session.partitions)
        self._learn(now, replace(session, path=now, partitions=parts))
        return True

    def _learn(self, path: str, session: SessionEntry) -> None:
        self.sessions[path] = session
        self.byte_size += session.byte_size
        if session.stream_count and not session.problem:
            self._spans[path] = session.started_time, session.duration_ns

    def _forget(self, path: str) -> bool:
        session = self.sessions.pop(path, None)
        if session is None:
            return False
        self.byte_size -= session.byte_size
        self._spans.pop(path, None)
        if self._ranks is not None:
            self._ranks.known.pop(path, None)
        return True

    def _forget_untold(self) -> list[str]:
        if not self.complete or self._retold is None:
            return []
        gone = [path for path in self.sessions if path not in self._retold]
        for path in gone:
            self._forget(path)
        self._retold = None
        return gone

    def fail(self, text: str) -> bool:
        """It could not be asked; what is known stays. Returns whether that is news."""
        news = self.problem != text
        self.problem, self.complete = text, True
        return news

    def shown(self, search: SessionSearch, order: Order) -> list[SessionEntry]:
        """The sessions that are searched for, sorted."""
        if self._ranks is None or (self._ranks.search, self._ranks.order) != (search, order):
            self._ranks = Ranks(search, order)
        return self._ranks.sorted(self.sessions)

    @property
    def facts(self) -> FolderFacts:
        """All of it in numbers."""
        spans = self._spans.values()
        return FolderFacts(
            len(self.sessions),
            self.byte_size,
            duration_ns=sum(duration for _, duration in spans),
            first_time=min((begin for begin, _ in spans), default=0),
            last_time=max((begin + duration for begin, duration in spans), default=0),
        )

    def row(self, shown: int) -> Row:
        """What the row of the folder says."""
        return folder_row(self.folder, self.said, self.facts, shown, self.problem)


@dataclass(slots=True)
class Ranks:
    """Where each session belongs, remembered: thousands stay where they are when one of them changes."""

    search: SessionSearch
    order: Order
    known: dict[str, tuple[Any, ...] | None] = field(default_factory=dict)
    """By path; None: not searched for."""

    def sorted(self, sessions: Mapping[str, SessionEntry]) -> list[SessionEntry]:
        """Those that are searched for, in their order."""
        known = self.known
        for path, session in sessions.items():
            if path not in known:
                found = self.search.finds(session)
                known[path] = sort_key(session, self.order.column) if found else None
        paths = [path for path in sessions if known[path] is not None]
        paths.sort(key=lambda path: known[path] or (), reverse=self.order.greatest_first)
        return [sessions[path] for path in paths]
