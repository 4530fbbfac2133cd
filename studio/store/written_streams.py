"""The streams of a recording that is being written: by name, numbered as they were added."""

from collections.abc import Callable, Sequence

from studio.errors import StreamError
from studio.store import layout
from studio.store.beside import Beside
from studio.store.join_room import JoinRoom
from studio.store.stream_writer import StreamWriter
from studio.timing import Timestamp


class WrittenStreams:
    """The writer of the log, and one of each stream. Owns the thread on which they fold; writes nothing."""

    def __init__(self, recording: str) -> None:
        """`recording`: its name, for what is said of a stream that is wrong."""
        self.log = StreamWriter(layout.StreamDescription("log", layout.LOG_ID, layout.LOG_FORMAT))
        self._recording = recording
        self._named: dict[str, StreamWriter] = {}
        self._beside = Beside()
        self._room = JoinRoom()

    @property
    def names(self) -> tuple[str, ...]:
        """In the order in which they were added."""
        return tuple(self._named)

    @property
    def named(self) -> list[StreamWriter]:
        """All but the log."""
        return list(self._named.values())

    @property
    def all(self) -> list[StreamWriter]:
        """In the order of their columns of a commit."""
        return [self.log, *self._named.values()]

    def find(self, name: str) -> StreamWriter:
        """The writer of stream `name`; StreamError tells which there are."""
        try:
            return self._named[name]
        except KeyError:
            known = ", ".join(map(repr, self._named)) or "none"
            raise StreamError(f"{self._recording} has no stream {name!r}; it has: {known}") from None

    def made(self, streams: Sequence[layout.NewStream], now: Callable[[], Timestamp]) -> list[StreamWriter]:
        """Writers of new streams, for `add`. StreamError for a name that is empty or taken."""
        names = set(self._named)
        for stream in streams:
            if not stream.name:
                raise StreamError("a stream must have a name")
            if stream.name in names:
                raise StreamError(
                    f"{self._recording} already has a stream {stream.name!r}; choose another name"
                )
            names.add(stream.name)
        first = len(self._named) + 1
        return [
            StreamWriter(_described(stream, first + number, now), self._beside, self._room)
            for number, stream in enumerate(streams)
        ]

    def add(self, writers: Sequence[StreamWriter]) -> None:
        """From now on they belong to the recording."""
        self._named.update({writer.description.name: writer for writer in writers})

    def close(self) -> None:
        """Nothing more will be handed over: end the thread beside. Idempotent."""
        self._beside.close()


def _described(
    stream: layout.NewStream, number: int, now: Callable[[], Timestamp]
) -> layout.StreamDescription:
    return layout.StreamDescription(
        stream.name,
        number,
        stream.format,
        stream.device,
        stream.opened_time or now(),
        stream.supplemental,
    )
