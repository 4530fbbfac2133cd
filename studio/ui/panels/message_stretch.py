"""Which columns to count messages in: on a grid of their own duration, so that they do not shimmer."""

from dataclasses import dataclass

from studio.timing import Duration, Timestamp
from studio.ui.panels.time_axis import TimeAxis

MARGIN = 0.5
"""Of the view, asked for on each side beyond it."""
MOST_COLUMNS = 8192
LONGEST_COLUMN: Duration = 10**18
"""30 years: of longer ones a few could not be added up in whole nanoseconds."""


@dataclass(frozen=True, slots=True)
class MessageStretch:
    """`columns` columns of `column_ns` from `left` on."""

    left: Timestamp
    column_ns: Duration
    columns: int

    @classmethod
    def around(cls, axis: TimeAxis, least_ns: Duration, *, round_ns: bool = False) -> "MessageStretch":
        """The view and its margins, in columns of at least a pixel and `least_ns`.

        `round_ns`: of 1, 2 or 5 times a power of ten ns, so that what is counted is easily told.
        """
        column_ns = max(1, -(-axis.span // axis.width), least_ns)
        if round_ns:
            column_ns = nice_duration(column_ns)
        column_ns = min(column_ns, LONGEST_COLUMN)
        left = (axis.left - int(axis.span * MARGIN)) // column_ns
        right = -(-(axis.right + int(axis.span * MARGIN)) // column_ns)
        return cls(left * column_ns, column_ns, max(1, min(MOST_COLUMNS, right - left)))

    @property
    def right(self) -> Timestamp:
        """Where it ends."""
        return self.left + self.columns * self.column_ns

    def serves(self, axis: TimeAxis, wanted: "MessageStretch") -> bool:
        """Whether it shows the view as `wanted` would."""
        return self.left <= axis.left and axis.right <= self.right and self.column_ns == wanted.column_ns


def nice_duration(least: Duration) -> Duration:
    """The smallest of 1, 2, 5 times a power of ten ns that is not below `least`."""
    unit = 1
    while True:
        for count in (1, 2, 5):
            if count * unit >= least:
                return count * unit
        unit *= 10
