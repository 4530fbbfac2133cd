"""The rows of the list of sessions as a tree of values: what stands below what. No Qt.

folder > session > partition > stream; streams whose names share a part before a point stand in groups. A
recording that lies loose is both session and partition: its streams stand directly below it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import count
from typing import Any

from studio.app.session_entries import PartitionEntry, SessionEntry
from studio.formats.recording import StreamInfo, StreamRef
from studio.ui import readable
from studio.ui.sessions.session_rows import Row, partition_row, session_row, stream_row
from studio.ui.sessions.session_texts import plural

MOST_GROUPED = 2000
"""A recording with more streams shows them one after another, as its pages come."""


class NodeKind(Enum):
    """What a row is."""

    ROOT = auto()
    FOLDER = auto()
    SESSION = auto()
    PARTITION = auto()
    GROUP = auto()
    STREAM = auto()
    WORDS = auto()
    """Says something about the row above it."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A row that shall be there."""

    kind: NodeKind
    key: str
    """Of this row among all rows of the tree."""
    value: Any = None
    below: "tuple[Spec, ...] | None" = None
    """Of a group: its streams."""


@dataclass(slots=True, eq=False)
class Node:
    """A row that is there."""

    id: int
    kind: NodeKind
    key: str
    value: Any = None
    parent: "Node | None" = None
    row: int = 0
    children: "list[Node]" = field(default_factory=list)
    is_filled: bool = False
    """Whether its children have been made."""
    asked: bool = False
    """Whether its streams have been asked for."""
    shown: Row | None = None

    @property
    def partition(self) -> PartitionEntry | None:
        """The recording whose streams stand directly below."""
        if self.kind is NodeKind.PARTITION:
            return self.value if isinstance(self.value, PartitionEntry) else None
        if self.kind is NodeKind.SESSION and _is_flat(self.value):
            flat: PartitionEntry = self.value.partitions[0]
            return flat
        return None

    def at(self, kind: NodeKind) -> "Node | None":
        """This or the one above it of that kind."""
        node: Node | None = self
        while node is not None and node.kind is not kind:
            node = node.parent
        return node

    @property
    def refs(self) -> tuple[StreamRef, ...]:
        """What is meant when this row is dragged into the timeline; no name: all of a recording."""
        if self.kind is NodeKind.STREAM:
            return (self.value.ref,)
        if self.kind is NodeKind.GROUP:
            return tuple(ref for child in self.children for ref in child.refs)
        if self.kind is NodeKind.PARTITION:
            return (StreamRef(self.value.path, ""),) if not self.value.problem else ()
        if self.kind is NodeKind.SESSION:
            return tuple(StreamRef(part.path, "") for part in self.value.partitions if not part.problem)
        return ()


@dataclass(frozen=True, slots=True)
class StreamValue:
    """A stream in the tree."""

    ref: StreamRef
    info: StreamInfo
    shown: str = ""


