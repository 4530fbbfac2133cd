"""Which part of a session Play means: the selection, else from the cursor to the end. Values only."""

from dataclasses import dataclass

from studio.timing import TimeInterval, Timestamp


@dataclass(frozen=True, slots=True)
class Part:
    """An interval and where in it to begin."""

    interval: TimeInterval
    start: Timestamp


def part_to_play(
    extent: TimeInterval,
    selection: TimeInterval | None,
    cursor: Timestamp | None,
    *,
    from_start: bool = False,
) -> Part:
    """What to play. A cursor outside the selection, or at its end, begins at its start, as `from_start` does.

    Without a selection a cursor at the end of all begins at the beginning of all.
    """
    if selection is not None:
        inside = cursor is not None and selection.left <= cursor < selection.right
        return Part(selection, cursor if inside and cursor is not None and not from_start else selection.left)
    if cursor is None or from_start or not extent.left <= cursor < extent.right:
        return Part(extent, extent.left)
    return Part(TimeInterval(cursor, extent.right), cursor)
