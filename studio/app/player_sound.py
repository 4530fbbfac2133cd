"""Sound on its way from a replay to the loudspeaker: blocks with their times in, a steady stream out.

Receivers put blocks in, ahead of their time. The sound device's thread takes what is to be heard at a moment;
once begun it takes sample after sample, because a jump would be heard, and tells how far the device's clock
and the clock of the replay have come apart. The player lets its clock follow (the sound leads).
"""

import threading
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.engine import Envelope
from studio.formats.payload import StreamFormat
from studio.formats.signal import full_scale
from studio.timing import NS_PER_MS, NS_PER_S, Duration, ReplayClock, Timestamp

Block = npt.NDArray[np.float32]

REALIGN: Duration = 30 * NS_PER_MS
"""Farther apart than that, sound is put where it belongs at once: there was a gap or a jump."""
GAP: Duration = 20 * NS_PER_MS
"""Blocks farther apart than that have silence between them."""
KEPT: Duration = 2 * NS_PER_S
"""Heard sound is kept as long: after a pause some of it is still to be heard."""
MOST_KEPT = 30 * NS_PER_S
"""However it comes, a track never holds more."""


class SoundTrack:
    """The sound of one stream, as numbers from -1 to 1 at the rate of the device."""

    def __init__(self, format: StreamFormat, *, rate: float, channels: int) -> None:
        """`rate` and `channels` are those of the device."""
        self._recorded_rate = format.rate or rate
        self._rate, self._channels = rate, channels
        self._scale = np.float32(1.0 / full_scale(format))
        self._step = NS_PER_S / rate
        self._lock = threading.Lock()
        self._chunks: list[tuple[Timestamp, Block]] = []
        self._index = self._offset = 0
        self._aligned = False
        self._wanted: Timestamp = 0

    def clear(self) -> None:
        """A new run begins."""
        with self._lock:
            self._chunks = []
            self._index = self._offset = 0
            self._aligned = False

    def let_go(self) -> None:
        """The clock stands or runs at another speed: begin anew where it is when sound is wanted again."""
        with self._lock:
            self._aligned = False

    def receive(self, data: Any, envelope: Envelope) -> None:
        """Take a block (the action of a receiver); its time is that of its last sample (decision 3)."""
        count = len(data)
        first = envelope.originating_time - round((count - 1) * NS_PER_S / self._recorded_rate)
        block = self._fitted(np.asarray(data))
        with self._lock:
            self._chunks.append((first, block))
            self._forget_heard()

    def _fitted(self, data: npt.NDArray[Any]) -> Block:
        """As floats, in the channels and at the rate of the device."""
        block = data.astype(np.float32) * self._scale
        if block.shape[1] != self._channels:
            block = (
                block[:, : self._channels] if self._channels > 1 < block.shape[1] else block.mean(1)[:, None]
            )
            block = np.broadcast_to(block, (len(block), self._channels))
        if self._recorded_rate != self._rate:
            places = np.arange(round(len(block) * self._rate / self._recorded_rate)) * (
                self._recorded_rate / self._rate
            )
            columns = [np.interp(places, np.arange(len(block)), column) for column in block.T]
            block = np.stack(columns, axis=1).astype(np.float32)
        return block

    def _forget_heard(self) -> None:
        old = 0
        newest = self._chunks[-1][0]
        while old < len(self._chunks) - 1:
            end = self._end_of(old)
            if end > self._wanted - KEPT and end > newest - MOST_KEPT:
                break
            old += 1
        if old:
            del self._chunks[:old]
            self._aligned = self._aligned and self._index >= old
            self._index = max(0, self._index - old)

    def mix_into(self, out: Block, wanted: Timestamp) -> Duration | None:
        """Add what is to be heard from `wanted` on; how much later than that it belongs, None for silence."""
        with self._lock:
            self._wanted = wanted
            begin = 0
            if not self._aligned or abs(self._head() - wanted) > REALIGN:
                silent = self._align(wanted)
                self._aligned = silent is not None and silent < len(out)
                if silent is None or not self._aligned:
                    return None
                begin = silent
            error = self._head() - wanted - round(begin * self._step)
            self._copy(out, begin)
            return error

    def _copy(self, out: Block, at: int) -> None:
        while at < len(out):
            samples = self._chunks[self._index][1]
            taken = samples[self._offset : self._offset + len(out) - at]
            out[at : at + len(taken)] += taken
            at += len(taken)
            self._offset += len(taken)
            if self._offset == len(samples):
                end = self._end_of(self._index)
                if self._index + 1 == len(self._chunks) or self._chunks[self._index + 1][0] - end > GAP:
                    self._aligned = False
                    return
                self._index, self._offset = self._index + 1, 0

    def _align(self, wanted: Timestamp) -> int | None:
        """Go to the first sample at or after `wanted`; how much silence before it; None: no more."""
        for index, (first, samples) in enumerate(self._chunks):
            if self._end_of(index) <= wanted:
                continue
            self._index = index
            self._offset = min(len(samples) - 1, max(0, -int((first - wanted) // self._step)))
            return max(0, round((self._head() - wanted) / self._step))
        return None

    def _head(self) -> Timestamp:
        if self._index >= len(self._chunks):
            return -KEPT
        return self._chunks[self._index][0] + round(self._offset * self._step)

    def _end_of(self, index: int) -> Timestamp:
        first, samples = self._chunks[index]
        return first + round(len(samples) * self._step)


class SoundMix:
    """All tracks of a replay together, and the clock they are heard by."""

    SMOOTHING = 0.1
    """Share of a new reading of the error: the device tells its delay in steps."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tracks: tuple[SoundTrack, ...] = ()
        self._clock: ReplayClock | None = None
        self._error: float | None = None
        self._is_muted = False
        self.heard = 0
        """Frames in which there was sound, for tests and statuses."""

    def set_tracks(self, tracks: tuple[SoundTrack, ...]) -> None:
        """Play these."""
        with self._lock:
            self._tracks = tracks

    def mute(self, muted: bool) -> None:
        """Be silent, and keep the time all the same: it is told as if it were heard."""
        with self._lock:
            self._is_muted = muted

    def follow(self, clock: ReplayClock | None) -> None:
        """Be heard by this clock; None: be silent."""
        with self._lock:
            tracks, self._clock, self._error = self._tracks, clock, None
        for track in tracks:
            track.let_go()

    def fill(self, out: Block, heard_monotonic: int) -> None:
        """Put in what is heard from that moment on; called on the sound device's thread."""
        with self._lock:
            tracks, clock, is_muted = self._tracks, self._clock, self._is_muted
        if clock is None or not tracks:
            return
        wanted = clock.from_monotonic(heard_monotonic)
        errors = [track.mix_into(out, wanted) for track in tracks]
        leading = next((error for error in errors if error is not None), None)
        if leading is not None:
            np.clip(out, -1.0, 1.0, out=out)
            if is_muted:
                out[:] = 0
            with self._lock:
                self.heard += len(out)
                known = self._error
                self._error = leading if known is None else known + self.SMOOTHING * (leading - known)

    @property
    def error(self) -> Duration | None:
        """How far the sound that is heard is ahead of the clock, ns, smoothed; None: none is heard."""
        with self._lock:
            return None if self._error is None else round(self._error)
