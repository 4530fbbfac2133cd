"""Where something that is dragged over the panels would go: between two rows, onto a panel, beside one.

Looks at the geometry of placed panels; moves nothing and draws nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint

from studio.ui.timeline.placed import Placed, Row, rows_shown
from studio.ui.timeline.plan_rows import MOST_CELLS

SIDE = 1 / 3
"""Of the width of a panel that has its row for itself: so much at its left and right means beside it."""
EDGE = 1 / 4
"""Of the height of a row: so much at its top and bottom means above and below it."""


@dataclass(frozen=True, slots=True)
class Beside:
    """At the side of a panel."""

    panel: int
    """Its number."""
    after: bool
    """At its right."""


def gap_at(placed: Sequence[Placed], y: int) -> int:
    """The gap between rows that is nearest to a height in the column."""
    for row in rows_shown(placed):
        if row[0].panel.y() + row[0].panel.height() / 2 > y:
            return placed.index(row[0])
    return len(placed)


def panel_at(placed: Sequence[Placed], point: QPoint) -> int | None:
    """Number of the panel whose middle half is at a point of the column; None: between two."""
    one = _under(placed, point)
    if one is None or not EDGE <= _height_in(one, point) <= 1 - EDGE:
        return None
    return placed.index(one)


def spot_for(placed: Sequence[Placed], point: QPoint, dragged: int) -> Beside | int | None:
    """Where a dragged panel would go: beside another, or into a gap; None: it stays where it is."""
    beside, gap = side_at(placed, point, placed[dragged]), gap_at(placed, point.y())
    if beside is not None:
        return beside
    row = next((row for row in rows_shown(placed) if placed[dragged] in row), ())
    if len(row) < 2:
        return None if gap in (dragged, dragged + 1) else gap
    one = _under(placed, point)
    stays = one is not None and one in row and _height_in(one, point) <= 1 - EDGE
    return None if stays else gap


def side_at(placed: Sequence[Placed], point: QPoint, mine: Placed | None) -> Beside | None:
    """The panel beside which `mine` would stand, or (None) a new one that shows an instant; None: there is
    none, or it is itself."""
    one = _under(placed, point)
    if one is None or not one.joins or (mine is not None and not mine.joins):
        return None
    row = next(row for row in rows_shown(placed) if one in row)
    # Who drags a panel along its own row need not take care to stay in the middle.
    top = 0 if mine in row and len(row) > 1 else EDGE
    is_full = mine not in row and sum(other.row == one.row for other in placed) >= MOST_CELLS
    if is_full or one is mine or not top <= _height_in(one, point) <= 1 - EDGE:
        return None
    return _side(placed, one, row, point)


def _side(placed: Sequence[Placed], one: Placed, row: Row, point: QPoint) -> Beside | None:
    across = (point.x() - one.panel.x()) / max(1, one.panel.width())
    side = SIDE if len(row) == 1 else 1 / 2
    if side < across < 1 - side:
        return None
    return Beside(placed.index(one), across >= 1 / 2)


def _under(placed: Sequence[Placed], point: QPoint) -> Placed | None:
    return next((one for one in placed if not one.hidden and one.panel.geometry().contains(point)), None)


def _height_in(one: Placed, point: QPoint) -> float:
    return (point.y() - one.panel.y()) / max(1, one.panel.height())
