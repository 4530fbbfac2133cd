"""Answers at once what panels ask about live streams, from the rings in shared memory. Draws nothing.

So the panels of stored streams show live ones, too, and what is chosen for them means the same. A ring is
opened when something is asked about its stream for the first time, and read no further than what is asked.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from studio.app.answers import ShapesAt, ValueAt
from studio.app.status import StreamStatus
from studio.errors import StreamError, StudioError
from studio.formats.course import Course, path_of
from studio.formats.payload import PayloadKind
from studio.formats.points import Int64s, PointAxis
from studio.formats.recording import StreamRef
from studio.formats.signal import Gap
from studio.host.inside_protocol import ReadMembers, ReadPoints, ReadSeries
from studio.host.picture_protocol import ReadShapes
from studio.host.protocol import Query
from studio.host.rings import SampleRingReader
from studio.host.sample_layout import gap_duration
from studio.timing import Duration, Timestamp
from studio.ui.panels.live_members import LiveMembers
from studio.ui.panels.readout import channel_names, values_at

MOST_ROWS = 20_000
"""Of a sampled stream that lies along an axis: more are thinned evenly."""

Ring = LiveMembers | SampleRingReader


class LiveReader:
    """The live streams of one view; a `Reader`. GUI thread only."""

    def __init__(self) -> None:
        self._streams: Mapping[StreamRef, StreamStatus] = {}
        self._rings: dict[StreamRef, tuple[str, Ring]] = {}
        """With the path of the ring that was opened."""

    @property
    def opened(self) -> tuple[StreamRef, ...]:
        """The streams that something was asked about: the others cost nothing."""
        return tuple(self._rings)

    def take_streams(self, streams: Mapping[StreamRef, StreamStatus]) -> None:
        """These are live; a ring that is another one now is let go of."""
        self._streams = streams
        for ref, (path, ring) in tuple(self._rings.items()):
            live = streams[ref].live if ref in streams else None
            if live is None or live.path != path:
                ring.close()
                del self._rings[ref]

    def ask(
        self, query: Query, on_reply: Callable[[Any], None], on_failure: Callable[[str], None] | None = None
    ) -> None:
        """See Reader; answers before it returns."""
        try:
            answer = self._answer(query)
        except StudioError as error:
            if on_failure is not None:
                on_failure(str(error))
            return
        on_reply(answer)

    def value_at(self, ref: StreamRef, time: Timestamp) -> ValueAt | None:
        """What a stream says at or before `time`; None where it has no numbers, or none yet."""
        try:
            ring = self._ring(ref)
        except StudioError:
            return None
        if isinstance(ring, LiveMembers):
            ring.pull()
            known, values = ring.values_at(time)
            return ValueAt(ref.name, known, "", values, ring.names) if known else None
        values = values_at(ring.window(time, time, 1), time)
        return ValueAt(ref.name, time, "", values) if values else None

    def shapes_at(self, ref: StreamRef, time: Timestamp, keep: Duration) -> ShapesAt | None:
        """Figures over a picture of `time`. Raises StudioError where there can be none."""
        return self._members(ref).shapes_at(time, keep)

    def close(self) -> None:
        """Let go of all rings. Idempotent."""
        self.take_streams({})

    def _answer(self, query: Query) -> Any:
        match query:
            case ReadSeries():
                members = self._pulled(StreamRef(query.path, query.stream))
                return members.window(query.left, query.right, max(1, query.columns), query.members)
            case ReadPoints():
                courses = [self._course(axis, query.left, query.right) for axis in (query.across, query.up)]
                return path_of(courses[0], courses[1], query.limit)
            case ReadMembers():
                return self._pulled(StreamRef(query.path, query.stream)).members
            case ReadShapes():
                return self.shapes_at(StreamRef(query.path, query.stream), query.time, query.keep)
        raise StreamError("this can be seen when the recording has been opened")

    def _course(self, axis: PointAxis, left: Timestamp, right: Timestamp) -> Course:
        ref = StreamRef(axis.path, axis.stream)
        ring = self._ring(ref)
        if isinstance(ring, LiveMembers):
            ring.pull()
            return ring.course(axis, left, right)
        wanted = int(axis.place) if axis.place.isdecimal() else axis.usual
        times, rows = ring.rows(left, right, MOST_ROWS)
        channel = min(wanted, ring.channels - 1)
        name = channel_names(self._streams[ref].format)[channel] or ref.name
        gaps = _gaps(times, ring.rate)
        return Course(times, rows[:, channel].astype(np.float64), name, len(times), gaps=gaps)

    def _pulled(self, ref: StreamRef) -> LiveMembers:
        members = self._members(ref)
        members.pull()
        if members.problem:
            raise StreamError(members.problem)
        return members

    def _members(self, ref: StreamRef) -> LiveMembers:
        ring = self._ring(ref)
        if not isinstance(ring, LiveMembers):
            raise StreamError(f"stream {ref.name!r} has nothing inside its messages")
        return ring

    def _ring(self, ref: StreamRef) -> Ring:
        """Raises StudioError where there is none (yet)."""
        if ref in self._rings:
            return self._rings[ref][1]
        stream = self._streams.get(ref)
        if stream is None or stream.live is None:
            raise StreamError(f"{ref.name} is not live")
        kind, path = stream.format.kind, stream.live.path
        if kind is PayloadKind.JSON:
            ring: Ring = LiveMembers(path)
        elif kind.is_sampled:
            ring = SampleRingReader(path)
        else:
            raise StreamError(f"stream {ref.name!r} holds {kind.value}, which has no numbers to be drawn")
        self._rings[ref] = path, ring
        return ring


def _gaps(times: Int64s, rate: float) -> tuple[Gap, ...]:
    """Where a stream of this rate was silent; thinned rows are as far apart as they usually are."""
    steps = np.diff(times)
    if rate <= 0 or not len(steps):
        return ()
    longest = max(gap_duration(rate), 2 * int(np.median(steps)))
    return tuple(
        Gap(int(times[place]), int(times[place + 1])) for place in np.flatnonzero(steps > longest).tolist()
    )
