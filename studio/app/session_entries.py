"""What the list of sessions knows of each, as values that any process may hold. Opens no file.

A dataset is a folder of sessions; a session is a folder with recordings, its partitions, or a recording that
lies about loose; a partition has streams.
"""

from dataclasses import dataclass, field

from studio.formats.recording import StreamInfo
from studio.timing import Duration, Timestamp


@dataclass(frozen=True, slots=True)
class PartitionEntry:
    """One recording of a session."""

    path: str
    """Of its file."""
    name: str
    started_time: Timestamp = 0
    """Of the first message; when the file was begun as long as there is none."""
    duration_ns: Duration = 0
    byte_size: int = 0
    stream_count: int = 0
    message_count: int = 0
    machine: str = ""
    devices: tuple[str, ...] = ()
    session_id: str = ""
    live: bool = False
    """Still being written."""
    clean: bool = True
    """False: was not closed properly; opened all the same."""
    recovered: bool = False
    """Not closed properly, and put in order afterwards."""
    derived: bool = False
    """Made by processing from another partition."""
    clock_bound_ns: Duration | None = None
    """How far its clock may have been off; None: not synchronised."""
    problem: str = ""
    """What is wrong with a file that cannot be opened, in people's words."""

    @property
    def end_time(self) -> Timestamp:
        """Of the last message."""
        return self.started_time + self.duration_ns


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """One session and all that is known of it without opening it."""

    path: str
    """Of its folder; of its recording if that lies loose."""
    name: str
    partitions: tuple[PartitionEntry, ...] = ()
    loose: bool = False
    """A recording without a folder of its own: there is no place for a description."""
    id: str = ""
    created: Timestamp = 0
    participant: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()
    description_problem: str = ""
    """Why the description cannot be read, in people's words."""

    @property
    def recorded(self) -> tuple[PartitionEntry, ...]:
        """Those that say when the session was: readable ones; derived ones only if there are no others."""
        readable = tuple(part for part in self.partitions if not part.problem)
        return tuple(part for part in readable if not part.derived) or readable or self.partitions

    @property
    def started_time(self) -> Timestamp:
        """Of the earliest partition."""
        return min((part.started_time for part in self.recorded), default=self.created)

    @property
    def duration_ns(self) -> Duration:
        """From the earliest beginning to the latest end."""
        return max((part.end_time for part in self.recorded), default=self.created) - self.started_time

    @property
    def byte_size(self) -> int:
        """Of all partitions."""
        return sum(part.byte_size for part in self.partitions)

    @property
    def stream_count(self) -> int:
        """Of all partitions."""
        return sum(part.stream_count for part in self.partitions)

    @property
    def message_count(self) -> int:
        """Of all partitions."""
        return sum(part.message_count for part in self.partitions)

    @property
    def devices(self) -> tuple[str, ...]:
        """Each once, in the order in which they stand in the partitions."""
        return tuple(dict.fromkeys(device for part in self.partitions for device in part.devices))

    @property
    def machines(self) -> tuple[str, ...]:
        """Each once."""
        return tuple(dict.fromkeys(part.machine for part in self.partitions if part.machine))

    @property
    def live(self) -> bool:
        """Whether any partition is still being written."""
        return any(part.live for part in self.partitions)

    @property
    def clean(self) -> bool:
        """Whether all partitions were closed properly."""
        return all(part.clean for part in self.partitions)

    @property
    def recovered(self) -> bool:
        """Whether any partition was put in order afterwards."""
        return any(part.recovered for part in self.partitions)

    @property
    def problem(self) -> str:
        """What is wrong, if none of its partitions can be opened."""
        if self.partitions and all(part.problem and not part.live for part in self.partitions):
            return self.partitions[0].problem
        return ""

    @property
    def clock_bound_ns(self) -> Duration | None:
        """The widest of its partitions; None if one of them is not synchronised."""
        bounds = [part.clock_bound_ns for part in self.recorded]
        known = [bound for bound in bounds if bound is not None]
        return max(known) if known and len(known) == len(bounds) else None


@dataclass(frozen=True, slots=True)
class DatasetEntry:
    """What somebody has said of a folder of sessions; nothing in most cases."""

    name: str = ""
    description: str = ""
    problem: str = ""
    """Why it cannot be read, in people's words."""


@dataclass(frozen=True, slots=True)
class DatasetChange:
    """New values of what is said of a dataset; None: stays as it is."""

    name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class FolderChanges:
    """What has changed in a folder of sessions since the last look."""

    folder: str
    epoch: str
    """Of whom the version is: another one begins anew."""
    version: int
    """To be given with the next look."""
    changed: tuple[SessionEntry, ...] = ()
    """New ones and changed ones."""
    removed: tuple[str, ...] = ()
    """Paths of sessions that are gone."""
    complete: bool = True
    """False: there is more to look at; ask again at once."""
    anew: bool = False
    """This begins again: forget what was told before once it is complete."""
    problem: str = ""
    """Why the folder cannot be read, in people's words."""
    described: DatasetEntry = DatasetEntry()
    """As it is now."""
    took_ns: Duration = field(default=0, compare=False)
    """How long this look was."""


@dataclass(frozen=True, slots=True)
class StreamPage:
    """Some of the streams of a recording."""

    path: str
    total: int
    first: int
    streams: tuple[StreamInfo, ...]
    find: str = ""
    """Words that all of their names hold; `total` and `first` count only such streams."""


@dataclass(frozen=True, slots=True)
class SessionChange:
    """New values of some fields of a session's description; None: stays as it is."""

    participant: str | None = None
    notes: str | None = None
    tags: tuple[str, ...] | None = None
