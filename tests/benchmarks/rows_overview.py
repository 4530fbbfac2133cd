"""How soon a hundred million samples are open, seen as a whole, and seen at any zoom.

The session of `review_store` (64 channels, with a film and twenty million events in the same file) is made
once, 4.8 GB in the folder for temporary files, in a few minutes. The peer does what there is to do without a
pyramid: read the samples of one of 20 pieces and fold them, times 20.
"""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from studio.store import StoreReader
from studio.store.layout import DATA
from studio.timing import NS_PER_S
from tests.benchmarks.review_store import review_store
from tests.benchmarks.table import Row, at_most

COLUMNS = 1500
ZOOMS = 200
LEAST_S = 0.1
OPENS = 9
PIECES = 20
"""The peer reads one of so many: a full reading of tens of gigabytes would measure the disk."""


def milliseconds(began: float) -> float:
    """Since then."""
    return (time.perf_counter() - began) * 1000


def open_ms(path: Path) -> float:
    """From the name of the file to what is in it."""
    began = time.perf_counter()
    with StoreReader(path) as reader:
        reader.info()
        return milliseconds(began)


def reading_all_ms(reader: StoreReader) -> float:
    """Estimated from a piece: every sample read and folded to columns."""
    stream = reader.stream("signals")
    rows = stream.counts.extent
    piece = rows // PIECES
    began = time.perf_counter()
    data = stream.rows(DATA, 0, piece)
    edges = np.linspace(0, piece, COLUMNS // PIECES, endpoint=False).astype(np.int64)
    np.minimum.reduceat(data, edges)
    np.maximum.reduceat(data, edges)
    return milliseconds(began) * PIECES


def zooms_ms(reader: StoreReader, first: int, last: int) -> list[float]:
    """Windows of all lengths from a tenth of a second to the whole, anywhere."""
    dice, times = random.Random(1), []
    for number in range(ZOOMS):
        length = int((last - first) * (LEAST_S * NS_PER_S / (last - first)) ** (number / (ZOOMS - 1)))
        left = first + dice.randrange(max(1, last - first - length))
        began = time.perf_counter()
        reader.window("signals", left, left + length, COLUMNS)
        times.append(milliseconds(began))
    return sorted(times)


def measure(quick: bool) -> Iterator[Row]:
    """Of the whole session, or of a hundredth of it."""
    path = review_store(100 if quick else 1)
    opened = median(open_ms(path) for _ in range(OPENS))
    with StoreReader(path) as reader:
        info = reader.info()
        signals = reader.stream("signals")
        size = signals.counts.extent * signals.description.format.channels
        many = f"{size / 1e6:.0f} million samples on 64 channels"
        yield at_most(f"{many}: open", opened, 20, "ms", digits=1)
        first, last = info.first_time, info.last_time
        began = time.perf_counter()
        reader.window("signals", first, last, COLUMNS)
        once = milliseconds(began)
        again = []
        for number in range(30):
            began = time.perf_counter()
            # A nanosecond aside each time: nothing may have been kept from before.
            reader.window("signals", first + number, last, COLUMNS)
            again.append(milliseconds(began))
        peer = reading_all_ms(reader)
        whole = median(again)
        row = at_most(f"{many}: the whole in {COLUMNS} columns", whole, 1, "ms", digits=2)
        note = f" ({once:.1f} at first)"
        yield Row(
            row.what,
            row.reached + note,
            row.aim,
            row.verdict,
            f"reading all: {peer:.0f} ms",
            peer / whole,
        )
        zooms = zooms_ms(reader, first, last)
        middle, worst = zooms[len(zooms) // 2], zooms[int(len(zooms) * 0.99)]
        told = f"{middle:.1f} ms, p99 {worst:.1f} ms"
        yield Row(f"{many}: any zoom, {(last - first) / NS_PER_S:.0f} s down to {LEAST_S} s", told)
