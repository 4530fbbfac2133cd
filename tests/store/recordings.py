"""Small recordings for the tests of the store."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from studio.formats.encoding import encode
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store.batch import EncodedMessage
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter

T0 = 1_700_000_000 * 10**9
MS = 10**6
SECOND = 10**9

AUDIO = StreamFormat(PayloadKind.AUDIO, dtype="float32", channels=2, rate=48_000.0)
SCALAR = StreamFormat(PayloadKind.SCALAR, dtype="float64")
STRING = StreamFormat(PayloadKind.STRING)
JPEG = StreamFormat(PayloadKind.JPEG)


def message(stream_format: StreamFormat, time: int, data: Any, number: int = 1) -> EncodedMessage:
    """Created a millisecond after it originated."""
    return EncodedMessage(time, time + MS, number, encode(stream_format, data))


def write_recording(path: Path, streams: dict[str, tuple[StreamFormat, Iterable[tuple[int, Any]]]]) -> Path:
    """A closed recording of the given `(time, payload)` pairs."""
    writer = StoreWriter.create(path)
    writer.add_streams([NewStream(name, described) for name, (described, _) in streams.items()])
    for name, (described, messages) in streams.items():
        for number, (time, data) in enumerate(messages, start=1):
            writer.append(name, message(described, time, data, number))
    writer.close()
    return path


def blocks(count: int, *, rows: int = 480, channels: int = 2, period: int = 10 * MS) -> list[tuple[int, Any]]:
    """Blocks of a noisy tone, the first ending at T0 + period."""
    random = np.random.default_rng(1)
    return [
        (T0 + (number + 1) * period, random.standard_normal((rows, channels)).astype(np.float32))
        for number in range(count)
    ]


def small_recording(path: Path) -> Path:
    """One of each: sound, numbers, words; a second long."""
    return write_recording(
        path,
        {
            "sound": (AUDIO, blocks(100)),
            "numbers": (SCALAR, [(T0 + i * MS, float(i)) for i in range(1000)]),
            "words": (STRING, [(T0 + i * 100 * MS, f"word {i}") for i in range(10)]),
        },
    )
