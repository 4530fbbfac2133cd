"""Whatever a file holds: it is read, or refused in words; never a crash, never another error."""

import ast
import os
import random
import struct
import subprocess
import sys
from collections import Counter
from pathlib import Path

import h5py
import pytest

from studio.errors import StoreEnvironmentError, StoreFormatError
from studio.store import StoreReader, repair, verify
from studio.store.sidecar import SideCar
from studio.store.superblock import LENGTH, lookup3, mark_closed, read_superblock
from tests.store.recordings import AUDIO, SCALAR, STRING, T0, blocks, small_recording, write_recording


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"\x89HD", "cut off"),
        (b"not at all" * 100, "is no HDF5 file"),
        (b"\x89HDF\r\n\x1a\n", "cut off"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 200, "not a recording of the studio"),
        (b"\x89HDF\r\n\x1a\n\x03\x08\x08" + b"\xff" * 200, "checksum"),
        (b"RIFF\x00\x00\x00\x00WAVE" + b"\0" * 500, "is no HDF5 file"),
    ],
)
def test_what_is_no_recording_is_refused_in_words(content: bytes, what: str, tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    path.write_bytes(content)
    with pytest.raises(StoreFormatError, match=what):
        StoreReader(path)


def test_places_without_a_file_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreEnvironmentError, match="is a folder"):
        StoreReader(tmp_path)
    with pytest.raises(StoreEnvironmentError, match="there is no file"):
        StoreReader(tmp_path / "nothing.h5")
    with pytest.raises(StoreEnvironmentError):
        StoreReader(tmp_path / ("x" * 5000))
    os.mkfifo(tmp_path / "pipe.h5")
    with pytest.raises(StoreFormatError, match="is not a file"):
        StoreReader(tmp_path / "pipe.h5")


def test_a_foreign_hdf5_file_is_refused(tmp_path: Path) -> None:
    for libver in ("earliest", "latest", "v110"):
        path = tmp_path / f"{libver}.h5"
        with h5py.File(path, "w", libver=libver) as file:
            file["data"] = [1, 2, 3]
        with pytest.raises(StoreFormatError, match="not a recording of the studio"):
            StoreReader(path)


def test_a_recording_of_a_newer_studio_is_refused(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "r.h5")
    with h5py.File(path, "r+") as file:
        file.attrs["format_version"] = 99
    with pytest.raises(StoreFormatError, match="newer studio"):
        StoreReader(path)


