"""Where panels stand: each with what its plan says about its place, one row after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.ui.panels.panel import Panel
from studio.ui.panels.panel_plan import INSTANT
from studio.ui.timeline.plan_rows import Plans, rows_of


@dataclass(frozen=True, slots=True)
class Placed:
    """A panel and its place."""

    panel: Panel
    height: int = 0
    """Pixels; 0: as it likes."""
    hidden: bool = False
    row: int = -1
    """Panels with the same number stand in one row, from left to right; -1: in one of its own."""
    share: int = 0
    """How wide it is in its row; see `row_widths`."""
    joins: bool = False
    """Whether it may stand beside others that may, too."""


Row = tuple[Placed, ...]


def places_of(panels: Sequence[Panel], plans: Plans) -> tuple[Placed, ...]:
    """The places of panels that were made for these plans."""
    rows = {n: number for number, row in enumerate(rows_of(plans)) for n in row}
    return tuple(
        Placed(panel, plan.height, plan.hidden, rows[n], plan.share, plan.kind in INSTANT)
        for n, (panel, plan) in enumerate(zip(panels, plans, strict=True))
    )


def rows_shown(placed: Sequence[Placed]) -> tuple[Row, ...]:
    """Those that are not hidden, row by row; rows of which nothing is shown are left out."""
    rows: list[list[Placed]] = []
    for one in placed:
        if one.hidden:
            continue
        if rows and one.row >= 0 and rows[-1][0].row == one.row:
            rows[-1].append(one)
        else:
            rows.append([one])
    return tuple(map(tuple, rows))
