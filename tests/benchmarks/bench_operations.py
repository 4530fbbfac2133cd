"""How fast recordings are copied, cut, compacted and exported, beside a raw copy of the same file.

Run it: `python -m tests.benchmarks.bench_operations [MB]`. One recording of 64 channels at 30 kHz, 1080p
pictures with stereo sound, and small messages. The first line is the raw copy; each is the best of three runs
(film: of one). MB/s are of what is read; the ratio is to the raw copy (both brought to the disk).
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from studio.app.operations.directory import carry_out
from studio.app.operations.progress import Unwatched
from studio.app.operations.requests import (
    CompactRequest,
    ConcatenateRequest,
    CopyRequest,
    ExportFormat,
    ExportRequest,
    Selection,
    VerifyRequest,
)
from studio.formats.encoding import encode
from studio.formats.opencv import encode_jpeg
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store.batch import EncodedMessage
from studio.store.layout import NewStream
from studio.store.reader import StoreReader
from studio.store.writer import StoreWriter
from studio.timing import NS_PER_S, TimeInterval

T0 = 1_700_000_000 * NS_PER_S
EPHYS = StreamFormat(PayloadKind.SAMPLES, dtype="int16", channels=64, rate=30_000.0)
SOUND = StreamFormat(PayloadKind.AUDIO, dtype="float32", channels=2, rate=48_000.0)
FILM = StreamFormat(PayloadKind.JPEG, rate=30.0, width=1920, height=1080)
NUMBERS = StreamFormat(PayloadKind.SCALAR, dtype="float64", rate=1000.0)
MB = 1_000_000


def scene(number: int) -> np.ndarray[Any, Any]:
    """A smooth picture that moves, as cameras see it."""
    wave = np.sin(np.linspace(0, 12, 1920) + number / 5) * 60 + 120
    picture = np.repeat(wave[None, :, None], 1080, axis=0).repeat(3, axis=2)
    return (picture + np.linspace(0, 60, 1080)[:, None, None]).astype(np.uint8)


def write_source(path: Path, seconds: float, begin: int = T0) -> Path:
    """The recording; about 5.3 MB a second."""
    random = np.random.default_rng(1)
    writer = StoreWriter.create(path)
    formats = {"ephys": EPHYS, "sound": SOUND, "camera": FILM, "numbers": NUMBERS}
    writer.add_streams([NewStream(name, described) for name, described in formats.items()])
    ephys = (random.standard_normal((3000, 64)) * 40).astype(np.int16)
    sound = (random.standard_normal((4800, 2)) * 0.1).astype(np.float32)
    pictures = [encode_jpeg(scene(number), 90) for number in range(30)]

    def append(name: str, time_: int, number: int, data: Any) -> None:
        writer.append(name, EncodedMessage(time_, time_, number, encode(formats[name], data)))

    for tenth in range(round(seconds * 10)):
        end = begin + (tenth + 1) * NS_PER_S // 10
        append("ephys", end, tenth, ephys)
        append("sound", end, tenth, sound)
        for number in range(tenth * 3, tenth * 3 + 3):
            append("camera", begin + number * NS_PER_S // 30, number, pictures[number % 30])
        for number in range(tenth * 100, tenth * 100 + 100):
            append("numbers", begin + number * NS_PER_S // 1000, number, float(number))
        writer.flush_if_due()
    writer.close()
    return path


def raw_copy(source: Path, target: Path) -> None:
    """What the disk can do."""
    shutil.copyfile(source, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def best_seconds(action: Callable[[Path], object], folder: Path, *, runs: int = 3) -> float:
    """Seconds of the quickest run; what it made is removed."""
    seconds = []
    for number in range(runs):
        place = folder / f"made {number}"
        place.mkdir()
        begun = time.perf_counter()
        action(place)
        seconds.append(time.perf_counter() - begun)
        shutil.rmtree(place)
    return min(seconds)


def operations(source: Path, later: Path) -> dict[str, Callable[[Path], object]]:
    """Everything that is measured; each is given a folder of its own."""
    whole = Selection(str(source))
    with StoreReader(source) as reader:
        info = reader.info()
    quarter = (info.last_time - info.first_time) // 4
    middle = TimeInterval(info.first_time + quarter + 12_345, info.last_time - quarter)

    def doing(request: Callable[[str], Any]) -> Callable[[Path], object]:
        return lambda folder: carry_out(request(str(folder / "made")), Unwatched())

    found = {
        "verify": doing(lambda _: VerifyRequest(str(source))),
        "copy": doing(lambda target: CopyRequest(whole, target)),
        "crop to the middle half": doing(lambda t: CopyRequest(Selection(str(source), middle), t)),
        "concatenate two": doing(lambda t: ConcatenateRequest((str(source), str(later)), t)),
        "compact (gzip 4)": doing(lambda target: CompactRequest(whole, target)),
    }
    kinds = {"csv": ("numbers",), "wav": None, "flac": None, "mp4": None, "hdf5": None, "parquet": None}
    for kind, streams in kinds.items():
        selection = Selection(str(source), streams=streams)
        found[f"export {kind}{'' if streams is None else ' of small messages'}"] = doing(
            lambda t, s=selection, k=kind: ExportRequest(s, ExportFormat(k), t)
        )
    return found


def bytes_read(source: Path, name: str) -> int:
    """Payload that an operation reads."""
    with StoreReader(source) as reader:
        sizes = {stream.name: stream.byte_count for stream in reader.info().streams}
    if name.startswith("export wav") or name.startswith("export flac"):
        return sizes["sound"]
    if name.startswith("export mp4"):
        return sizes["sound"] + sizes["camera"]
    if name.startswith("export csv"):
        return sizes["numbers"]
    share = {"crop to the middle half": 0.5, "concatenate two": 2.0}.get(name, 1.0)
    return round(sum(sizes.values()) * share)


def main(megabytes: float) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds = megabytes / 11
        source = write_source(folder / "source.h5", seconds)
        later = write_source(folder / "later.h5", seconds, T0 + 3600 * NS_PER_S)
        size = source.stat().st_size
        raw = best_seconds(lambda place: raw_copy(source, place / "raw"), folder)
        print(f"source {size / MB:.0f} MB, {seconds:.0f} s of recording")
        print(f"{'raw copy':32} {size / MB / raw:8.0f} MB/s")
        for operation, action in operations(source, later).items():
            took = best_seconds(action, folder, runs=1 if operation.startswith("export mp4") else 3)
            speed = bytes_read(source, operation) / MB / took
            ratio = speed / (size / MB / raw)
            print(f"{operation:32} {speed:8.0f} MB/s  {ratio:6.3f} of raw copy  {took:6.2f} s", flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 300)