def test_a_truncated_copy_is_refused(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "r.h5")
    size = path.stat().st_size
    os.truncate(path, size // 2)
    with pytest.raises(StoreFormatError, match="is cut off"):
        StoreReader(path)


def damaged_copies(path: Path, folder: Path, count: int) -> list[Path]:
    """Copies with flipped bytes, zeroed or shuffled stretches, cut off or grown; the same ones every time."""
    whole = path.read_bytes()
    dice = random.Random(7)
    copies = []
    for number in range(count):
        raw = bytearray(whole)
        match number % 6:
            case 0 | 1:
                for _ in range(dice.choice([1, 1, 4, 40])):
                    raw[dice.randrange(len(raw))] = dice.randrange(256)
            case 2:  # in the superblock or the first structures
                raw[dice.randrange(2000)] ^= 1 << dice.randrange(8)
            case 3:
                begin = dice.randrange(len(raw))
                stop = min(len(raw), begin + dice.choice([8, 512, 8192]))
                raw[begin:stop] = bytes(stop - begin)
            case 4:
                del raw[dice.randrange(len(raw)) :]
            case 5:  # cut off, and the superblock made to agree
                del raw[dice.randrange(LENGTH, len(raw)) :]
                struct.pack_into("<Q", raw, 28, len(raw))
                struct.pack_into("<I", raw, 44, lookup3(bytes(raw[:44])))
        copy = folder / f"{number}.h5"
        copy.write_bytes(raw)
        copies.append(copy)
    return copies


def test_damaged_recordings_are_read_or_refused_and_nothing_else(tmp_path: Path) -> None:
    path = write_recording(
        tmp_path / "whole.h5",
        {
            "sound": (AUDIO, blocks(20, rows=64)),
            "numbers": (SCALAR, [(T0 + i, float(i)) for i in range(100)]),
            "words": (STRING, [(T0 + i, "w" * i) for i in range(30)]),
        },
    )
    folder = tmp_path / "copies"
    folder.mkdir()
    copies = damaged_copies(path, folder, 240)
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.prober"],
        input="\n".join(map(str, [path, *copies])) + "\n",
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    lines = done.stdout.split("\n")[:-1]
    assert done.returncode == 0, f"died at {lines[-1]}: {done.stderr[-2000:]}"
    results = [
        (lines[i], ast.literal_eval(lines[i + 1]), ast.literal_eval(lines[i + 2]))
        for i in range(0, len(lines), 3)
    ]
    bad = [(name, text) for name, *texts in results for text in texts if text.startswith("BAD")]
    assert not bad, bad[0]
    assert results[0][1:] == ("read", "sound")
    assert len(results) == 241
    kinds = Counter(text.split(":")[0] for _, text, _ in results)
    assert kinds["read"] > 20, kinds
    assert kinds["refused"] > 20, kinds


def test_verify_finds_changed_samples_and_says_where(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "r.h5")
    assert verify(path).is_sound
    with h5py.File(path, "r+") as file:
        file["streams/sound/data"][1234, 1] = 100.0
        file["streams/numbers/time"][500] = T0
        file["streams/words/index"][3, 0] += 1
    found = {(finding.where, finding.what.split(",")[0]) for finding in verify(path).findings}
    assert ("stream 'sound'", "pyramid 64") in found
    assert ("stream 'numbers'", "time goes back at message 500") in found
    assert any(where == "stream 'words'" and "begin" in what for where, what in found)


def test_verify_tells_its_progress_to_the_end(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "r.h5")
    told: list[float] = []
    report = verify(path, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert report.message_count == 1110


def left_open(path: Path) -> Path:
    """As a writer that was killed leaves it."""
    raw = bytearray(path.read_bytes())
    raw[11] = 5
    struct.pack_into("<Q", raw, 28, 4096)
    struct.pack_into("<I", raw, 44, lookup3(bytes(raw[:44])))
    path.write_bytes(raw)
    return path


def test_a_file_left_open_by_hdf5_is_put_in_order(tmp_path: Path) -> None:
    path = left_open(small_recording(tmp_path / "r.h5"))
    assert read_superblock(path).is_marked_open
    assert repair(path, still_for=0)
    assert not read_superblock(path).is_marked_open
    assert read_superblock(path).end_of_file == path.stat().st_size
    assert verify(path).is_sound


def test_our_checksum_is_that_of_hdf5(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "r.h5")
    raw = path.read_bytes()[:LENGTH]
    assert lookup3(raw[:44]) == struct.unpack_from("<I", raw, 44)[0]
    before = path.read_bytes()
    mark_closed(path)
    assert path.read_bytes() == before


def test_a_recording_that_somebody_writes_is_not_repaired(tmp_path: Path) -> None:
    path = left_open(small_recording(tmp_path / "r.h5"))
    held = SideCar.take(path)
    assert held is not None
    assert not repair(path, still_for=0)
    held.release()
    assert repair(path, still_for=0)


def test_repair_touches_nothing_that_is_in_order_and_says_so(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "r.h5")
    before = path.stat()
    assert not repair(path, still_for=0)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert repair(left_open(path), still_for=0)
    assert not repair(path, still_for=0)


def test_repair_of_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "foreign.h5", "w", libver="latest") as file:
        file["numbers"] = [1, 2, 3]
    with pytest.raises(StoreFormatError, match="not a recording"):
        repair(tmp_path / "foreign.h5", still_for=0)
