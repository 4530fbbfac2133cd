"""Sees every message of one stream of a preview, and measures it while a pre-flight wants to know.

Asleep it costs a call. Awake it does with a message what a recording would do before the disk: it encodes
pictures, and has a queue of the same length, so that a machine that cannot keep up is found out.
"""

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.app.preflight.card import StreamFigures
from studio.app.preflight.measuring import StreamMeter, Taken
from studio.app.watch import should_flow
from studio.devices.meters import peak_of
from studio.engine import DeliveryPolicy, Emitter, Envelope, Pipeline
from studio.errors import StudioError
from studio.formats import opencv
from studio.formats.encoding import encode
from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import NS_PER_S, TIME_MAX, Duration, Timestamp

if TYPE_CHECKING:
    from collections.abc import Callable

FULL_SCALE = 0.999
"""Nearer to full scale no sample is that was not cut off."""

ON_ITS_WAY: Duration = NS_PER_S // 2
"""A stream that is no farther behind has nothing to wait for."""


class StreamProbe:
    """`take` is called by one pipeline worker at a time; everything else from any thread."""

    def __init__(self, format: StreamFormat, *, jpeg_quality: int) -> None:
        self._format = format
        is_encoded = format.kind is PayloadKind.IMAGE and not format.has_values
        self._quality = jpeg_quality if is_encoded else 0
        self._lock = threading.Lock()
        self._meter: StreamMeter | None = None
        self._was_flowing = self._has_flowed = False
        self._refused_before = 0
        self._end_time: Timestamp = TIME_MAX
        self._ask_refused: Callable[[], int] = lambda: 0

    def listen(self, pipeline: Pipeline, emitter: Emitter[Any], *, queue_limit: int) -> None:
        """Receive what the emitter posts; `queue_limit`: bytes that may wait."""
        receiver = pipeline.create_receiver(self, self.take, "preflight")
        emitter.pipe_to(receiver, DeliveryPolicy.bytes_constrained(queue_limit))
        self._ask_refused = lambda: receiver.statistics().refused

    def wake(self, now: Timestamp) -> None:
        """Measure from now on."""
        refused = self._ask_refused()
        with self._lock:
            self._meter, self._end_time = StreamMeter(now), TIME_MAX
            self._was_flowing, self._refused_before = self._has_flowed, refused

    def finish(self, time: Timestamp) -> None:
        """What is of a later time is not counted any more."""
        self._end_time = time

    def is_behind(self, time: Timestamp) -> bool:
        """Whether more of a stream that has begun to flow may still be on its way to us."""
        with self._lock:
            meter = self._meter
            if meter is None or not meter.has_begun or not should_flow(self._format):
                return False
            return time - meter.last_time > ON_ITS_WAY

    def sleep(self) -> None:
        """Measure no more. Idempotent."""
        with self._lock:
            self._meter = None

    def take(self, data: Any, envelope: Envelope) -> None:
        """Receives the stream."""
        self._has_flowed = True
        if self._meter is None or envelope.originating_time > self._end_time:
            return
        taken, trouble = self._looked_at(data)
        with self._lock:
            if self._meter is not None:
                self._meter.take(taken, envelope.originating_time, envelope.creation_time)
                self._meter.trouble = self._meter.trouble or trouble

    def figures(self, now: Timestamp) -> StreamFigures:
        """What came since `wake`; nothing while asleep."""
        refused = self._ask_refused()
        with self._lock:
            if self._meter is None:
                return StreamFigures()
            flows = should_flow(self._format)
            figures = self._meter.figures(now, should_flow=flows, was_flowing=self._was_flowing)
            return replace(figures, refused=refused - self._refused_before)

    def _looked_at(self, data: Any) -> tuple[Taken, str]:
        """What the message has; why it could not be stored, if it could not."""
        try:
            return self._measured(data), ""
        except (StudioError, ValueError, TypeError) as error:
            return Taken(), str(error)

    def _measured(self, data: Any) -> Taken:
        kind = self._format.kind
        if kind is PayloadKind.IMAGE:
            size = (data.shape[1], data.shape[0])
            stored = len(opencv.encode_jpeg(data, self._quality).data) if self._quality else data.nbytes
            return Taken(byte_count=stored, size=size)
        payload = encode(self._format, data)
        if kind is PayloadKind.AUDIO:
            return Taken(payload.units, payload.byte_count, peak_of(data), _clipped(data))
        if kind is PayloadKind.JPEG:
            return Taken(byte_count=payload.byte_count, size=(data.width, data.height))
        return Taken(payload.units, payload.byte_count)


def _clipped(block: Any) -> int:
    """How many samples lie at full scale."""
    full = FULL_SCALE * 32768 if block.dtype == np.int16 else FULL_SCALE
    return int(np.count_nonzero((block >= full) | (block <= -full)))
