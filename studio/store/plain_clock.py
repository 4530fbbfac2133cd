"""Writes what a recording keeps of its clock into a plain HDF5 file, beside its streams."""

from collections.abc import Sequence
from typing import Any

import h5py
import numpy as np

from studio.store import layout
from studio.store.clock_rows import ClockTables


def write_plain_clock(file: h5py.File, parts: Sequence[ClockTables], summary: str, kept: list[Any]) -> None:
    """A group for each log, numbered, below one whose name the attribute `clock` of the file tells.

    `summary`: the certificate as JSON. `kept`: every dataset that is made. A stream may be called `clock`
    already: then the group has another name.
    """
    if not parts:
        return
    name = layout.CLOCK
    while name in file:
        name += "_"
    file.attrs["clock"] = name
    group = file.create_group(name)
    group.attrs[layout.SUMMARY] = np.bytes_(summary)
    for number, tables in enumerate(parts):
        for table in layout.CLOCK_TABLES:
            dataset = group.create_dataset(f"{number}/{table}", data=tables[table])
            dataset.attrs["columns"] = np.bytes_(layout.CLOCK_COLUMNS[table])
            kept.append(dataset)
