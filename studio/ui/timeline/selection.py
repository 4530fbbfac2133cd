"""Where a selection may lie and how it moves. Arithmetic only."""

from dataclasses import dataclass, replace

from studio.timing import TimeInterval, Timestamp


@dataclass(frozen=True, slots=True)
class Clamped:
    """A selection as it can be, and what had to be changed."""

    interval: TimeInterval
    word: str = ""
    """For people; empty: nothing was changed."""


def clamped(wanted: TimeInterval, extent: TimeInterval) -> Clamped:
    """The wanted selection, cut to what the recording holds; a point at its nearer end where they do not
    meet."""
    left = min(max(wanted.left, extent.left), extent.right)
    right = min(max(wanted.right, extent.left), extent.right)
    if (left, right) == (wanted.left, wanted.right):
        return Clamped(wanted)
    inside = TimeInterval(left, right)
    if wanted.right < extent.left:
        return Clamped(inside, "The selection lay before the recording; it now stands at its beginning.")
    if wanted.left > extent.right:
        return Clamped(inside, "The selection lay behind the recording; it now stands at its end.")
    return Clamped(inside, "The selection was cut to what the recording holds.")


def with_start(selection: TimeInterval | None, time: Timestamp, extent: TimeInterval) -> TimeInterval:
    """From `time` on: to the end it had, or to the end of all if that lies before."""
    end = extent.right if selection is None or selection.right < time else selection.right
    return TimeInterval(time, max(time, end))


def with_end(selection: TimeInterval | None, time: Timestamp, extent: TimeInterval) -> TimeInterval:
    """Up to `time`: from the start it had, or from the beginning of all if that lies behind."""
    start = extent.left if selection is None or selection.left > time else selection.left
    return TimeInterval(min(start, time), time)


def shifted(selection: TimeInterval, steps: int, extent: TimeInterval) -> TimeInterval:
    """Later by `steps` of its own length, as far as there are data."""
    duration = steps * selection.span
    least, most = extent.left - selection.left, extent.right - selection.right
    if least > most:
        return selection  # longer than the recording
    duration = min(max(duration, least), most)
    return replace(selection, left=selection.left + duration, right=selection.right + duration)
