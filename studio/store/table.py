"""One growing dataset of a file being written. Belongs to the exporter's thread."""

from typing import Any

import h5py
import numpy as np

from studio.store.layout import DatasetSpec


class Table:
    """Appends rows. The dataset is opened at its first use after each `attach`."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: h5py.File | None = None
        self._dataset: Any = None
        self.count = 0

    def attach(self, file: h5py.File | None) -> None:
        """Go on in the newly opened `file`: handles from before SWMR mode must not be used in it."""
        self._file = file
        self._dataset = None

    @property
    def dataset(self) -> Any:
        """The h5py dataset."""
        if self._dataset is None:
            assert self._file is not None, f"{self._path} is used after the file was closed"
            self._dataset = self._file[self._path]
        return self._dataset

    def rest(self) -> None:
        """Let the dataset go until it is used again; what was appended is in the file already.

        One let go of while it cannot be brought to a full disk would end the process: flush the file first.
        """
        self._dataset = None

    def append(self, rows: np.ndarray[Any, Any]) -> None:
        """Add rows at the end."""
        if len(rows):
            end = self.count + len(rows)
            dataset = self.dataset.id  # the low level: the same calls through h5py's own take twice as long
            dataset.set_extent((end, *rows.shape[1:]))
            space = dataset.get_space()
            space.select_hyperslab((self.count, *(0 for _ in rows.shape[1:])), rows.shape)
            dataset.write(h5py.h5s.create_simple(rows.shape), space, np.ascontiguousarray(rows))
            self.count = end


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