class NodeBook:
    """Gives every node a number by which Qt's indexes mean it, and finds nodes by it and by key."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._by_id: dict[int, Node] = {}
        self._by_key: dict[str, Node] = {}

    def make(self, spec: Spec) -> Node:
        """A node of its own number; it and those below it are known from now on."""
        node = Node(next(self._numbers), spec.kind, spec.key, spec.value)
        self._by_id[node.id] = node
        self._by_key[node.key] = node
        if spec.below is not None:
            put(node, [self.make(each) for each in spec.below])
        return node

    def drop(self, node: Node) -> None:
        """It and those below it are no more."""
        for child in node.children:
            self.drop(child)
        self._by_id.pop(node.id, None)
        if self._by_key.get(node.key) is node:
            del self._by_key[node.key]

    def rename(self, node: Node, key: str) -> None:
        """It is the same row, under another key."""
        if self._by_key.get(node.key) is node:
            del self._by_key[node.key]
        node.key = key
        self._by_key[key] = node

    def of_id(self, number: int) -> Node | None:
        """The node of that number."""
        return self._by_id.get(number)

    def of_key(self, key: str) -> Node | None:
        """The node of that key."""
        return self._by_key.get(key)


def put(parent: Node, children: Iterable[Node]) -> None:
    """Let these be its children, in this order."""
    parent.children = list(children)
    parent.is_filled = True
    for row, child in enumerate(parent.children):
        child.parent, child.row = parent, row


def has_children(node: Node) -> bool:
    """Whether anything stands below it, as far as can be told without asking."""
    if node.kind in (NodeKind.STREAM, NodeKind.WORDS):
        return False
    partition = node.partition
    if partition is not None:
        return bool(partition.stream_count) or bool(node.children)
    if node.kind is NodeKind.SESSION:
        return bool(node.value.partitions)
    return bool(node.children)


def partition_specs(session: SessionEntry) -> list[Spec]:
    """The recordings of a session; none of one whose streams stand directly below it."""
    if _is_flat(session):
        return []
    return [Spec(NodeKind.PARTITION, f"{session.path}\0{part.path}", part) for part in session.partitions]


def stream_specs(
    parent: Node, path: str, streams: Sequence[StreamInfo], total: int, *, are_all: bool = True
) -> list[Spec]:
    """The streams of a recording as far as they have come; in groups if they are not too many."""
    values = [StreamValue(StreamRef(path, info.name), info) for info in streams]
    if total > MOST_GROUPED:
        left = total - len(streams)
        more = [Spec(NodeKind.WORDS, f"{parent.key}\0more", _more(left))] if left > 0 else []
        return [_stream_spec(parent, value) for value in values] + more
    nothing = Row("no streams" if are_all else "no stream is called so")
    return list(_grouped(parent, values)) or [Spec(NodeKind.WORDS, f"{parent.key}\0none", nothing)]


def words_spec(parent: Node, title: str, text: str) -> Spec:
    """A row that says why there is nothing else."""
    return Spec(NodeKind.WORDS, f"{parent.key}\0words", Row(title, text, tooltip=text))


def row_of(node: Node) -> Row:
    """What the row says; of a folder it is given from outside."""
    if node.shown is None:
        node.shown = _row_of(node)
    return node.shown


def _row_of(node: Node) -> Row:
    match node.kind:
        case NodeKind.SESSION:
            return session_row(node.value)
        case NodeKind.PARTITION:
            return partition_row(node.value)
        case NodeKind.STREAM:
            return stream_row(node.value.info, node.value.shown)
        case NodeKind.GROUP:
            return Row(str(node.value), plural(len(node.children), "stream"), "group")
        case _:
            return node.value if isinstance(node.value, Row) else Row("")


def _is_flat(session: SessionEntry) -> bool:
    return session.loose and len(session.partitions) == 1


def _more(left: int) -> Row:
    return Row(f"{readable.count(left)} more streams", "A double click shows the next ones", "chevron-down")


def _stream_spec(parent: Node, value: StreamValue) -> Spec:
    return Spec(NodeKind.STREAM, f"{parent.key}\0{value.info.name}", value)


def _grouped(parent: Node, values: Sequence[StreamValue]) -> Iterator[Spec]:
    """Streams one after another; those that share what stands before the first point together."""
    sizes = Counter(_group_of(value.info.name) for value in values)
    told: set[str] = set()
    for value in values:
        group = _group_of(value.info.name)
        if not group or sizes[group] < 2:
            yield _stream_spec(parent, value)
        elif group not in told:
            told.add(group)
            yield _group_spec(parent, group, [each for each in values if _group_of(each.info.name) == group])


def _group_spec(parent: Node, group: str, values: Sequence[StreamValue]) -> Spec:
    inside = tuple(
        _stream_spec(parent, StreamValue(value.ref, value.info, value.info.name[len(group) + 1 :]))
        for value in values
    )
    return Spec(NodeKind.GROUP, f"{parent.key}\0{group}\0", group, inside)


def _group_of(name: str) -> str:
    """`imu` of `imu.accel`; nothing of a name without a point, or that begins or ends with it."""
    before, point, after = name.partition(".")
    return before if point and before and after else ""
