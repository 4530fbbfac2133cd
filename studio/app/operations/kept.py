"""Which part of a computed recording a copy has kept, so that it is compared with that part only. Values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studio.errors import StoreFormatError
from studio.timing import TimeInterval

KEPT = "kept"
"""In a derivation."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An interval and the streams that were chosen."""

    interval: TimeInterval = TimeInterval.INFINITE
    streams: tuple[str, ...] | None = None
    """None: all."""

    @property
    def is_everything(self) -> bool:
        """Whether nothing was left out."""
        return self.interval == TimeInterval.INFINITE and self.streams is None

    def of(self, before: "Kept") -> "Kept":
        """This part of what was kept before."""
        interval = self.interval.intersection(before.interval)
        return Kept(interval, self.streams if self.streams is not None else before.streams)

    def to_attribute(self) -> dict[str, Any]:
        """As JSON can say it."""
        whole = self.interval
        ends = [whole.left, whole.right, whole.left_inclusive, whole.right_inclusive]
        return {"interval": ends, "streams": self.streams}

    @classmethod
    def in_derivation(cls, derivation: Mapping[str, Any]) -> "Kept":
        """All of it where nothing is said. Raises StoreFormatError for what cannot be understood."""
        if KEPT not in derivation:
            return cls()
        try:
            return cls._of(derivation[KEPT])
        except (KeyError, TypeError, ValueError) as error:
            raise StoreFormatError(
                f"it is told in no way we know which part of it was kept ({error})"
            ) from error

    @classmethod
    def _of(cls, told: Mapping[str, Any]) -> "Kept":
        left, right, left_inclusive, right_inclusive = told["interval"]
        streams: Sequence[str] | None = told["streams"]
        interval = TimeInterval(int(left), int(right), bool(left_inclusive), bool(right_inclusive))
        return cls(interval, None if streams is None else tuple(map(str, streams)))
