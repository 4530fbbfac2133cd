"""Which panels stand beside each other: rows of a layout, and moves from one to the next. No Qt.

A row is a run of plans of which all but the first say `beside`. Only panels that show an instant can share a
row: pictures and texts mean nothing against the time axis, and have room beside each other. What a plan says
counts only where it can be so; a layout that somebody wrote by hand breaks nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from studio.ui.panels.panel_plan import INSTANT, PanelKind, PanelPlan

Plans = tuple[PanelPlan, ...]

MOST_CELLS = 5
"""Panels in one row."""


def rows_of(plans: Plans) -> tuple[range, ...]:
    """The numbers of the panels of each row, from top to bottom."""
    begins = [n for n in range(len(plans)) if not _joins(plans, n)]
    runs = [range(*pair) for pair in pairwise((*begins, len(plans)))]
    return tuple(run[at : at + MOST_CELLS] for run in runs for at in range(0, len(run), MOST_CELLS))


def row_of(plans: Plans, index: int) -> range:
    """The row in which a panel stands."""
    return next(row for row in rows_of(plans) if index in row)


def settled(plans: Plans) -> Plans:
    """The same rows; whatever says `beside` is so. Before a change: else the change might make it so."""
    heads = {row.start for row in rows_of(plans)}
    return tuple(
        replace(plan, beside=n not in heads) if plan.beside else plan for n, plan in enumerate(plans)
    )


def without(plans: Plans, index: int) -> Plans:
    """Without one panel; the others stay in their rows."""
    plans = settled(plans)
    before, after = plans[:index], plans[index + 1 :]
    if after and not plans[index].beside:
        after = (replace(after[0], beside=False), *after[1:])
    return before + after


def put_in(plans: Plans, gap: int, plan: PanelPlan) -> Plans:
    """A panel in a row of its own, in this gap; a gap inside a row means the one below the row."""
    plans, gap = settled(plans), min(max(gap, 0), len(plans))
    while gap < len(plans) and plans[gap].beside:
        gap += 1
    return (*plans[:gap], replace(plan, beside=False, share=0), *plans[gap:])


def can_join(plans: Plans, index: int, other: int) -> bool:
    """Whether a panel can stand in the row of another one."""
    if index == other or not all(plans[n].kind in INSTANT for n in (index, other)):
        return False
    row = row_of(plans, other)
    return index in row or len(row) < MOST_CELLS


def beside(plans: Plans, index: int, other: int, *, after: bool) -> Plans:
    """A panel at the right of another one (`after`), or at its left; as before where it cannot be."""
    if not can_join(plans, index, other):
        return plans
    stays = index in row_of(plans, other)
    plan, rest = plans[index], without(plans, index)
    place = other - (other > index) + after
    begins = not after and place == row_of(rest, place).start
    if begins:  # the row has another first panel
        rest = (*rest[:place], replace(rest[place], beside=True), *rest[place + 1 :])
    taken = replace(plan, beside=not begins, share=plan.share if stays else 0)
    return (*rest[:place], taken, *rest[place:])


def alone(plans: Plans, index: int) -> Plans:
    """A panel in a row of its own, below the one in which it stood."""
    return put_in(without(plans, index), row_of(plans, index).stop - 1, plans[index])


def all_alone(plans: Plans) -> Plans:
    """Each panel in a row of its own."""
    return tuple(replace(plan, beside=False, share=0) for plan in plans)


def row_moved(plans: Plans, index: int, by: int) -> Plans:
    """The row of a panel one row up (-1) or down (1)."""
    plans = settled(plans)
    rows = list(rows_of(plans))
    number = next(n for n, row in enumerate(rows) if index in row)
    if not 0 <= number + by < len(rows):
        return plans
    rows[number], rows[number + by] = rows[number + by], rows[number]
    return tuple(plans[n] for row in rows for n in row)


def shared(plans: Plans, shares: Mapping[int, int]) -> Plans:
    """These panels as wide as that, in thousandths of their equal part."""
    return tuple(replace(plan, share=shares.get(n, plan.share)) for n, plan in enumerate(plans))


def pictures_in_rows(plans: Plans) -> Plans:
    """All pictures beside each other where the first of them stands, in as few and as equal rows as hold
    them; everything else in rows of its own."""
    plans = all_alone(plans)
    pictures = [n for n, plan in enumerate(plans) if plan.kind is PanelKind.VIDEO]
    order, heads = cells_in_rows(len(plans), pictures)
    return tuple(replace(plans[n], beside=n in pictures and n not in heads) for n in order)


def cells_in_rows(count: int, cells: list[int]) -> tuple[list[int], set[int]]:
    """Of `count` panels an order in which these cells stand together where the first of them stood, and
    those that begin a row."""
    if not cells:
        return list(range(count)), set()
    first, others = cells[0], [n for n in range(count) if n not in cells]
    at = sum(n < first for n in others)
    rows = -(-len(cells) // MOST_CELLS)
    heads = {cells[len(cells) * row // rows] for row in range(rows)}
    return others[:at] + cells + others[at:], heads


def _joins(plans: Plans, index: int) -> bool:
    pair = plans[index - 1 : index + 1] if index else ()
    return bool(pair) and plans[index].beside and all(plan.kind in INSTANT for plan in pair)
