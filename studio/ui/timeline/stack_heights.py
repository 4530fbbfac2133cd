"""How high the panels of a stack are. Arithmetic only."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """What one panel would like."""

    liked: int
    """Pixels its kind likes."""
    least: int
    chosen: int = 0
    """Pixels the user gave it; 0: none."""


def heights_of(wishes: Sequence[Wish], available: int) -> tuple[int, ...]:
    """The chosen heights as they are; the others share what is left as they like it, never below their least.

    The sum is larger than `available` where all that does not fit: the stack then scrolls.
    """
    heights = [max(wish.chosen, wish.least) if wish.chosen else wish.least for wish in wishes]
    free = [n for n, wish in enumerate(wishes) if not wish.chosen]
    left = available - sum(heights[n] for n, wish in enumerate(wishes) if wish.chosen)
    # Those that would get less than their least take that, and the others share what then is left.
    while free:
        liked = sum(max(1, wishes[n].liked) for n in free)
        small = [n for n in free if left * max(1, wishes[n].liked) // liked < wishes[n].least]
        if not small:
            break
        left -= sum(wishes[n].least for n in small)
        free = [n for n in free if n not in small]
    for n in free:
        liked = sum(max(1, wishes[m].liked) for m in free if m >= n)
        heights[n] = left * max(1, wishes[n].liked) // liked
        left -= heights[n]
    return tuple(heights)
