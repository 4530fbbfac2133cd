"""When each row of a block was sampled, from the times of the blocks. Arithmetic only.

A block's originating time is that of its last row (decision 3). Rows before it follow at the nominal rate,
closer together where the previous block would otherwise be overlapped: times increase strictly.
"""

from typing import Any

import numpy as np

from studio.timing import NS_PER_S

Int64s = np.ndarray[Any, np.dtype[np.int64]]


def row_steps(times: Int64s, lengths: Int64s, previous_time: int | None, rate: float) -> np.ndarray[Any, Any]:
    """Nanoseconds between the rows of each block (float64), blocks ending at `times` with `lengths` rows."""
    period = NS_PER_S / rate if rate > 0 else 0.0
    before = np.empty_like(times)
    before[1:] = times[:-1]
    first_span = period * float(lengths[0]) if period else float(lengths[0])
    before[0] = times[0] - int(first_span) if previous_time is None else previous_time
    fair = (times - before) / lengths
    return np.minimum(fair, period) if period else fair


def times_of_rows(
    rows: Int64s, offsets: Int64s, lengths: Int64s, times: Int64s, steps: np.ndarray[Any, Any]
) -> Int64s:
    """Time of each row number in `rows` (sorted), inside blocks that begin at row `offsets`."""
    block = np.searchsorted(offsets, rows, side="right") - 1
    back = offsets[block] + lengths[block] - 1 - rows
    return np.asarray(times[block] - np.rint(back * steps[block]).astype(np.int64), dtype=np.int64)
