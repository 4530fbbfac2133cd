"""A single sample that is no number is told at every zoom, exactly where it is."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from studio.formats.payload import PayloadKind, StreamFormat
from studio.store import StoreReader, layout, verify
from studio.timing import NS_PER_MS
from tests.store.recordings import SECOND, T0, write_recording

SIGNAL = StreamFormat(PayloadKind.SAMPLES, "float32", 2, rate=1000.0)
ROWS = 100_000
UNKNOWN = (5, 64, 20_000, 20_001, 77_777, 99_999)
"""The last one lies behind the last whole point."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred seconds; in blocks that fit no point."""
    rows = np.sin(np.arange(2 * ROWS, dtype=np.float32)).reshape(ROWS, 2)
    rows[UNKNOWN, 1] = np.nan
    rows[300] = np.inf, -np.inf
    edges = [*range(0, ROWS, 990), ROWS]
    blocks: list[tuple[int, Any]] = [
        (T0 + stop * NS_PER_MS, rows[start:stop]) for start, stop in pairwise(edges)
    ]
    return write_recording(tmp_path_factory.mktemp("unknown") / "r.h5", {"x": (SIGNAL, blocks)})


@pytest.mark.parametrize("columns", [3, 20, 150, 1000, 1400, 20_000])
def test_it_is_told_at_every_zoom(path: Path, columns: int) -> None:
    with StoreReader(path) as reader:
        window = reader.window("x", T0, T0 + 100 * SECOND, columns)
    width = 100 * SECOND // columns
    for row in UNKNOWN[:-1]:
        time = T0 + (row + 1) * NS_PER_MS
        assert np.abs(window.unknown - time).min() <= 2 * width + 64 * NS_PER_MS
    for time in window.unknown.tolist():
        near = [abs(T0 + (row + 1) * NS_PER_MS - time) <= 2 * width + 64 * NS_PER_MS for row in UNKNOWN]
        assert any(near)
    assert (np.diff(window.unknown) > 0).all()


def test_a_part_without_any_tells_none(path: Path) -> None:
    with StoreReader(path) as reader:
        assert not len(reader.window("x", T0 + 30 * SECOND, T0 + 70 * SECOND, 100).unknown)


def test_verify_finds_what_is_told_wrongly(path: Path, tmp_path: Path) -> None:
    assert verify(path, still_for=NS_PER_MS).is_sound
    place = tmp_path / "wrong.h5"
    place.write_bytes(path.read_bytes())
    with h5py.File(place, "r+") as file:
        assert file[f"streams/x/{layout.UNKNOWN}"][()].tolist() == [0, 1, 312, 1215]
        file[f"streams/x/{layout.UNKNOWN}"][2] = 311
    assert [each.what for each in verify(place, still_for=NS_PER_MS).findings] == [
        "pyramid/unknown, points 0 to 1024: not what the samples say"
    ]


def test_an_older_recording_tells_none_and_is_sound(path: Path, tmp_path: Path) -> None:
    place = tmp_path / "older.h5"
    place.write_bytes(path.read_bytes())
    with h5py.File(place, "r+") as file:
        del file[f"streams/x/{layout.UNKNOWN}"]
    with StoreReader(place) as reader:
        assert not len(reader.window("x", T0, T0 + 100 * SECOND, 100).unknown)
    assert verify(place, still_for=NS_PER_MS).is_sound


def test_whole_numbers_have_no_such_table() -> None:
    paths = [spec.path for spec in layout.stream_datasets(StreamFormat(PayloadKind.SAMPLES, "int16", 1))]
    assert layout.UNKNOWN not in paths
