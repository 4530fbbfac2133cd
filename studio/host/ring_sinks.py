"""Puts live data of the recorder into rings. Belongs to the recorder process; may fail to show, never raises.

A sink keeps one ring for as long as its data keep their shape; other shapes get a new file. What cannot be
shown (no memory, a picture without pixels) is counted and left out: a recording never fails for its preview.
"""

import itertools
import json
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from studio.app.status import LiveView
from studio.engine.message import Envelope
from studio.errors import ImageFormatError, StudioError
from studio.formats.opencv import decode_jpeg, resize
from studio.formats.payload import EncodedImage, Event, PayloadKind, StreamFormat
from studio.host.frame_ring import FrameRingWriter
from studio.host.message_ring import MessageRingWriter
from studio.host.sample_writer import SampleRingWriter
from studio.host.text_ring import TextRingWriter
from studio.timing import NS_PER_S, Timestamp, monotonic_ns

MAXIMUM_WIDTH, MAXIMUM_HEIGHT = 960, 540
SMALLER = (1, 2, 4)
"""When the memory for a picture is not there, it is shrunk further by these (decision 20)."""
MOST_BYTES_PER_S = 2_000_000
"""Of JSON of one stream that is written for the screen."""
MESSAGE_BYTES = 400
"""What each message counts besides its own: parsing it costs as much."""
BURST_NS = NS_PER_S // 2
"""So much of that may come at once: messages of one moment belong together."""
REFUSED_BY_DATA = (StudioError, ValueError, TypeError, AttributeError, OverflowError, OSError)
"""What data of an unexpected shape or type can raise on their way into a ring."""


