"""Recordings for the tests of operations: every kind of stream, gaps, cuts that hurt, readers of results."""

from pathlib import Path
from typing import Any

import numpy as np

from studio.engine.message import Message
from studio.formats.encoding import encode
from studio.formats.opencv import encode_jpeg
from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.store import StoreReader, verify
from studio.store.batch import EncodedMessage
from studio.store.cover import raw_points
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from tests.store.recordings import MS, SECOND, T0

SOUND = StreamFormat(PayloadKind.AUDIO, dtype="int16", channels=2, rate=8000.0)
UNRATED = StreamFormat(PayloadKind.SAMPLES, dtype="float32", channels=3)
NUMBERS = StreamFormat(PayloadKind.SCALAR, dtype="float64", units="V")
PICTURES = StreamFormat(PayloadKind.JPEG, rate=10.0, width=32, height=24)
RAW_PICTURES = StreamFormat(PayloadKind.IMAGE, dtype="uint8", rate=10.0, width=8, height=6)
WORDS = StreamFormat(PayloadKind.STRING)
EVENTS = StreamFormat(PayloadKind.EVENT)
JSON = StreamFormat(PayloadKind.JSON)
RAW = StreamFormat(PayloadKind.BYTES)


def picture(number: int, *, height: int = 24, width: int = 32) -> np.ndarray[Any, Any]:
    """A grey that says its number."""
    return np.full((height, width, 3), (number * 7) % 256, np.uint8)


def contents(seconds: float, begin: int = T0) -> dict[str, tuple[StreamFormat, list[tuple[int, Any]]]]:
    """What every kind of stream holds in a recording of that length; the sound has a gap at its half."""
    random = np.random.default_rng(begin % 1000)
    count = round(seconds * 100)
    sound = []
    for number in range(count):
        if count // 2 <= number < count // 2 + count // 10:
            continue
        jitter = int(random.integers(-20_000, 1))
        block = random.integers(-3000, 3000, (80, 2)).astype(np.int16)
        sound.append((begin + (number + 1) * 10 * MS + jitter, block))
    unrated, time = [], begin
    for _ in range(count // 4):
        time += int(random.integers(5, 60)) * MS
        unrated.append((time, random.standard_normal((int(random.integers(1, 9)), 3)).astype(np.float32)))
    slow = [begin + number * 100 * MS for number in range(round(seconds * 10))]
    return {
        "sound": (SOUND, sound),
        "un/rated \u00b5": (UNRATED, unrated),
        "numbers": (NUMBERS, [(begin + n * 7 * MS, float(n)) for n in range(count)]),
        "pictures": (PICTURES, [(t, encode_jpeg(picture(n))) for n, t in enumerate(slow)]),
        "raw pictures": (RAW_PICTURES, [(t + MS, picture(n, height=6, width=8)) for n, t in enumerate(slow)]),
        "words": (WORDS, [(t, f'w\u00f6rd {n}, "quoted"\n') for n, t in enumerate(slow)]),
        "events": (EVENTS, [(t, Event(f"event {n}", "kind", n * MS)) for n, t in enumerate(slow)]),
        "json": (JSON, [(t, {"n": n, "list": [1.5, None]}) for n, t in enumerate(slow)]),
        "raw": (RAW, [(t, bytes([n % 256]) * (n + 1)) for n, t in enumerate(slow)]),
        "silent": (WORDS, []),
    }


def record(path: Path, seconds: float = 2.0, begin: int = T0, streams: Any = None) -> Path:
    """A closed recording with a loss account and a log."""
    writer = StoreWriter.create(path, session_id="s1")
    held = contents(seconds, begin) if streams is None else streams
    writer.add_streams(
        [NewStream(n, f, device=f"device of {n}", opened_time=begin) for n, (f, _) in held.items()]
    )
    for name, (described, messages) in held.items():
        for number, (time, data) in enumerate(messages, start=1):
            writer.append(name, EncodedMessage(time, time + MS, number, encode(described, data)))
    if streams is None:
        middle = begin + round(seconds / 2 * SECOND)
        writer.add_loss("sound", "gap", round(seconds * 800), middle, middle + round(seconds / 10 * SECOND))
        log_format = StreamFormat(PayloadKind.JSON)
        for number in range(3):
            time = begin + round(number * seconds / 3 * SECOND)
            line = encode(log_format, {"text": f"line {number}", "device": ""})
            writer.log(EncodedMessage(time, time, number + 1, line))
    writer.close()
    return path


def messages(path: Path, name: str) -> list[Message[Any]]:
    with StoreReader(path) as reader:
        return list(reader.messages(name))


def row_times(path: Path, name: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """When each sample was taken, and the samples."""
    with StoreReader(path) as reader:
        stream = reader.stream(name)
        if not stream.counts.messages:
            return np.empty(0, np.int64), np.empty((0, stream.description.format.channels))
        points = raw_points(stream, 0, stream.counts.messages)
        return points.times, points.extents[:, 0]


def sound_of(path: Path) -> None:
    """Fail unless verification finds nothing."""
    report = verify(path)
    assert report.is_sound, report.findings
