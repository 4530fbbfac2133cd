"""How wide the panels of a row are. Arithmetic only."""

from collections.abc import Sequence

EQUAL = 1000
"""The share of a panel that is as wide as if all were equally wide."""


def widths_of(shares: Sequence[int], available: int, least: int) -> tuple[int, ...]:
    """Pixels for each; 0 counts as equal. Together they are `available`, and none is less than `least`
    unless even equal ones were."""
    weights = [share or EQUAL for share in shares]
    least = min(least, available // max(1, len(weights)))
    widths, left, free = [least] * len(weights), available, list(range(len(weights)))
    # Those that would get less take the least, and the others share what then is left.
    while free:
        total = sum(weights[n] for n in free)
        small = [n for n in free if left * weights[n] // total < least]
        if not small:
            break
        left -= least * len(small)
        free = [n for n in free if n not in small]
    for at, n in enumerate(free):
        widths[n] = left * weights[n] // sum(weights[m] for m in free[at:])
        left -= widths[n]
    return tuple(widths)


def shares_of(widths: Sequence[int]) -> tuple[int, ...]:
    """The shares of panels that are so wide."""
    total = max(1, sum(widths))
    return tuple(max(1, round(EQUAL * len(widths) * width / total)) for width in widths)


def dragged(widths: Sequence[int], border: int, by: int, least: int) -> tuple[int, ...]:
    """The border at the right of a panel is dragged by so many pixels: its two neighbours share it."""
    left, right = widths[border], widths[border + 1]
    least = min(least, left, right)
    wide = min(max(left + by, least), left + right - least)
    return (*widths[:border], wide, left + right - wide, *widths[border + 2 :])
