"""How fast recordings are written and looked at, as ratios to a raw file in the same run.

Run it: `python -m tests.benchmarks.bench_store`. Each line is the best of three.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from studio.formats.encoding import encode
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store import StoreReader
from studio.store.batch import EncodedMessage
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter

T0 = 1_700_000_000 * 10**9
NUMBER = StreamFormat(PayloadKind.SCALAR, dtype="float64")
BYTES = StreamFormat(PayloadKind.BYTES)
EPHYS = StreamFormat(PayloadKind.SAMPLES, dtype="int16", channels=64, rate=30_000.0)
MONO = StreamFormat(PayloadKind.SAMPLES, dtype="float32", channels=1, rate=48_000.0)


def best_seconds(action: Callable[[Path], None], folder: Path) -> float:
    """The quickest of three runs, each with a file of its own."""
    seconds = []
    for number in range(3):
        path = folder / f"{action.__name__}{number}.h5"
        begun = time.perf_counter()
        action(path)
        seconds.append(time.perf_counter() - begun)
        path.unlink(missing_ok=True)
    return min(seconds)


def raw_file(path: Path, parts: list[bytes], sync_every: int) -> None:
    """What the disk and Python can do at best."""
    with path.open("wb") as file:
        for number, part in enumerate(parts):
            file.write(part)
            if number % sync_every == sync_every - 1:
                file.flush()
                os.fdatasync(file.fileno())


def recorded(path: Path, described: StreamFormat, messages: list[EncodedMessage]) -> None:
    """One stream."""
    writer = StoreWriter.create(path)
    writer.add_stream(NewStream("x", described))
    for message in messages:
        writer.append("x", message)
    writer.close()


def encoded(described: StreamFormat, payloads: list[object], step: int) -> list[EncodedMessage]:
    """Ready to be stored, as they come out of the workers."""
    return [
        EncodedMessage(T0 + i * step, T0 + i * step, i, encode(described, payload))
        for i, payload in enumerate(payloads)
    ]


def small_messages(folder: Path) -> None:
    """200 000 numbers."""
    count = 200_000
    messages = encoded(NUMBER, [float(i) for i in range(count)], 1000)
    parts = [b"\0" * 72] * count

    def raw(path: Path) -> None:
        raw_file(path, parts, 20_000)

    def store(path: Path) -> None:
        recorded(path, NUMBER, messages)

    floor, ours = best_seconds(raw, folder), best_seconds(store, folder)
    print(f"small messages: {count / ours / 1e3:.0f} k/s, {floor / ours:.2f} of a raw file")


def big_messages(folder: Path, name: str, described: StreamFormat, payloads: list[object], step: int) -> None:
    """Signals and pictures, in bytes per second."""
    messages = encoded(described, payloads, step)
    parts = [np.asarray(message.payload.data).tobytes() for message in messages]
    size = sum(map(len, parts))

    def raw(path: Path) -> None:
        raw_file(path, parts, max(1, len(parts) // 20))

    def store(path: Path) -> None:
        recorded(path, described, messages)

    floor, ours = best_seconds(raw, folder), best_seconds(store, folder)
    print(f"{name}: {size / ours / 1e6:.0f} MB/s, {floor / ours:.2f} of a raw file")


def overview(folder: Path) -> None:
    """Opening and looking at 10 M samples."""
    block = np.random.default_rng(1).standard_normal((4800, 1)).astype(np.float32)
    messages = encoded(MONO, [block] * 2084, 10**8)
    path = folder / "long.h5"
    recorded(path, MONO, messages)
    end = T0 + 2084 * 10**8
    begun = time.perf_counter()
    with StoreReader(path) as reader:
        reader.info()
        opened = time.perf_counter()
        reader.window("x", T0, end, 1500)
        first = time.perf_counter()
        times = []
        for _ in range(20):
            before = time.perf_counter()
            reader.window("x", T0, end, 1500)
            times.append(time.perf_counter() - before)
        before = time.perf_counter()
        whole = np.concatenate([message.data for message in reader.messages("x")])
        scan = time.perf_counter() - before
    print(
        f"10 M samples: open {1e3 * (opened - begun):.1f} ms, overview {1e3 * (first - opened):.1f}, "
        f"then {1e3 * min(times):.2f} ms = 1/{scan / min(times):.0f} of reading all {len(whole)}"
    )


def main() -> None:
    """All of it, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as place:
        folder = Path(place)
        random = np.random.default_rng(1)
        small_messages(folder)
        block = random.integers(-500, 500, (300, 64)).astype(np.int16)
        big_messages(folder, "64 channels of 30 kHz", EPHYS, [block] * 6000, 10**7)
        big_messages(folder, "200 kB pictures", BYTES, [random.bytes(200_000)] * 1500, 3 * 10**7)
        overview(folder)


if __name__ == "__main__":
    main()
