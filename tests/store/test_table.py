"""Rows appended in any pieces are the rows of the file, whether they fill chunks or not."""

from pathlib import Path
from tempfile import TemporaryDirectory

import h5py
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.store.layout import DatasetSpec
from studio.store.opening import open_for_appending, open_for_creating, open_for_following
from studio.store.table import Table, create_dataset

CHUNK = 16
PIECES = st.lists(st.integers(0, 5 * CHUNK), min_size=1, max_size=12)


def fill_and_compare(
    path: Path, pieces: list[int], *, compression: int | None, wide: bool, whole: bool = False
) -> None:
    """Append pieces, some of them flushed in between, and read all of them; `whole`: chunk by chunk."""
    spec = DatasetSpec("x", "i2", (3,), CHUNK)
    with open_for_creating(path) as file:
        create_dataset(file, spec, compression=compression)
    rows = np.arange(3 * sum(pieces), dtype=np.int64 if wide else np.int16).reshape(-1, 3)
    file = open_for_appending(path)
    file.swmr_mode = True
    table = Table("x")
    table.attach(file)
    begin = 0
    for number, count in enumerate(pieces):
        piece = rows[begin : begin + count].copy()
        begin += count
        if whole:
            waiting = table.append_whole(piece)
            assert waiting == (begin - table.count) * 3 * rows.itemsize < CHUNK * 3 * rows.itemsize
            piece[:] = -1  # its memory is used again
        else:
            table.append(piece)
        if number % 3 == 0:
            table.settle()
            assert table.count == begin
            file.flush()
    table.settle()
    assert table.count == len(rows)
    file.close()
    with open_for_following(path) as file:
        assert np.array_equal(file["x"][:], rows)


@given(pieces=PIECES, compression=st.sampled_from([None, None, 4]), wide=st.booleans(), whole=st.booleans())
@settings(max_examples=60, deadline=None)
def test_rows_come_back_however_they_were_cut(
    pieces: list[int], compression: int | None, wide: bool, whole: bool
) -> None:
    with TemporaryDirectory() as folder:
        fill_and_compare(Path(folder) / "x.h5", pieces, compression=compression, wide=wide, whole=whole)


def test_whole_chunks_are_in_the_file_before_it_is_flushed(tmp_path: Path) -> None:
    """They go past the cache of HDF5; a chunk that is not full does not."""
    path = tmp_path / "x.h5"
    with open_for_creating(path) as file:
        create_dataset(file, DatasetSpec("x", "i8", (), CHUNK))
    with open_for_appending(path) as file:
        table = Table("x")
        table.attach(file)
        table.append(np.full(CHUNK - 1, 0x1111_1111_1111_1111))
        table.append(np.full(1 + 2 * CHUNK + 1, 0x2222_2222_2222_2222))
        raw = path.read_bytes()
        assert raw.count(b"\x22" * 8) == 2 * CHUNK


def test_a_table_that_changed_its_width_takes_rows_of_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"

    def widened(file: h5py.File) -> None:
        file["x"].resize(5, axis=1)

    with open_for_creating(path) as file:
        file.create_dataset("x", shape=(0, 3), maxshape=(None, None), chunks=(2, 3), dtype="i8")
    table = Table("x")
    for width, change in ((3, _nothing), (5, widened)):
        with open_for_appending(path) as file:
            change(file)
            table.attach(file)
            table.append(np.full((4, width), width))
    with open_for_following(path) as file:
        assert file["x"][:].tolist() == [[3, 3, 3, 0, 0]] * 4 + [[5] * 5] * 4


def _nothing(_file: h5py.File) -> None:
    """As it is."""
