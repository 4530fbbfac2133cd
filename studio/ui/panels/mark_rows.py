"""In which row the text of each mark is written, so that no two overlap. Arithmetic only."""

from collections.abc import Sequence

HIDDEN = -1
"""No row had room: the mark keeps its tick and loses its text."""


def rows_of(
    xs: Sequence[float], widths: Sequence[float], row_count: int, gap: float = 8.0
) -> tuple[int, ...]:
    """A row for each text that begins at `xs` (increasing) and is `widths` wide.

    The newest texts matter most, so they choose first; each takes the uppermost row that is free.
    """
    begins = [float("inf")] * max(0, row_count)
    rows = [HIDDEN] * len(xs)
    for n in range(len(xs) - 1, -1, -1):
        end = xs[n] + widths[n] + gap
        for row, begin in enumerate(begins):
            if end <= begin:
                rows[n], begins[row] = row, xs[n]
                break
    return tuple(rows)
