"""What is known of the folders of sessions: takes what the catalogue tells, filters and sorts. No Qt."""

from dataclasses import dataclass, field
from pathlib import PurePath

from studio.app.session_entries import FolderChanges, SessionEntry
from studio.app.session_search import SessionSearch
from studio.ui.sessions.session_rows import Row, folder_row
from studio.ui.sessions.tree_columns import Column, sort_key


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
    _retold: set[str] | None = None
    """Since the catalogue has begun anew: what it has told again."""

    def take(self, changes: FolderChanges) -> bool:
        """Learn what has changed; returns whether anything has."""
        before = (self.complete, self.problem)
        if changes.anew:
            self._retold = set()
        self.epoch, self.version = changes.epoch, changes.version
        self.complete, self.problem = changes.complete, changes.problem
        gone = [path for path in changes.removed if self.sessions.pop(path, None) is not None]
        self.sessions.update({session.path: session for session in changes.changed})
        if self._retold is not None:
            self._retold.update(session.path for session in changes.changed)
            gone += self._forget_untold()
        return bool(changes.changed or gone or before != (self.complete, self.problem))

    def _forget_untold(self) -> list[str]:
        if not self.complete or self._retold is None:
            return []
        gone = [path for path in self.sessions if path not in self._retold]
        for path in gone:
            del self.sessions[path]
        self._retold = None
        return gone

    def fail(self, text: str) -> bool:
        """It could not be asked; what is known stays. Returns whether that is news."""
        news = self.problem != text
        self.problem, self.complete = text, True
        return news

    def shown(self, search: SessionSearch, order: Order) -> list[SessionEntry]:
        """The sessions that are searched for, sorted."""
        found = [session for session in self.sessions.values() if search.finds(session)]
        found.sort(key=lambda session: sort_key(session, order.column), reverse=order.greatest_first)
        return found

    def row(self, shown: int) -> Row:
        """What the row of the folder says."""
        size = sum(session.byte_size for session in self.sessions.values())
        name = PurePath(self.folder).name or self.folder
        return folder_row(self.folder, name, len(self.sessions), shown, size, self.problem)
