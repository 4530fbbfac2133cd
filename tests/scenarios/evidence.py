"""What a recording proves, held against outside truth: the sounds that were played, the frames served."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.devices import barcode
from studio.formats.opencv import decode_jpeg
from studio.formats.payload import EncodedImage, PayloadKind
from studio.store import StoreReader
from studio.timing import NS_PER_MS
from tests.lab.camera import ServedFrame
from tests.lab.sound import Samples

PROMPT_NS = 150 * NS_PER_MS
MOST = 0.95


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """One frame as it is found in a recording."""

    index: int
    send_time: int
    """ns UTC, read from the picture."""
    originating_time: int
    creation_time: int


def stream_of(reader: StoreReader, kind: PayloadKind, device: str) -> str:
    """The one stream of this kind whose device's id or stream name contains `device`."""
    found = [
        s.name for s in reader.info().streams if s.format.kind is kind and device in f"{s.device} {s.name}"
    ]
    assert len(found) == 1, f"{kind} of {device}: found {found} among {reader.stream_names}"
    return found[0]


def stored_frames(reader: StoreReader, stream: str) -> list[StoredFrame]:
    """Every frame of a stream with what its bar code says; a frame without one fails."""
    frames = []
    for message in reader.messages(stream):
        data = message.data
        code = barcode.read(decode_jpeg(data) if isinstance(data, EncodedImage) else data)
        assert code is not None, f"frame at {message.envelope.originating_time} has no readable bar code"
        frames.append(StoredFrame(*code, message.envelope.originating_time, message.envelope.creation_time))
    return frames


def stored_sound(reader: StoreReader, stream: str) -> Samples:
    """All samples of the first channel of a stream, as 16 bit numbers."""
    blocks = [message.data[:, 0] for message in reader.messages(stream)]
    samples = np.concatenate(blocks)
    if samples.dtype.kind == "f":
        samples = np.round(samples * 32768).clip(-32768, 32767)
    return samples.astype(np.int16)


def check_frames(frames: Sequence[StoredFrame], served: Sequence[ServedFrame]) -> None:
    """Decision 37: complete and in order between first and last; times honest to 150 ms.

    A few may come later: the tests beside this one may take all processors for that long, just then.
    """
    indices = [frame.index for frame in frames]
    by_index = {frame.index: frame for frame in served}
    expected = [frame.index for frame in served if indices[0] <= frame.index <= indices[-1]]
    assert indices == sorted(set(expected)), "frames are missing, doubled or out of order"
    for frame in frames:
        assert frame.send_time == by_index[frame.index].send_time
        assert frame.send_time <= frame.originating_time <= frame.creation_time
    prompt = [frame.originating_time <= frame.send_time + PROMPT_NS for frame in frames]
    assert sum(prompt) >= MOST * len(frames), f"{prompt.count(False)} of {len(frames)} frames came late"


def check_loss_account(path: Path) -> None:
    """Produced = stored + dropped for every stream, and every drop has a line that says why."""
    with StoreReader(path) as reader:
        explained: dict[str, int] = {}
        for entry in reader.loss():
            explained[entry.stream] = explained.get(entry.stream, 0) + entry.count
        for stream in reader.info().streams:
            is_sampled = stream.format.kind in (PayloadKind.AUDIO, PayloadKind.SAMPLES)
            stored = stream.sample_count if is_sampled else stream.message_count
            assert stored > 0, f"{stream.name} is empty"
            assert stream.produced == stored + stream.dropped, stream
            assert stream.dropped == explained.get(stream.name, 0), stream
