"""Tells inputs of one name apart: two microphones of one make are called the same by the sound system.

Arithmetic only.
"""

from collections.abc import Sequence


def addresses(names: Sequence[str]) -> list[str]:
    """One for each of the names, in their order, none twice: the second `mic` is `mic #2`."""
    taken = set(names)
    seen: set[str] = set()
    found = []
    for name in names:
        address, number = name, 1
        while address in seen or (number > 1 and address in taken):
            number += 1
            address = f"{name} #{number}"
        seen.add(address)
        found.append(address)
    return found


def place_of(address: str, names: Sequence[str]) -> int | None:
    """Where in the list of names the one of that address stands; None: nowhere."""
    known = addresses(names)
    return known.index(address) if address in known else None
