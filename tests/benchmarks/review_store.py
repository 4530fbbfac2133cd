"""A synthetic session to be reviewed: 64 channels, a film and very many events, made once and kept.

Written in large pieces by the part of the store that composes recordings, so that a hundred million samples
take seconds.
"""

import tempfile
from pathlib import Path

import numpy as np

from studio.formats.encoding import encode
from studio.formats.opencv import encode_jpeg
from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.store.batch import Rows
from studio.store.composing import ComposedStream, Composer, Provenance, composing
from studio.store.layout import StreamDescription
from studio.timing import NS_PER_S

CHANNELS = 64
RATE = 217
"""Hz: of 64 channels in two hours, a hundred million samples."""
PICTURE_RATE = 30
EVENT_RATE = 2778
"""Hz: twenty million in two hours."""
SECONDS = 7200
T0 = 1_790_000_000 * NS_PER_S
PIECE_S = 60
PICTURES = 300
"""Different ones; they come round again."""

SIGNALS = StreamFormat(PayloadKind.SAMPLES, "float32", CHANNELS, rate=float(RATE), units="µV")
FILM = StreamFormat(PayloadKind.JPEG, rate=float(PICTURE_RATE), width=640, height=480)
EVENTS = StreamFormat(PayloadKind.EVENT)


def review_store(share: int) -> Path:
    """The session of 1/`share` of the full length; made where it is not there yet."""
    folder = Path(tempfile.gettempdir()) / "studio-bench-review"
    folder.mkdir(exist_ok=True)
    path = folder / f"review_{share}.h5"
    if not path.exists():
        unfinished = path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        seconds = SECONDS // share
        with composing(unfinished) as composer:
            composer.begin(Provenance(T0, "bench", "bench", recovered=False, origin=()), {})
            _write_signals(composer, seconds)
            _write_film(composer, seconds)
            _write_events(composer, seconds)
        unfinished.rename(path)
    return path


def _stream(composer: Composer, name: str, described: StreamFormat) -> ComposedStream:
    return composer.add_stream(StreamDescription(name, 0, described, opened_time=T0))


def _write_signals(composer: Composer, seconds: int) -> None:
    """A message a second: slow waves and noise, each channel its own, with a silence in the middle."""
    stream = _stream(composer, "signals", SIGNALS)
    random = np.random.default_rng(1)
    phases = np.arange(CHANNELS) * 0.7
    for begin in range(0, seconds, PIECE_S):
        numbers = np.arange(begin, min(begin + PIECE_S, seconds))
        numbers = numbers[(numbers < 0.5 * seconds) | (numbers >= 0.52 * seconds)]
        if not len(numbers):
            continue
        at = np.arange(numbers[0] * RATE, (numbers[-1] + 1) * RATE)[:, np.newaxis] / RATE
        noise = random.standard_normal((len(at), CHANNELS), np.float32)
        data = (50 * np.sin(at / 7 + phases) + 5 * noise).astype(np.float32)
        keep = np.isin(np.arange(numbers[0], numbers[-1] + 1), numbers).repeat(RATE)
        data = data[keep]
        index = np.stack((np.arange(len(numbers)) * RATE, np.full(len(numbers), RATE)), axis=1)
        stream.write(_rows((numbers + 1) * NS_PER_S, index, data))


def _write_film(composer: Composer, seconds: int) -> None:
    stream = _stream(composer, "camera", FILM)
    coded = [bytes(encode_jpeg(_picture(number), 80).data) for number in range(PICTURES)]
    lengths = np.array([len(one) for one in coded], np.int64)
    for begin in range(0, seconds, PIECE_S):
        count = min(PIECE_S, seconds - begin) * PICTURE_RATE
        which = (begin * PICTURE_RATE + np.arange(count)) % PICTURES
        index = np.zeros((count, 5), np.int64)
        index[:, 1] = lengths[which]
        index[:, 0] = np.cumsum(index[:, 1]) - index[:, 1]
        index[:, 2:] = (480, 640, 3)
        times = begin * NS_PER_S + np.arange(1, count + 1) * NS_PER_S // PICTURE_RATE
        data = np.frombuffer(b"".join(coded[number] for number in which), np.uint8)
        stream.write(_rows(times, index, data))


def _picture(number: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """Soft colours and a bar that wanders."""
    across = np.linspace(0, 200, 640, dtype=np.float32)[np.newaxis, :]
    down = np.linspace(0, 55, 480, dtype=np.float32)[:, np.newaxis]
    grey = (across + down).astype(np.uint8)
    picture = np.stack((grey, grey[::-1], grey[:, ::-1]), axis=2).copy()
    picture[:, number * 2 : number * 2 + 12] = 255
    return picture


def _write_events(composer: Composer, seconds: int) -> None:
    stream = _stream(composer, "events", EVENTS)
    texts = [encode(EVENTS, Event(f"key {number}")).data for number in range(10)]
    coded = [bytes(text) for text in texts if isinstance(text, bytes)]
    lengths = np.array([len(one) for one in coded], np.int64)
    for begin in range(0, seconds, PIECE_S):
        count = min(PIECE_S, seconds - begin) * EVENT_RATE
        which = np.arange(count) % len(coded)
        index = np.empty((count, 2), np.int64)
        index[:, 1] = lengths[which]
        index[:, 0] = np.cumsum(index[:, 1]) - index[:, 1]
        whole, rest = divmod(count, len(coded))
        data = np.frombuffer(b"".join(coded) * whole + b"".join(coded[:rest]), np.uint8)
        stream.write(
            _rows(begin * NS_PER_S + np.arange(1, count + 1) * (NS_PER_S // EVENT_RATE), index, data)
        )


def _rows(times: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]", index: object, data: object) -> Rows:
    absolute = T0 + times.astype(np.int64)
    numbers = np.arange(1, len(times) + 1, dtype=np.int64)
    return Rows(absolute, absolute + 1_000_000, numbers, np.asarray(index, np.int64), np.asarray(data))
