"""The figures of a stream that lie over a picture at a moment. Owns nothing."""

from studio.app.answers import ShapesAt
from studio.errors import ShapeError, StreamError
from studio.formats.payload import PayloadKind
from studio.formats.shapes import parse_shapes
from studio.store.reader import StoreReader
from studio.timing import Duration, Timestamp


def shapes_at(reader: StoreReader, stream: str, time: Timestamp, keep: Duration) -> ShapesAt | None:
    """Those of the newest message at or before `time`; None if there is none, or it is older than `keep`.

    `keep` 0: however old it is. Raises StreamError if the stream holds no JSON, ShapeError for a message that
    holds no figures.
    """
    rows = reader.stream(stream)
    kind = rows.description.format.kind
    if kind is not PayloadKind.JSON:
        raise StreamError(f"stream {stream!r} holds {kind.value}, no figures for a picture")
    number = rows.position(time, after=True)
    if not number:
        return None
    if keep and time - int(rows.times(number - 1, number, 1)[0]) > keep:
        return None
    message = next(rows.messages(number - 1, number))
    try:
        shapes = parse_shapes(message.data)
    except ShapeError as error:
        raise ShapeError(f"Message {number} of {stream} cannot be drawn: {error}.") from error
    return ShapesAt(message.envelope.originating_time, number, shapes)
