"""A recorder process that writes a random recording: `python -m tests.store.grower PATH SEED SECONDS ENDING`.

ENDING: `close`, or `die` in the middle of it; SIGTERM closes it earlier. Streams: regular sound, irregular
numbers, sparse words, and `slow`, whose device is 300 ms late. A fifth argument: its clock is so many seconds
ahead. Prints the path when the streams are there.
"""

import heapq
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from studio.timing import NS_PER_MS, NS_PER_S, OffsetClock, SystemClock, wait_on
from tests.store.recordings import AUDIO, SCALAR, STRING, message

FORMATS = {"sound": AUDIO, "numbers": SCALAR, "words": STRING, "slow": SCALAR}
LATENCY = {"sound": 20 * NS_PER_MS, "numbers": 0, "words": 0, "slow": 300 * NS_PER_MS}

Planned = tuple[int, int, str, Any]
"""When it is written (ns from the beginning), when it originated, stream, data."""


def plan_of(name: str, seed: int, duration: int) -> Iterator[Planned]:
    """What one stream holds."""
    random = np.random.default_rng([seed, len(name)])
    mean = {"sound": 10, "numbers": 5, "words": 700, "slow": 40}[name] * NS_PER_MS
    time = 0
    while time < duration:
        time += 10 * NS_PER_MS if name == "sound" else 1 + int(random.exponential(mean))
        data: Any = float(random.standard_normal())
        if name == "sound":
            data = random.standard_normal((480, 2)).astype(np.float32)
        elif name == "words":
            data = f"word {time}"
        yield time + LATENCY[name], time, name, data


def main() -> None:
    """Write it in real time."""
    path, seed, seconds, ending = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    ahead = int(sys.argv[5]) * NS_PER_S if len(sys.argv) > 5 else 0
    clock = OffsetClock(SystemClock(), ahead)
    writer = StoreWriter.create(path, clock=clock, flush_interval=100 * NS_PER_MS)
    writer.add_streams([NewStream(name, described) for name, described in FORMATS.items()])
    print(path, flush=True)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stopping.set())
    begun = clock.now()
    plans = heapq.merge(*(plan_of(name, seed, int(seconds * NS_PER_S)) for name in FORMATS))
    numbers: Counter[str] = Counter()
    for due, time, name, data in plans:
        while clock.now() < begun + due and not stopping.is_set():
            wait_on(stopping, min(20 * NS_PER_MS, begun + due - clock.now()))
            writer.flush_if_due()
        if stopping.is_set():
            break
        numbers[name] += 1
        writer.append(name, message(FORMATS[name], begun + time, data, numbers[name]))
        writer.flush_if_due()
    if ending == "die":
        os._exit(9)
    writer.close()


if __name__ == "__main__":
    main()
