"""How long a recording of an hour takes to be closed, beside one of a minute.

The hour is written as fast as it goes (a microphone, 16 channels of 1 kHz, small pictures 30 times a second,
a commit a second), brought to the disk, as it would be every two seconds; then two more seconds are written,
and the file is closed: that is timed. The click on Stop is timed with the window, of short recordings.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from studio.formats.encoding import encode
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store.batch import EncodedMessage
from studio.store.creation import sync
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from studio.timing import NS_PER_S
from tests.benchmarks.table import Row, at_most

T0 = 1_790_000_000 * NS_PER_S
ROUNDS = 3
PICTURE_RATE = 30
FORMATS = {
    "sound": StreamFormat(PayloadKind.AUDIO, dtype="float32", channels=1, rate=48_000.0),
    "sensors": StreamFormat(PayloadKind.SAMPLES, dtype="float32", channels=16, rate=1000.0),
    "camera": StreamFormat(PayloadKind.BYTES, rate=float(PICTURE_RATE)),
}
PAYLOADS = {
    name: encode(described, data)
    for (name, described), data in zip(
        FORMATS.items(),
        (np.zeros((4800, 1), np.float32), np.ones((100, 16), np.float32), bytes(2000)),
        strict=True,
    )
}
RATES = {"sound": 10, "sensors": 10, "camera": PICTURE_RATE}
"""Messages a second."""


def write_second(writer: StoreWriter, number: int) -> None:
    """What comes in one second."""
    for name, rate in RATES.items():
        for part in range(rate):
            moment = T0 + number * NS_PER_S + (part + 1) * NS_PER_S // rate
            message = EncodedMessage(moment, moment + 1000, number * rate + part, PAYLOADS[name])
            writer.append(name, message)
    writer.flush()


def closing_ms(path: Path, seconds: int) -> float:
    """Of a recording of this length."""
    writer = StoreWriter.create(path)
    writer.add_streams([NewStream(name, described) for name, described in FORMATS.items()])
    for number in range(seconds):
        write_second(writer, number)
    sync(path)
    for number in range(seconds, seconds + 2):
        write_second(writer, number)
    began = time.perf_counter()
    writer.close()
    took = (time.perf_counter() - began) * 1000
    path.unlink()
    return took


def measure(quick: bool) -> Iterator[Row]:
    """An hour and a minute."""
    hour = 600 if quick else 3600
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.h5"
        short = median(closing_ms(path, 60) for _ in range(ROUNDS))
        long = median(closing_ms(path, hour) for _ in range(1 if quick else ROUNDS))
    row = at_most(f"closing a file that holds {hour / 60:.0f} minutes", long, 500, "ms")
    yield Row(row.what, row.reached, row.aim, row.verdict, f"1 minute: {short:.0f} ms", short / long)
