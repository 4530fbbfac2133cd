"""Which messages of which recordings become one stream, and what its loss account says. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from studio.app.operations.requests import Selection
from studio.app.value_text import duration_text
from studio.errors import StreamError
from studio.formats.encoding import encode
from studio.formats.payload import StreamFormat
from studio.formats.recording import RecordingInfo
from studio.store import layout
from studio.store.batch import EncodedMessage, Rows
from studio.store.composing import Loss, losses_of
from studio.store.cutting import Cut, cut
from studio.store.reader import StoreReader
from studio.store.stream_reader import StreamReader
from studio.timing import NS_PER_S, SystemClock, TimeInterval, Timestamp

BETWEEN = "between recordings"


@dataclass(frozen=True, slots=True)
class Part:
    """A recording that takes part, as of one commit."""

    reader: StoreReader
    info: RecordingInfo
    interval: TimeInterval
    streams: tuple[StreamReader, ...]

    @classmethod
    def of(cls, reader: StoreReader, selection: Selection) -> "Part":
        """What is selected of an opened recording; StreamError for a stream that it has not."""
        reader.hold()
        info = reader.info()
        streams = {stream.description.name: stream for stream in reader.streams()}
        names = tuple(streams) if selection.streams is None else selection.streams
        unknown = [name for name in names if name not in streams]
        if unknown and selection.skips_missing:
            names = tuple(name for name in names if name in streams)
        elif unknown:
            known = ", ".join(map(repr, streams)) or "none"
            raise StreamError(f"{info.name} has no stream {unknown[0]!r}; it has: {known}")
        if not names:
            raise StreamError(f"No stream of {info.name} is chosen, or it has none of those that are.")
        wanted = frozenset(names)
        chosen = tuple(stream for name, stream in streams.items() if name in wanted)
        part = cls(reader, info, selection.interval, chosen)
        part._require_something()
        return part

    @property
    def remarks(self) -> tuple[str, ...]:
        """What cannot be taken along."""
        return tuple(f"Left out of {self.info.name}: {text}" for text in self.reader.damaged)

    def _require_something(self) -> None:
        """An interval beside all data is a mistake, not a wish for an empty recording."""
        is_everything = not (self.interval.is_left_bounded or self.interval.is_right_bounded)
        if is_everything or any(cut(stream, self.interval).message_count for stream in self.streams):
            return
        raise StreamError(
            f"Nothing of {self.info.name} lies in the interval: it lasts "
            f"{duration_text((self.info.last_time - self.info.first_time) / NS_PER_S)}, and the interval "
            "holds no message of the chosen streams."
        )


@dataclass(frozen=True, slots=True)
class StreamPlan:
    """One stream of the result."""

    description: layout.StreamDescription
    cuts: tuple[Cut, ...]
    losses: tuple[Loss, ...]
    closed_time: Timestamp

    @property
    def byte_count(self) -> int:
        """About what it takes in the file."""
        return sum(each.byte_count for each in self.cuts)

    @property
    def size(self) -> layout.StreamSize:
        """How much it will hold."""
        return layout.StreamSize(
            messages=sum(each.message_count for each in self.cuts),
            extent=sum(each.extent for each in self.cuts),
        )

    def rest(self) -> None:
        """Close what is open of the streams it is made of."""
        for each in self.cuts:
            each.stream.rest()

    def pieces(self) -> Iterator[Rows]:
        """Its messages in order."""
        for each in self.cuts:
            yield from each.pieces()


def plans_of(parts: Sequence[Part], *, keep_first: bool = False) -> list[StreamPlan]:
    """All streams of the result, in the order in which they appear in the parts."""
    found: dict[str, list[tuple[Part, StreamReader]]] = {}
    for part in parts:
        for stream in part.streams:
            found.setdefault(stream.description.name, []).append((part, stream))
    return [_plan(name, streams, keep_first=keep_first) for name, streams in found.items()]


def _plan(name: str, found: list[tuple[Part, StreamReader]], *, keep_first: bool) -> StreamPlan:
    found.sort(key=lambda pair: _first_time(pair[1]))
    _require_same_format(name, found)
    cuts: list[Cut] = []
    losses: list[Loss] = []
    last: Timestamp | None = None
    for part, stream in found:
        interval = part.interval
        if last is not None and stream.counts.messages:
            interval = _after(last, interval, name, part, stream, keep_first=keep_first)
            losses.append(Loss(SystemClock().now(), BETWEEN, 0, last, max(last, _begin(stream))))
        cuts.append(cut(stream, interval))
        losses.extend(_losses_within(losses_of(stream), interval))
        last = max(last or 0, _last_time(stream)) if stream.counts.messages else last
    opened = max(found[0][1].description.opened_time, _bound(found[0][0].interval.left))
    closed = min(found[-1][0].interval.right, found[-1][1].info().closed_time or last or 0)
    described = replace(found[0][1].description, opened_time=opened)
    plan = StreamPlan(described, tuple(cuts), tuple(losses), closed)
    plan.rest()  # until its turn: there may be very many
    return plan


def _bound(left: Timestamp) -> Timestamp:
    return max(0, left)


def _first_time(stream: StreamReader) -> Timestamp:
    return int(stream.rows(layout.TIME, 0, 1)[0]) if stream.counts.messages else 0


def _last_time(stream: StreamReader) -> Timestamp:
    count = stream.counts.messages
    return int(stream.rows(layout.TIME, count - 1, count)[0])


def _begin(stream: StreamReader) -> Timestamp:
    """When the first row was sampled."""
    rate, first = stream.description.format.rate, _first_time(stream)
    if not stream.description.format.kind.is_sampled or rate <= 0:
        return first
    rows = int(stream.rows(layout.INDEX, 0, 1)[0, 1])
    return first - round((rows - 1) * NS_PER_S / rate)


def _after(
    last: Timestamp,
    interval: TimeInterval,
    name: str,
    part: Part,
    stream: StreamReader,
    *,
    keep_first: bool,
) -> TimeInterval:
    """What of a later recording may follow; StreamError where it overlaps and nothing may be left out."""
    overlap = last - _begin(stream)
    if overlap < 0:
        return interval
    if not keep_first:
        raise StreamError(
            f"Stream {name!r} of {part.info.name} begins {duration_text(overlap / NS_PER_S)} before it ends "
            "in the recording before. Cut one of them first, or keep what the first one says (--keep first)."
        )
    return interval.intersection(TimeInterval(left=last, left_inclusive=False))


def _require_same_format(name: str, found: Sequence[tuple[Part, StreamReader]]) -> None:
    first_part, first = found[0]
    for part, stream in found[1:]:
        if _essence(stream.description.format) != _essence(first.description.format):
            raise StreamError(
                f"Stream {name!r} is not the same in all recordings: {_words(first.description.format)} in "
                f"{first_part.info.name}, {_words(stream.description.format)} in {part.info.name}. Copy one "
                "of them without that stream first."
            )


def _essence(described: StreamFormat) -> tuple[object, ...]:
    return described.kind, described.dtype, described.channels, described.rate, described.units


def _words(described: StreamFormat) -> str:
    parts = (described.kind.value, described.dtype, f"{described.channels} channels", described.units)
    return " ".join((*filter(None, parts), f"{described.rate:g} Hz"))


def _losses_within(losses: Sequence[Loss], interval: TimeInterval) -> list[Loss]:
    """The losses that touch an interval; of one that reaches beyond it, the share that lies inside."""
    found = []
    for loss in losses:
        left, right = max(loss.from_time, interval.left), min(loss.to_time, interval.right)
        if left > right:
            continue
        whole = loss.to_time - loss.from_time
        share = (right - left) / whole if whole > 0 else 1.0
        found.append(replace(loss, count=round(loss.count * share), from_time=left, to_time=right))
    return found


def log_lines(parts: Sequence[Part], sentence: str) -> list[EncodedMessage]:
    """The log of all parts in order of time, and at its end what was done here."""
    lines = []
    for part in parts:
        log = part.reader.log_stream()
        taken = cut(log, part.interval)
        for message in log.messages(taken.first, taken.last):
            envelope = message.envelope
            lines.append((envelope.originating_time, envelope.creation_time, message.data))
    lines.sort(key=lambda line: line[:2])
    now = SystemClock().now()
    lines.append((now, now, {"text": f"{sentence}.", "device": ""}))
    encoded: list[EncodedMessage] = []
    time = created = 0
    for number, (originating, creation, data) in enumerate(lines, start=1):
        time, created = max(time + 1, originating), max(created, creation, time)
        encoded.append(EncodedMessage(time, created, number, encode(layout.LOG_FORMAT, data)))
    return encoded