class RingSinks:
    """Makes the sinks of one recorder, in one folder (the LiveSinks of the app)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._sinks: list[RingSink] = []

    def open(self, stream: str, format: StreamFormat) -> "RingSink | None":
        """A sink for a stream; None if its kind has no live view or the memory for it is not there."""
        drawing = _drawing_of(format, lambda kind: self._folder / f"{next(self._numbers)}-{kind}.ring")
        if drawing is None or not drawing.prepare():
            return None
        sink = RingSink(stream, drawing)
        self._sinks.append(sink)
        return sink

    def close_all(self) -> None:
        """Close all sinks and remove their files. Idempotent."""
        sinks, self._sinks = self._sinks, []
        for sink in sinks:
            sink.close()


class RingSink:
    """Where the live data of one stream go (the LiveSink of the app). `put` may come from any one thread."""

    def __init__(self, stream: str, drawing: "Drawing") -> None:
        self.stream = stream
        self._drawing = drawing
        self._lock = threading.Lock()
        self._closed = False
        self.skipped = 0
        """Messages that could not be shown."""

    @property
    def view(self) -> LiveView:
        """Where readers find the newest data; its path changes with the size of the data."""
        return self._drawing.view

    def put(self, data: object, envelope: Envelope) -> None:
        """Show a message; after `close` it is ignored. Never raises for what the data are."""
        self.put_all([(data, envelope.originating_time)])

    def put_all(self, messages: Sequence[tuple[object, Timestamp]]) -> None:
        """As `put` of each, with its originating time."""
        with self._lock:
            if self._closed:
                return
            if isinstance(self._drawing, TextDrawing) and self._are_texts(self._drawing, messages):
                return
            for data, time in messages:
                try:
                    self._drawing.put(data, time)
                except REFUSED_BY_DATA:
                    self.skipped += 1

    def _are_texts(self, drawing: "TextDrawing", messages: Sequence[tuple[object, Timestamp]]) -> bool:
        """Show them together; False if one is none, and nothing was shown."""
        try:
            drawing.put_all(messages)
        except REFUSED_BY_DATA:
            return False
        return True

    def close(self) -> None:
        """Remove the ring. Idempotent."""
        with self._lock:
            self._closed = True
            self._drawing.close()


class Drawing(Protocol):
    """Turns messages of one kind into the contents of a ring."""

    view: LiveView

    def prepare(self) -> bool:
        """Reserve the memory if its size is known; False if it is not there."""
        ...

    def put(self, data: Any, time: int) -> None:
        """Show a message."""
        ...

    def close(self) -> None:
        """Remove the ring."""
        ...


NewPath = Callable[[str], Path]
"""Names the next file of a kind."""


def _drawing_of(format: StreamFormat, new_path: NewPath) -> Drawing | None:
    if format.kind.is_sampled:
        return SampleDrawing(format, new_path)
    if format.kind.is_picture:
        return FrameDrawing(format, new_path)
    if format.kind in (PayloadKind.STRING, PayloadKind.EVENT):
        return TextDrawing(new_path)
    if format.kind is PayloadKind.JSON:
        return MessageDrawing(new_path)
    return None


class SampleDrawing:
    """Blocks of samples and single values."""

    def __init__(self, format: StreamFormat, new_path: NewPath) -> None:
        self._rate = format.rate
        self._channels = max(1, format.channels)
        self._is_audio = format.kind is PayloadKind.AUDIO
        self._new_path = new_path
        self._ring: SampleRingWriter | None = None
        self.view = LiveView(path=str(new_path("samples")), kind="samples")

    def prepare(self) -> bool:
        """Reserve the memory."""
        self._ring = SampleRingWriter.create(Path(self.view.path), channels=self._channels, rate=self._rate)
        return self._ring is not None

    def put(self, data: Any, time: int) -> None:
        """Append a block, `(n, channels)`, or a single value."""
        block = np.asarray(data)
        block = block.reshape(-1, block.shape[1] if block.ndim == 2 else 1)
        if block.shape[1] != self._channels:
            self._renew(block.shape[1])
        if self._is_audio and block.dtype.kind == "i":
            block = block * np.float32(1.0 / (np.iinfo(block.dtype).max + 1))
        if self._ring is not None:
            self._ring.write(block, time)

    def close(self) -> None:
        """Remove the ring."""
        if self._ring is not None:
            self._ring.close()

    def _renew(self, channels: int) -> None:
        self.close()
        self._channels = channels
        self.view = LiveView(path=str(self._new_path("samples")), kind="samples")
        self.prepare()


class FrameDrawing:
    """Pictures, shrunk to what a window needs."""

    def __init__(self, format: StreamFormat, new_path: NewPath) -> None:
        self._full_size = (format.width, format.height)
        """Of the pictures that the ring was made for."""
        self._dtype = format.dtype if format.has_values else "uint8"
        self._new_path = new_path
        self._ring: FrameRingWriter | None = None
        self.view = LiveView(path=str(new_path("frames")), kind="frames")

    def prepare(self) -> bool:
        """Reserve the memory, if the size of the pictures is known already."""
        width, height = self._full_size
        if width <= 0 or height <= 0:
            return True
        for smaller in SMALLER:
            shown_width, shown_height = shrunk(width, height, smaller)
            self._ring = FrameRingWriter.create(
                Path(self.view.path), width=shown_width, height=shown_height, dtype=self._dtype
            )
            if self._ring is not None:
                return True
        return False

    def put(self, data: Any, time: int) -> None:
        """Show a picture, `(height, width, 3)` or `(height, width)`, or a JPEG."""
        image: npt.NDArray[Any] = self._decoded(data) if isinstance(data, EncodedImage) else data
        if image.dtype != self._dtype:
            raise ImageFormatError(f"pictures of {image.dtype} are not what this stream holds")
        height, width = image.shape[:2]
        full_size = (data.width, data.height) if isinstance(data, EncodedImage) else (width, height)
        if full_size != self._full_size:
            self._renew(full_size)
        if self._ring is not None:
            fits = (width, height) == self._ring.size
            self._ring.write(image if fits else resize(image, *self._ring.size), time)

    def close(self) -> None:
        """Remove the ring."""
        if self._ring is not None:
            self._ring.close()

    def _decoded(self, data: EncodedImage) -> npt.NDArray[np.uint8]:
        return decode_jpeg(data, reduce=2 if data.width >= 2 * MAXIMUM_WIDTH else 1)

    def _renew(self, full_size: tuple[int, int]) -> None:
        if self._ring is not None:
            self._ring.close()
            self._ring = None
            self.view = LiveView(path=str(self._new_path("frames")), kind="frames")
        self._full_size = full_size
        self.prepare()


class TextDrawing:
    """Texts and events."""

    def __init__(self, new_path: NewPath) -> None:
        self._ring: TextRingWriter | None = None
        self.view = LiveView(path=str(new_path("texts")), kind="texts")

    def prepare(self) -> bool:
        """Reserve the memory."""
        self._ring = TextRingWriter.create(Path(self.view.path))
        return self._ring is not None

    def put(self, data: Any, time: int) -> None:
        """Append a text."""
        self.put_all([(data, time)])

    def put_all(self, messages: Sequence[tuple[object, Timestamp]]) -> None:
        """Append texts: all, or none where that raises."""
        if self._ring is not None:
            self._ring.write_all([_text_of(data, time) for data, time in messages])

    def close(self) -> None:
        """Remove the ring."""
        if self._ring is not None:
            self._ring.close()


class MessageDrawing:
    """JSON, whole: what is inside is looked for by those who draw it, if anybody does.

    Of more than `MOST_BYTES_PER_S` only some messages are written, so that no stream of large messages keeps
    a worker of the recording busy with what nobody can see.
    """

    def __init__(self, new_path: NewPath) -> None:
        self._ring: MessageRingWriter | None = None
        self._rests_until = 0
        """By the monotonic clock: before that, nothing more is written."""
        self.view = LiveView(path=str(new_path("messages")), kind="messages")

    def prepare(self) -> bool:
        """Reserve the memory."""
        self._ring = MessageRingWriter.create(Path(self.view.path))
        return self._ring is not None

    def put(self, data: Any, time: int) -> None:
        """Append a message, unless too much was written of late."""
        now = monotonic_ns()
        if self._ring is None or now < self._rests_until:
            return
        text = json.dumps(data, ensure_ascii=False)
        self._ring.write(text, time)
        begun = max(self._rests_until, now - BURST_NS)
        self._rests_until = begun + (MESSAGE_BYTES + len(text)) * NS_PER_S // MOST_BYTES_PER_S

    def close(self) -> None:
        """Remove the ring."""
        if self._ring is not None:
            self._ring.close()


def _text_of(data: object, time: Timestamp) -> tuple[str, Timestamp, int]:
    """What is shown, when it was, and for how long."""
    if isinstance(data, Event):
        return data.text or data.kind, time, data.duration_ns
    return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), time, 0


def shrunk(width: int, height: int, smaller: int = 1) -> tuple[int, int]:
    """The size at which a picture is shown: never enlarged, its shape kept, within 960 by 540 / `smaller`."""
    factor = max(width * smaller / MAXIMUM_WIDTH, height * smaller / MAXIMUM_HEIGHT, 1.0)
    return max(1, round(width / factor)), max(1, round(height / factor))
