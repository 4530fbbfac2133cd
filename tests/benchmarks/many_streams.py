"""A recording of very many streams with a few messages each, made in one go.

To make a hundred thousand takes a quarter of an hour, so `seeming_many` gives a thousand streams a hundred
names each: what opens by a table of contents cannot tell, whatever looks into the streams would.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np

from studio.formats.encoding import encode
from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.store.batch import Rows
from studio.store.composing import Provenance, composing
from studio.store.contents import write_contents
from studio.store.layout import LIBVER, STREAMS, StreamDescription, StreamSize
from studio.store.reader import StoreReader
from studio.timing import NS_PER_S

T0 = 1_790_000_000 * NS_PER_S
MESSAGES = 4
SIGNAL_EVERY = 100
"""The others are events: a signal has three times as many datasets."""

EVENTS = StreamFormat(PayloadKind.EVENT)
SIGNAL = StreamFormat(PayloadKind.SAMPLES, "float32", 1, rate=100.0)


def many_streams(path: Path, count: int) -> Path:
    """`count` streams of a few seconds; made where it is not there yet."""
    if path.exists():
        return path
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with composing(unfinished) as composer:
        composer.begin(Provenance(T0, "bench", "bench", recovered=False, origin=()), {})
        for number in range(count):
            described = SIGNAL if number % SIGNAL_EVERY == 0 else EVENTS
            rows = _samples(number) if described is SIGNAL else _events(number)
            size = StreamSize(messages=len(rows.times), extent=len(rows.data))
            stream = StreamDescription(f"s{number:06}", 0, described, opened_time=T0)
            composed = composer.add_stream(stream, size)
            composed.write(rows)
            composed.close(int(rows.times[-1]))
    unfinished.rename(path)
    return path


def seeming_many(path: Path, count: int, real: int = 1000) -> Path:
    """A recording that lists `count` streams, made where it is not there yet."""
    if path.exists():
        return path
    unfinished = path.with_suffix(".new")
    shutil.copyfile(many_streams(path.with_name(f"few_{real}.h5"), real), unfinished)
    with StoreReader(unfinished) as reader:
        known = reader.info().streams
        few = np.array([[s.counts.messages, s.counts.extent, 0, s.counts.produced] for s in reader.streams()])
    with h5py.File(unfinished, "r+", libver=LIBVER) as file:
        group = file[STREAMS]
        for number in range(real, count):
            group[f"s{number:06}"] = group[f"s{number % real:06}"]
        infos = [replace(known[number % real], name=f"s{number:06}") for number in range(count)]
        write_contents(file, infos, few[np.arange(count) % real])
    unfinished.rename(path)
    return path


def _samples(number: int) -> Rows:
    rows = np.arange(MESSAGES * 100, dtype=np.float32)
    lengths = np.full(MESSAGES, 100)
    return _rows(number, lengths, np.sin(rows / 20 + number)[:, np.newaxis].astype(np.float32))


def _events(number: int) -> Rows:
    coded = [encode(EVENTS, Event(f"{number} {one}")).data for one in range(MESSAGES)]
    texts = [bytes(text) for text in coded if isinstance(text, bytes)]
    return _rows(number, np.array([len(text) for text in texts]), np.frombuffer(b"".join(texts), np.uint8))


def _rows(number: int, lengths: "np.ndarray[tuple[int], np.dtype[np.int64]]", data: object) -> Rows:
    times = T0 + number + np.arange(1, MESSAGES + 1, dtype=np.int64) * NS_PER_S
    index = np.stack((np.cumsum(lengths) - lengths, lengths), axis=1).astype(np.int64)
    numbers = np.arange(1, MESSAGES + 1, dtype=np.int64)
    return Rows(times, times + 1000, numbers, index, np.asarray(data))
