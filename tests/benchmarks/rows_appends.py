"""How fast the store takes messages, every guarantee kept: commits, fdatasync, loss account, pyramids.

Beside mcap (as its writer comes: chunks, checksums, here without compression; nothing is brought to the disk
before its end) and beside a raw file that is brought to the disk as often as ours: by `fdatasync` every two
seconds and at the end. Rounds alternate, the middle of the ratios of each round counts.
"""

import importlib.util
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from studio.formats.payload import PayloadKind, StreamFormat
from studio.store.batch import EncodedMessage
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from tests.benchmarks.bench_store import BYTES, EPHYS, encoded
from tests.benchmarks.table import Row, beside

SMALL_BYTES = 200
SYNC_S = 2.0
MB = 1e6
DIFFERENT_BYTES = 16 << 20
"""More than a processor has for itself, less than all of them share: just made, and not forgotten yet."""
ASKED_EVERY = 50
"""Messages after which is looked whether a flush is due: some milliseconds."""
ENVELOPE_BYTES = 40
"""Of each message of the raw file of small ones: times, number, place and length."""
SENSORS = StreamFormat(PayloadKind.SAMPLES, dtype="float32", channels=16, rate=1000.0)

Writing = Callable[[Path], None]


def raw_file(parts: Sequence[bytes | memoryview]) -> Writing:
    """What the disk and Python can do at best."""

    def write(path: Path) -> None:
        synced = time.monotonic()
        with path.open("wb") as file:
            for part in parts:
                file.write(part)
                if time.monotonic() - synced > SYNC_S:
                    file.flush()
                    os.fdatasync(file.fileno())
                    synced = time.monotonic()
            file.flush()
            os.fdatasync(file.fileno())

    return write


def store(described: StreamFormat, messages: list[EncodedMessage]) -> Writing:
    """Ours, flushed and committed every quarter of a second as the recorder does it."""

    def write(path: Path) -> None:
        writer = StoreWriter.create(path)
        writer.add_stream(NewStream("x", described))
        for number, message in enumerate(messages):
            writer.append("x", message)
            if number % ASKED_EVERY == 0:
                writer.flush_if_due()
        writer.close()

    return write


def mcap_file(messages: list[EncodedMessage]) -> Writing:
    """The container of the robotics world."""
    from mcap.writer import CompressionType, Writer

    def write(path: Path) -> None:
        with path.open("wb") as file:
            writer: Any = Writer(file, compression=CompressionType.NONE)
            writer.start()
            schema = writer.register_schema("bytes", "", b"")
            channel = writer.register_channel("x", "", schema)
            for message in messages:
                data = message.payload.data
                assert isinstance(data, bytes)
                writer.add_message(
                    channel,
                    log_time=message.creation_time,
                    data=data,
                    publish_time=message.time,
                    sequence=message.sequence_id,
                )
            writer.finish()

    return write


def seconds(writing: Writing, path: Path) -> float:
    """How long one run takes; nothing of it is left."""
    began = time.perf_counter()
    writing(path)
    took = time.perf_counter() - began
    path.unlink()
    return took


def raced(ours: Writing, theirs: Writing, folder: Path, rounds: int) -> tuple[float, float, float]:
    """Middle seconds of both, and the middle ratio of theirs to ours, in turns."""
    pairs = [(seconds(ours, folder / "ours"), seconds(theirs, folder / "theirs")) for _ in range(rounds)]
    own, other = (median(column) for column in zip(*pairs, strict=True))
    return own, other, median(b / a for a, b in pairs)


def small_messages(folder: Path, count: int, rounds: int) -> Iterator[Row]:
    """Messages a second."""
    random = np.random.default_rng(1)
    payloads: list[object] = [random.bytes(SMALL_BYTES) for _ in range(1000)]
    messages = encoded(BYTES, payloads * (count // 1000), 1000)
    ours = store(BYTES, messages)
    what = f"messages of {SMALL_BYTES} B appended"
    if importlib.util.find_spec("mcap") is None:
        yield Row(what, "", ">= 1.5 x", peer="mcap is not installed")
    else:
        own, other, ratio = raced(ours, mcap_file(messages), folder, rounds)
        rates = (f"{count / one / 1e3:.0f} thousand/s" for one in (own, other))
        yield beside(what, next(rates), f"mcap {next(rates)}", ratio, 1.5)
    parts = [bytes(SMALL_BYTES + ENVELOPE_BYTES)] * count
    own, other, ratio = raced(ours, raw_file(parts), folder, rounds)
    rates = (f"{count / one / 1e3:.0f} thousand/s" for one in (own, other))
    yield beside(what, next(rates), f"raw file, fdatasync: {next(rates)}", ratio)


def raw_bytes(data: bytes | np.ndarray[Any, np.dtype[Any]]) -> memoryview:
    """Without a copy: of blocks that are the same there is one only."""
    return memoryview(data) if isinstance(data, bytes) else data.data.cast("B")


def large_messages(
    what: str, described: StreamFormat, payloads: list[object], step: int, folder: Path, rounds: int
) -> Row:
    """Bytes a second."""
    messages = encoded(described, payloads, step)
    parts = [raw_bytes(message.payload.data) for message in messages]
    size = sum(map(len, parts))
    own, other, ratio = raced(store(described, messages), raw_file(parts), folder, rounds)
    peer = f"raw file, fdatasync: {size / MB / other:.0f} MB/s"
    return beside(what, f"{size / MB / own:.0f} MB/s", peer, ratio, 0.9)


def in_turns(make: Callable[[], object], count: int, size: int) -> list[object]:
    """So many payloads of `size` bytes, `DIFFERENT_BYTES` of them different."""
    different = [make() for _ in range(min(count, DIFFERENT_BYTES // size))]
    return [different[number % len(different)] for number in range(count)]


def begun_and_ended(folder: Path, rounds: int) -> Row:
    """What is done once for each recording: its structure and attributes."""
    block = np.zeros((300, 64), np.int16)
    messages = encoded(EPHYS, [block], 10**7)
    own, other, _ = raced(store(EPHYS, messages), raw_file([raw_bytes(block)]), folder, rounds)
    return Row(
        "a recording of one block begun and ended",
        f"{own * 1e3:.0f} ms",
        peer=f"raw file, fdatasync: {other * 1e3:.0f} ms",
    )


def measure(quick: bool) -> Iterator[Row]:
    """All of it, in a folder that is removed afterwards."""
    share, rounds = (10, 2) if quick else (1, 7)
    random = np.random.default_rng(1)

    def block() -> object:
        return random.integers(-500, 500, (300, 64)).astype(np.int16)

    def samples() -> object:
        return random.standard_normal((1000, 16)).astype(np.float32)

    def picture() -> object:
        return random.bytes(200_000)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from small_messages(folder, 300_000 // share, rounds)
        yield begun_and_ended(folder, rounds)
        what = "64 channels x 30 kHz, blocks of 10 ms appended"
        blocks = in_turns(block, 24_000 // share, 38_400)
        yield large_messages(what, EPHYS, blocks, 10**7, folder, rounds)
        what = "16 channels x 1 kHz, blocks of 1 s appended"
        seconds_long = in_turns(samples, 15_000 // share, 64_000)
        yield large_messages(what, SENSORS, seconds_long, 10**9, folder, rounds)
        what = "pictures of 200 kB appended"
        pictures = in_turns(picture, 4500 // share, 200_000)
        yield large_messages(what, BYTES, pictures, 3 * 10**7, folder, rounds)
