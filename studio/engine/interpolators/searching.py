"""Which message of a window is the one: the nearest, the first or the last, and when that is certain.

All three are stateless. `time` is the moment asked for; windows are relative to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from studio.engine.interpolators.interpolation import (
    INSUFFICIENT_DATA,
    Created,
    DoesNotExist,
    Interpolation,
)
from studio.engine.message import Message
from studio.timing import TIME_MIN, RelativeTimeInterval, Timestamp

T = TypeVar("T")


class Search(Protocol):
    """A rule that chooses one of the messages."""

    def search(self, time: Timestamp, messages: Sequence[Message[T]], *, is_closed: bool) -> Interpolation[T]:
        """The chosen message's data; `is_closed`: decide with what is there."""
        ...


@dataclass(frozen=True, slots=True)
class NearestSearch:
    """The message nearest to the time; of two equally near the later one (rule E206)."""

    window: RelativeTimeInterval

    def search(self, time: Timestamp, messages: Sequence[Message[T]], *, is_closed: bool) -> Interpolation[T]:
        """Certain at a later message, or a match so late that nothing nearer can follow.

        That nothing matches is certain only beyond the right end of the window (PORT of rule E207).
        """
        best, is_certain = self._scan(time, messages)
        right = self.window.right
        limit = time if right is None else time + min(right, 0)
        if best is None:
            return DoesNotExist(limit) if is_certain or is_closed else INSUFFICIENT_DATA
        found_at = best.envelope.originating_time
        if is_certain or is_closed or found_at >= limit:
            return Created(best.data, found_at)
        return INSUFFICIENT_DATA

    def _scan(self, time: Timestamp, messages: Sequence[Message[T]]) -> tuple[Message[T] | None, bool]:
        best: Message[T] | None = None
        best_distance = 0
        for message in messages:
            offset = message.envelope.originating_time - time
            if self.window.is_before(offset):
                continue
            if self.window.is_after(offset) or (best is not None and abs(offset) > best_distance):
                return best, True
            best, best_distance = message, abs(offset)
        return best, False


@dataclass(frozen=True, slots=True)
class FirstSearch:
    """The first message in the window, certain as soon as it is there (rule E209)."""

    window: RelativeTimeInterval

    def __post_init__(self) -> None:
        if self.window.left is None:
            raise NotImplementedError(
                "the first message of a window that has no left end is unknown: an earlier one may always "
                "have been; give the window a left end"
            )

    def search(self, time: Timestamp, messages: Sequence[Message[T]], *, is_closed: bool) -> Interpolation[T]:
        """Nothing matches for certain once a message lies beyond the right end."""
        obsolete = _left_end(self.window, time)
        for message in messages:
            offset = message.envelope.originating_time - time
            if self.window.is_after(offset):
                return DoesNotExist(obsolete)
            if not self.window.is_before(offset):
                return Created(message.data, obsolete)
        return DoesNotExist(obsolete) if is_closed else INSUFFICIENT_DATA


@dataclass(frozen=True, slots=True)
class LastSearch:
    """The last message in the window (rule E210)."""

    window: RelativeTimeInterval

    def search(self, time: Timestamp, messages: Sequence[Message[T]], *, is_closed: bool) -> Interpolation[T]:
        """Certain at the closed right end, or once a message lies beyond it."""
        best: Message[T] | None = None
        is_certain = is_closed
        for message in messages:
            offset = message.envelope.originating_time - time
            if self.window.is_after(offset):
                is_certain = True
                break
            if not self.window.is_before(offset):
                best = message
                is_certain = is_certain or offset == self.window.right
        if not is_certain:
            return INSUFFICIENT_DATA
        if best is None:
            return DoesNotExist(_left_end(self.window, time))
        # Older ones can never again be the last: the window only moves to the right.
        return Created(best.data, best.envelope.originating_time)


def _left_end(window: RelativeTimeInterval, time: Timestamp) -> Timestamp:
    return TIME_MIN if window.left is None else time + window.left
