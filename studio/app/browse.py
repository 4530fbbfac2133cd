"""Answers what panels ask about recordings. Belongs to one thread of the reader role; writes nothing itself.

Opening a recording may put it in order first, where that is allowed (decision 23); all else only reads.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.app.answers import Marks, Neighbours, Picture, ValueAt
from studio.app.neighbours import neighbours
from studio.app.value_text import level_text, numbers_text, payload_text
from studio.errors import StoreFormatError, StreamError
from studio.formats.opencv import decode_jpeg, resize
from studio.formats.payload import EncodedImage, PayloadKind, StreamFormat
from studio.formats.recording import RecordingInfo
from studio.formats.signal import SignalWindow, full_scale
from studio.store.reader import StoreReader
from studio.timing import NS_PER_MS, NS_PER_S, TimeInterval, Timestamp

MOST_OPEN = 4
"""Recordings kept open: the one on screen, and a few to go back to."""
LEVEL_SPAN = 20 * NS_PER_MS
"""The level of sound at a time is the peak of the time just before it."""


class Browser:
    """Reads the recordings that are being looked at, keeping the last few open."""

    def __init__(self, *, on_opening: Callable[[Path], None] | None = None) -> None:
        """`on_opening` is told each file before it is opened."""
        self._on_opening = on_opening
        self._readers: OrderedDict[str, StoreReader] = OrderedDict()
        self._growing: set[str] = set()
        """Those that were being recorded when last asked: their readers follow by themselves."""

    def open_recording(self, path: str) -> RecordingInfo:
        """What the recording holds, as of now. Raises StoreEnvironmentError or StoreFormatError."""
        if _key(path) not in self._growing:
            self._forget(path)  # what was repaired or replaced meanwhile is seen
        with self._reader(path) as reader:
            reader.refresh()
            info = reader.info()
        if info.live:
            self._growing.add(_key(path))
        else:
            self._growing.discard(_key(path))
        return info

    def read_window(
        self, path: str, stream: str, left: Timestamp, right: Timestamp, columns: int
    ) -> SignalWindow:
        """A signal in a window of time. Raises StreamError for what is no signal."""
        with self._reader(path) as reader:
            return reader.window(stream, left, max(left, right), max(1, columns))

    def read_picture(
        self, path: str, stream: str, time: Timestamp, max_width: int, max_height: int
    ) -> Picture | None:
        """The frame at or before `time`, shrunk to fit; None before the first."""
        with self._reader(path) as reader:
            format = _format(reader, stream)
            if not format.kind.is_picture:
                raise StreamError(f"stream {stream!r} holds {format.kind.value}, not pictures")
            message = reader.message_at(stream, time)
        if message is None:
            return None
        image, width, height = _shrunk(message.data, max_width, max_height)
        return Picture(image, message.envelope.originating_time, width, height)

    def read_marks(self, path: str, stream: str, left: Timestamp, right: Timestamp, limit: int) -> Marks:
        """Messages in a window, evenly thinned to `limit`; with their texts if they have any."""
        with self._reader(path) as reader:
            format, rows = _format(reader, stream), reader.stream(stream)
            total = max(0, rows.position(right, after=True) - rows.position(left))
            times = reader.times(stream, left, max(left, right), max(0, limit))
            if format.kind not in (PayloadKind.EVENT, PayloadKind.STRING, PayloadKind.JSON):
                return Marks(times, ("",) * len(times), np.zeros(len(times), np.int64), total)
            found = _messages_at(reader, stream, times, total)
        texts = tuple(payload_text(data, format) for data in found)
        durations = np.array([getattr(data, "duration_ns", 0) for data in found], np.int64)
        return Marks(times, texts, durations, total)

    def read_neighbours(self, path: str, stream: str, time: Timestamp) -> Neighbours:
        """The messages just before and just after a time."""
        with self._reader(path) as reader:
            return neighbours(reader.stream(stream), time)

    def read_values(self, path: str, streams: tuple[str, ...], time: Timestamp) -> tuple[ValueAt, ...]:
        """What each stream says at a time. Raises StreamError for an unknown one."""
        with self._reader(path) as reader:
            return tuple(_value_at(reader, stream, time) for stream in streams)

    @property
    def open_count(self) -> int:
        """Files that are open now."""
        return len(self._readers)

    def close(self) -> None:
        """Give all files back; idempotent."""
        for path in tuple(self._readers):
            self._forget(path)

    @contextmanager
    def _reader(self, path: str) -> Iterator[StoreReader]:
        key = _key(path)
        reader = self._readers.pop(key, None)
        reader = reader if reader is not None else self._opened(key)
        self._readers[key] = reader
        while len(self._readers) > MOST_OPEN:
            self._forget(next(iter(self._readers)))
        try:
            yield reader
        except StoreFormatError:
            self._forget(key)  # the next question opens it anew
            raise

    def _opened(self, path: str) -> StoreReader:
        if self._on_opening is not None:
            self._on_opening(Path(path))
        return StoreReader(path)

    def _forget(self, path: str) -> None:
        reader = self._readers.pop(_key(path), None)
        self._growing.discard(_key(path))
        if reader is not None:
            reader.close()


def _key(path: str) -> str:
    return str(Path(path).absolute())


def _format(reader: StoreReader, stream: str) -> StreamFormat:
    return reader.stream(stream).description.format


def _messages_at(
    reader: StoreReader, stream: str, times: npt.NDArray[np.int64], total: int
) -> tuple[Any, ...]:
    """Data of the messages of exactly these times."""
    if not len(times):
        return ()
    if len(times) == total:
        interval = TimeInterval(int(times[0]), int(times[-1]))
        return tuple(message.data for message in reader.messages(stream, interval))
    found = (reader.message_at(stream, int(time)) for time in times)
    return tuple(message.data for message in found if message is not None)


def _value_at(reader: StoreReader, stream: str, time: Timestamp) -> ValueAt:
    format = _format(reader, stream)
    if format.kind is PayloadKind.AUDIO:
        return _level_at(reader, stream, time)
    if format.kind is PayloadKind.SAMPLES:
        return _sample_at(reader, stream, time, format)
    message = reader.message_at(stream, time)
    if message is None:
        return ValueAt(stream, 0, "")
    values = (float(message.data),) if format.kind is PayloadKind.SCALAR else ()
    return ValueAt(stream, message.envelope.originating_time, payload_text(message.data, format), values)


def _level_at(reader: StoreReader, stream: str, time: Timestamp) -> ValueAt:
    window = reader.window(stream, time - LEVEL_SPAN, time, 1000)
    rows = _rows_at(window, time)
    if not len(rows):
        return _last_block(reader, stream, time)
    peak = float(max(np.nanmax(window.maximum[rows]), -np.nanmin(window.minimum[rows])))
    peak /= full_scale(_format(reader, stream))
    return ValueAt(stream, int(window.times[rows[-1]]), level_text(peak), (peak,))


def _rows_at(window: SignalWindow, time: Timestamp) -> npt.NDArray[np.intp]:
    """The points at or before a time; a window reaches a little further, so that its lines do."""
    return np.flatnonzero((window.times <= time) & np.isfinite(window.maximum).any(axis=1))


def _sample_at(reader: StoreReader, stream: str, time: Timestamp, format: StreamFormat) -> ValueAt:
    """The newest sample at or before a time. A block is known by its last sample, so the block that holds
    the sample may be later than the time (decision 3)."""
    span = round(4 * NS_PER_S / format.rate) if format.rate else NS_PER_S
    window = reader.window(stream, time - span, time, 1000)
    rows = _rows_at(window, time)
    if not len(rows):
        return _last_block(reader, stream, time)
    values = tuple(map(float, window.maximum[rows[-1]]))
    return ValueAt(stream, int(window.times[rows[-1]]), numbers_text(values, format.units), values)


def _last_block(reader: StoreReader, stream: str, time: Timestamp) -> ValueAt:
    message = reader.message_at(stream, time)
    if message is None:
        return ValueAt(stream, 0, "")
    format = _format(reader, stream)
    if format.kind is PayloadKind.AUDIO:
        peak = float(np.abs(message.data.astype(np.float64)).max()) / full_scale(format)
        return ValueAt(stream, message.envelope.originating_time, level_text(peak), (peak,))
    values = tuple(map(float, message.data[-1]))
    text = numbers_text(values, format.units)
    return ValueAt(stream, message.envelope.originating_time, text, values)


def _shrunk(data: Any, max_width: int, max_height: int) -> tuple[npt.NDArray[np.uint8], int, int]:
    """The picture at most that large, and its full width and height."""
    if isinstance(data, EncodedImage):
        full_width, full_height = data.width, data.height
        image = decode_jpeg(data, reduce=_reduction(full_width, full_height, max_width, max_height))
    else:
        image, (full_height, full_width) = data, data.shape[:2]
    scale = min(1.0, max(1, max_width) / image.shape[1], max(1, max_height) / image.shape[0])
    if scale < 1.0:
        image = resize(image, max(1, int(image.shape[1] * scale)), max(1, int(image.shape[0] * scale)))
    return image, full_width, full_height


def _reduction(width: int, height: int, max_width: int, max_height: int) -> int:
    """The largest of 8, 4, 2, 1 that still leaves at least the wanted size: decoding small is quick."""
    wanted = max(1, min(width // max(1, max_width), height // max(1, max_height)))
    return max(step for step in (1, 2, 4, 8) if step <= wanted)
