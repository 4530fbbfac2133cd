"""How fast chains run over recordings, and how far an attached one lags behind.

Run it: `python -m tests.benchmarks.bench_chains [SECONDS]`. Sound of 48 kHz in stereo, numbers at 1 kHz, JPEG
pictures of 1920 x 1080 at 30 Hz; the lag is that of processes of their own, as the window starts them.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from studio.app.chains.attach import attach
from studio.app.chains.requests import FollowRequest, ProcessRequest
from studio.app.chains.run import process
from studio.formats.encoding import encode
from studio.formats.opencv import encode_jpeg
from studio.formats.payload import EncodedImage, PayloadKind, StreamFormat
from studio.store.batch import EncodedMessage
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter

T0 = 1_700_000_000 * 10**9
SECOND, MS = 10**9, 10**6
AUDIO = StreamFormat(PayloadKind.AUDIO, dtype="float32", channels=2, rate=48_000.0)
NUMBER = StreamFormat(PayloadKind.SCALAR, dtype="float64")
JPEG = StreamFormat(PayloadKind.JPEG, width=1920, height=1080)
PASSED_ON = "passed_on.py"
CHAIN = """\
from studio.app.chains import Numbers, chain

@chain
def passed_on(numbers: Numbers):
    return numbers.select(lambda value: value)
"""


class Quiet:
    """Progress that keeps the lags it is told."""

    def __init__(self) -> None:
        self.lags: list[float] = []

    def report(self, done: float, text: str = "") -> None:
        """See `Progress`."""
        if "s behind" in text:
            self.lags.append(float(text.split()[0]))

    def makes(self, place: str) -> None:
        """Nobody removes it."""


def pictures() -> list[EncodedImage]:
    """A block that moves over a noisy ground."""
    random, made = np.random.default_rng(1), []
    ground = random.integers(0, 60, (1080, 1920, 3), np.uint8)
    for place in range(0, 1500, 50):
        ground[400:600, place : place + 200] += 100
        made.append(encode_jpeg(ground, 80))
        ground[400:600, place : place + 200] -= 100
    return made


def recording(path: Path, seconds: int) -> Path:
    """All three streams."""
    writer = StoreWriter.create(path)
    writer.add_streams([NewStream("sound", AUDIO), NewStream("numbers", NUMBER), NewStream("video", JPEG)])
    block = np.random.default_rng(1).standard_normal((480, 2)).astype(np.float32) / 10
    shown = pictures()
    for number in range(seconds * 1000):
        at = T0 + number * MS
        writer.append("numbers", EncodedMessage(at, at, number + 1, encode(NUMBER, float(number))))
        if number % 10 == 0:
            writer.append("sound", EncodedMessage(at, at, number + 1, encode(AUDIO, block)))
        if number % 33 == 0:
            picture = encode(JPEG, shown[number // 33 % len(shown)])
            writer.append("video", EncodedMessage(at, at, number + 1, picture))
        writer.flush_if_due()
    writer.close()
    return path


def speed(chain: str, path: Path, seconds: int) -> None:
    """One chain over all of it."""
    begun = time.perf_counter()
    process(ProcessRequest(chain, (str(path),), replace=True), Quiet())
    took = time.perf_counter() - begun
    print(f"{Path(chain).stem:16} {seconds / took:8.1f} times real time ({took:.2f} s for {seconds} s)")


def lag(chain: str, folder: Path) -> None:
    """Attached to a recording that another process writes for ten seconds."""
    path = folder / "growing.h5"
    command = [sys.executable, "-m", "tests.store.grower", str(path), "1", "10", "close"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writing:
        assert writing.stdout is not None
        writing.stdout.readline()
        told = Quiet()
        attach(FollowRequest(chain, str(path)), told)
    path.unlink()
    lags = sorted(told.lags[5:])
    worst = lags[-1] if lags else float("nan")
    print(f"{Path(chain).stem:16} {statistics.median(lags):.2f} s behind (median), {worst:.2f} s at worst")


def main() -> None:
    """Print all."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / PASSED_ON).write_text(CHAIN)
        path = recording(folder / "r.h5", seconds)
        for chain in (str(folder / PASSED_ON), "audio_level", "motion_energy"):
            speed(chain, path, seconds)
        for chain in (str(folder / PASSED_ON), "audio_level"):
            lag(chain, folder)


if __name__ == "__main__":
    main()
