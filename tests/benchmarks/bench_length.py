"""What a recording costs after ten hours, beside what it costs after ten minutes: time per message, memory.

python -m tests.benchmarks.bench_length [hours] [commits]

A recording of a sensor, numbers and small pictures is written by the store's writer as the recorder does it,
with a commit each quarter of a second of recorded time, but as fast as it goes. When it is as long as asked,
a second one of ten minutes is made, and both go on by turns, so that whatever else the machine does slows
both: printed is the median of the ratios of processor time per message. About 1.5 GB for ten hours, in the
folder for temporary files, removed afterwards. `commits` a second on the way there, 4 unless something else
is said: with 1 it takes a third of the time.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import psutil

from studio.formats.encoding import EncodedPayload, encode
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store.batch import EncodedMessage
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from studio.timing import NS_PER_S

T0 = 1_790_000_000 * NS_PER_S
SHORT_S = 600
HOURS = 10.0
COMMITS_PER_S = 4
TURNS = 60
TURN_S = 10
"""Recorded seconds of a turn."""
AIM = 1.05
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class LengthRow:
    """One line: a figure after ten minutes, after many hours, and how they compare."""

    what: str
    short: float
    long: float
    ratio: float
    aim: float = AIM


@dataclass(frozen=True, slots=True)
class Source:
    """One stream: what comes a second."""

    name: str
    format: StreamFormat
    payloads: tuple[EncodedPayload, ...]


def sources() -> tuple[Source, ...]:
    """All streams."""
    random = np.random.default_rng(1)
    sensor = StreamFormat(PayloadKind.SAMPLES, dtype="int16", channels=4, rate=1000.0)
    number = StreamFormat(PayloadKind.SCALAR, dtype="float64")
    picture = StreamFormat(PayloadKind.BYTES)
    blocks = [random.integers(-500, 500, (20, 4)).astype(np.int16) for _ in range(50)]
    return (
        Source("sensor", sensor, tuple(encode(sensor, block) for block in blocks)),
        Source("numbers", number, tuple(encode(number, float(each)) for each in range(200))),
        Source("pictures", picture, tuple(encode(picture, random.bytes(2000)) for _ in range(10))),
    )


class Recording:
    """One file being written, faster than it would come."""

    def __init__(self, path: Path) -> None:
        # It is told when a quarter of a recorded second has passed; of itself it would not notice.
        self._writer = StoreWriter.create(path, flush_interval=3600 * NS_PER_S)
        self._sources = sources()
        self._writer.add_streams([NewStream(source.name, source.format) for source in self._sources])
        self.messages_per_s = sum(len(source.payloads) for source in self._sources)
        self.seconds = 0

    def go_on(self, seconds: int, commits: int = COMMITS_PER_S) -> float:
        """So much longer, with so many commits a second; processor time it took, s per message."""
        began = time.thread_time()
        for _ in range(seconds):
            self._second(commits)
        return (time.thread_time() - began) / (seconds * self.messages_per_s)

    def _second(self, commits: int) -> None:
        for part in range(commits):
            for source in self._sources:
                for time_, number, payload in self._part(source, part, commits):
                    self._writer.append(source.name, EncodedMessage(time_, time_ + 1000, number, payload))
            self._writer.flush()
        self.seconds += 1

    def _part(self, source: Source, part: int, parts: int) -> Iterator[tuple[int, int, EncodedPayload]]:
        count = len(source.payloads)
        begin, end = part * count // parts, (part + 1) * count // parts
        for index in range(begin, end):
            yield (
                T0 + self.seconds * NS_PER_S + (index + 1) * NS_PER_S // count,
                self.seconds * count + index + 1,
                source.payloads[index],
            )

    def close(self) -> float:
        """End it; s it took."""
        began = time.perf_counter()
        self._writer.close()
        return time.perf_counter() - began


def memory() -> float:
    """MB of this process that are its own."""
    return float(psutil.Process().memory_full_info().uss) / MEGABYTE


def rows(folder: Path, hours: float = HOURS, commits: int = COMMITS_PER_S) -> list[LengthRow]:
    """Write, measure, and remove again."""
    paths = folder / "long.h5", folder / "short.h5"
    try:
        return _measured(*paths, round(hours * 3600), commits)
    finally:
        for path in paths:
            path.unlink(missing_ok=True)


def turn(short: Recording, long: Recording, *, is_odd: bool) -> tuple[float, float]:
    """Both a little longer, now the one first and now the other; what a message of each cost."""
    if is_odd:
        cost_long = long.go_on(TURN_S)
        return short.go_on(TURN_S), cost_long
    return short.go_on(TURN_S), long.go_on(TURN_S)


def _measured(long_path: Path, short_path: Path, long_s: int, commits: int) -> list[LengthRow]:
    long = Recording(long_path)
    long.go_on(SHORT_S)
    memory_short = memory()
    while long.seconds < long_s:
        long.go_on(min(SHORT_S, long_s - long.seconds), commits)
        print(f"  {long.seconds / 3600:.2f} h written, {memory():.0f} MB", file=sys.stderr, flush=True)
    memory_long = memory()
    short = Recording(short_path)
    short.go_on(SHORT_S)
    costs = [turn(short, long, is_odd=bool(number % 2)) for number in range(TURNS)]
    cost_short, cost_long = (median(cost) * 1e6 for cost in zip(*costs, strict=True))
    closing = short.close(), long.close()
    return [
        LengthRow("processor time per message, µs", cost_short, cost_long, median(b / a for a, b in costs)),
        LengthRow("memory of the writing process, MB", memory_short, memory_long, memory_long / memory_short),
        LengthRow("closing it, s", *closing, closing[1] / closing[0], float("inf")),
    ]


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 if an aim is missed."""
    hours = float(arguments[0]) if arguments else HOURS
    commits = int(arguments[1]) if len(arguments) > 1 else COMMITS_PER_S
    with tempfile.TemporaryDirectory() as place:
        found = rows(Path(place), hours, commits)
    print(f"load of the machine meanwhile: {os.getloadavg()[1]:.1f} on {os.cpu_count()} processors")
    print(f"{'a recording after':40} {'10 min':>10} {f'{hours:g} h':>10} {'ratio':>8} {'aim':>6}")
    for row in found:
        print(f"{row.what:40} {row.short:10.3f} {row.long:10.3f} {row.ratio:8.3f} {row.aim:6g}")
    return int(any(row.ratio > row.aim for row in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
