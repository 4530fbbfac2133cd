"""One growing dataset of a file being written. Belongs to the exporter's thread."""

from typing import Any

import h5py
import numpy as np

from studio.store.layout import DatasetSpec

CACHE_SLOTS = 11
EVICT_WRITTEN_FIRST = 1.0


class Table:
    """Appends rows. The dataset is opened at its first use after each `attach`."""

    def __init__(self, path: str, cache_bytes: int = 0) -> None:
        """`cache_bytes`: of its chunks stay in memory; 0: as the file says.

        Only the chunk that is being filled is ever touched again. HDF5 would keep a megabyte of those before
        it, of each of up to twenty datasets of a stream: memory that grows for hours.
        """
        self._path = path
        self._cache_bytes = cache_bytes
        self._file: h5py.File | None = None
        self._dataset: Any = None
        self._chunk: tuple[int, ...] = ()
        """Its shape where whole chunks can go to the file as they are, else empty."""
        self._dtype = np.dtype(np.uint8)
        self._collected: list[np.ndarray[Any, Any]] = []
        self.count = 0
        """Rows in the file."""

    def attach(self, file: h5py.File | None) -> None:
        """Go on in the newly opened `file`: handles from before SWMR mode must not be used in it."""
        self._file = file
        self._dataset = None

    @property
    def dataset(self) -> Any:
        """The h5py dataset."""
        if self._dataset is None:
            assert self._file is not None, f"{self._path} is used after the file was closed"
            self._dataset = self._opened(self._file)
            self._chunk, self._dtype = _plain_chunk(self._dataset), self._dataset.dtype
        return self._dataset

    def _opened(self, file: h5py.File) -> Any:
        if not self._cache_bytes:
            return file[self._path]
        access = h5py.h5p.create(h5py.h5p.DATASET_ACCESS)
        access.set_chunk_cache(CACHE_SLOTS, self._cache_bytes, EVICT_WRITTEN_FIRST)
        return h5py.Dataset(h5py.h5d.open(file.id, self._path.encode(), access))

    def rest(self) -> None:
        """Let the dataset go until it is used again; what was appended is in the file already.

        One let go of while it cannot be brought to a full disk would end the process: flush the file first.
        """
        self._dataset = None

    def collect(self, rows: np.ndarray[Any, Any]) -> None:
        """Keep rows until `settle`: a few at a time would cost a call of HDF5 each. They must not change."""
        if len(rows):
            self._collected.append(rows)

    def append_whole(self, rows: np.ndarray[Any, Any]) -> int:
        """Add rows but for those that fill no chunk: a copy of them waits for more, or for `settle`.

        Returns how many bytes wait. Each part of a chunk that is added by itself goes through HDF5's cache.
        """
        waiting, self._collected = self._collected, []
        size = self._ready_chunk_rows(rows)
        if not size:
            self.append(np.concatenate([*waiting, rows]) if waiting else rows)
            return 0
        head = -(self.count + sum(map(len, waiting))) % size
        if waiting and len(rows) < head:
            self._collected = [*waiting, rows.copy()]
            return sum(part.nbytes for part in self._collected)
        self.append(np.concatenate([*waiting, rows[:head]]) if waiting else rows[:head])
        tail = (len(rows) - head) % size if len(rows) > head else 0
        self.append(rows[head : len(rows) - tail])
        if tail:
            self._collected = [rows[len(rows) - tail :].copy()]
        return sum(part.nbytes for part in self._collected)

    def _ready_chunk_rows(self, rows: np.ndarray[Any, Any]) -> int:
        """Rows of a chunk where whole ones of `rows` can go to the file as they are, else 0."""
        _ = self.dataset  # tells of its chunks when it is opened
        fits = self._chunk and self._chunk[1:] == rows.shape[1:] and self._dtype == rows.dtype
        return self._chunk[0] if fits else 0

    def settle(self) -> None:
        """Add what was collected."""
        if self._collected:
            collected, self._collected = self._collected, []
            self.append(np.concatenate(collected) if len(collected) > 1 else collected[0])

    @property
    def is_open(self) -> bool:
        """Whether its dataset is held."""
        return self._dataset is not None

    def append(self, rows: np.ndarray[Any, Any]) -> None:
        """Add rows at the end. Whole chunks go past HDF5's cache, which would copy each once more."""
        if not len(rows):
            return
        begin, end = self.count, self.count + len(rows)
        dataset = self.dataset.id  # the low level: the same calls through h5py's own take twice as long
        dataset.set_extent((end, *rows.shape[1:]))
        rows = np.ascontiguousarray(rows)
        first, last = self._whole_chunks(begin, end, rows)
        self._write(rows[: first - begin], begin)
        behind = (0,) * (rows.ndim - 1)
        for at in range(first, last, self._chunk[0] if self._chunk else 1):
            dataset.write_direct_chunk((at, *behind), rows[at - begin : at - begin + self._chunk[0]])
        self._write(rows[last - begin :], last)
        self.count = end

    def _whole_chunks(self, begin: int, end: int, rows: np.ndarray[Any, Any]) -> tuple[int, int]:
        """The first and behind the last of the rows that fill whole chunks; both `end` if none does."""
        if not self._chunk or self._chunk[1:] != rows.shape[1:] or self._dtype != rows.dtype:
            return end, end
        size = self._chunk[0]
        first, last = -(-begin // size) * size, end // size * size
        return (first, last) if first < last else (end, end)

    def _write(self, rows: np.ndarray[Any, Any], begin: int) -> None:
        if len(rows):
            dataset = self.dataset.id
            space = dataset.get_space()
            space.select_hyperslab((begin, *(0 for _ in rows.shape[1:])), rows.shape)
            dataset.write(h5py.h5s.create_simple(rows.shape), space, rows)


def _plain_chunk(dataset: Any) -> tuple[int, ...]:
    """The shape of its chunks if nothing filters what is in them, else nothing."""
    made = dataset.id.get_create_plist()
    return tuple(made.get_chunk()) if made.get_nfilters() == 0 else ()


def create_dataset(group: h5py.Group, spec: DatasetSpec, *, compression: int | None = None) -> Any:
    """An empty growing dataset; nothing is compressed while recording, `compression` is a level of gzip."""
    filters = {} if compression is None else {"compression": "gzip", "compression_opts": compression}
    return group.create_dataset(
        spec.path,
        shape=(0, *spec.row_shape),
        maxshape=(None, *spec.row_shape),
        chunks=(spec.chunk_rows, *spec.row_shape),
        dtype=spec.dtype,
        shuffle=compression is not None,
        **filters,
    )
