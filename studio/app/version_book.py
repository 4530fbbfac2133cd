"""Remembers at which version each session changed or went, so that only what is new has to be told."""

from collections import OrderedDict
from collections.abc import Set as AbstractSet
from itertools import takewhile

from studio.app.session_entries import SessionEntry

Told = tuple[tuple[SessionEntry, ...], tuple[str, ...], int]


class VersionBook:
    """The sessions of one folder by path, in the order of their last change."""

    def __init__(self) -> None:
        self.version = 0
        self._rows: OrderedDict[str, tuple[int, SessionEntry | None]] = OrderedDict()
        """None: it has gone."""

    def put(self, session: SessionEntry) -> None:
        """It is like this now."""
        known = self._rows.get(session.path)
        if known is None or known[1] != session:
            self._note(session.path, session)

    def keep_only(self, paths: AbstractSet[str]) -> None:
        """All others have gone."""
        gone = [
            path for path, (_, session) in self._rows.items() if session is not None and path not in paths
        ]
        for path in gone:
            self._note(path, None)

    def changes(self, since: int, most: int) -> Told:
        """What changed after version `since`, the oldest `most`: changed, gone, and up to which version."""
        newest_first = takewhile(lambda row: row[1][0] > since, reversed(self._rows.items()))
        rows = list(newest_first)[::-1][:most]
        changed = tuple(session for _, (_, session) in rows if session is not None)
        removed = tuple(path for path, (_, session) in rows if session is None)
        return changed, removed, rows[-1][1][0] if rows else self.version

    def _note(self, path: str, session: SessionEntry | None) -> None:
        self.version += 1
        self._rows[path] = (self.version, session)
        self._rows.move_to_end(path)
