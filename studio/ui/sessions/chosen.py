"""Several sessions and recordings that something shall be done with, as a value. No Qt."""

from collections.abc import Iterable
from dataclasses import dataclass

from studio.app.session_entries import PartitionEntry, SessionEntry
from studio.ui import readable
from studio.ui.sessions.session_texts import one_line, plural, title
from studio.ui.sessions.tree_nodes import Node, NodeKind


@dataclass(frozen=True, slots=True)
class Pick:
    """A session, or some of its recordings."""

    session: SessionEntry
    parts: tuple[PartitionEntry, ...]
    is_whole: bool

    @property
    def name(self) -> str:
        """For people: of the session; of the recording too, if that alone is meant."""
        if self.is_whole or len(self.parts) != 1:
            return one_line(self.session.name)
        return self.name_of(self.parts[0])

    def name_of(self, part: PartitionEntry) -> str:
        """Of one of its recordings."""
        return title(self.session.name, part.name if len(self.session.partitions) > 1 else "")

    @property
    def readable(self) -> tuple[PartitionEntry, ...]:
        """Recordings that can be worked on: closed ones that can be opened."""
        return tuple(part for part in self.parts if not (part.live or part.problem))

    @property
    def recorded(self) -> tuple[PartitionEntry, ...]:
        """The same without what was computed, unless nothing else is meant."""
        found = self.readable
        return tuple(part for part in found if not part.derived) or found

    @property
    def paths(self) -> tuple[str, ...]:
        """What goes into the trash: the folder, or the files."""
        is_folder = self.is_whole and not self.session.loose
        return (self.session.path,) if is_folder else tuple(part.path for part in self.parts)

    @property
    def byte_size(self) -> int:
        """On the disk."""
        return sum(part.byte_size for part in self.parts)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is meant; each session once, in the order of the list."""

    picks: tuple[Pick, ...] = ()

    @property
    def is_many(self) -> bool:
        """Whether it is more than one thing."""
        return len(self.picks) > 1 or any(len(pick.parts) > 1 and not pick.is_whole for pick in self.picks)

    @property
    def byte_size(self) -> int:
        """Of all."""
        return sum(pick.byte_size for pick in self.picks)

    @property
    def words(self) -> str:
        """`3 sessions`, `4 recordings of 2 sessions`."""
        sessions = plural(len(self.picks), "session")
        if all(pick.is_whole for pick in self.picks):
            return sessions
        return f"{plural(sum(len(pick.parts) for pick in self.picks), 'recording')} of {sessions}"

    @property
    def amount(self) -> str:
        """`3 sessions · 1.2 GB`."""
        return f"{self.words} · {readable.size(self.byte_size)}"

    @property
    def recordings(self) -> tuple[tuple[Pick, PartitionEntry], ...]:
        """All that can be worked on."""
        return tuple((pick, part) for pick in self.picks for part in pick.readable)

    @property
    def at_rest(self) -> "Chosen":
        """Without what is being recorded."""
        return Chosen(tuple(pick for pick in self.picks if not any(part.live for part in pick.parts)))

    @property
    def computed(self) -> "dict[str, Chosen]":
        """What chains have made in these sessions, by the name that it has in each: `loud`, `motion`."""
        found: dict[str, list[Pick]] = {}
        for pick in self.picks:
            by_name: dict[str, list[PartitionEntry]] = {}
            for part in pick.parts:
                if part.derived and not part.live:
                    by_name.setdefault(computed_name(pick.session, part), []).append(part)
            for name, parts in by_name.items():
                found.setdefault(name, []).append(Pick(pick.session, tuple(parts), False))
        return {name: Chosen(tuple(picks)) for name, picks in sorted(found.items())}


def computed_name(session: SessionEntry, part: PartitionEntry) -> str:
    """`loud` of `lab.loud`, which was made from `lab`."""
    sources = (each.name + "." for each in session.partitions if each.path != part.path)
    begin = max((s for s in sources if part.name.startswith(s)), key=len, default="")
    return part.name[len(begin) :]


def whole(sessions: Iterable[SessionEntry]) -> Chosen:
    """All of these; each once, wherever else it is listed."""
    by_path = {session.path: session for session in sessions}
    return Chosen(tuple(Pick(session, session.partitions, True) for session in by_path.values()))


def chosen_of(nodes: Iterable[Node]) -> Chosen:
    """What these rows mean: sessions and recordings; what stands below them is not counted."""
    parts: dict[str, tuple[SessionEntry, dict[str, PartitionEntry] | None]] = {}
    for node in sorted(nodes, key=_place):
        above = node.at(NodeKind.SESSION)
        if above is None or node.kind not in (NodeKind.SESSION, NodeKind.PARTITION):
            continue
        session: SessionEntry = above.value
        _, known = parts.setdefault(session.path, (session, {}))
        if node.kind is NodeKind.SESSION:
            parts[session.path] = (session, None)
        elif known is not None:
            known[node.value.path] = node.value
    return Chosen(tuple(_pick(session, found) for session, found in parts.values()))


def _pick(session: SessionEntry, found: dict[str, PartitionEntry] | None) -> Pick:
    is_whole = found is None or len(found) == len(session.partitions)
    return Pick(session, session.partitions if found is None else tuple(found.values()), is_whole)


def _place(node: Node) -> tuple[int, ...]:
    """Where a row stands in the tree, to be compared."""
    place: list[int] = []
    at: Node | None = node
    while at is not None and at.parent is not None:
        place.append(at.row)
        at = at.parent
    return tuple(reversed(place))
