"""What an interpolator answers, and the contract of interpolators. No rules of choice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

from studio.engine.message import Message
from studio.timing import Timestamp

T = TypeVar("T")
R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Created(Generic[R_co]):
    """There is a value for the time asked for."""

    value: R_co
    obsolete_time: Timestamp
    """Messages older than this cannot matter for any later time."""


@dataclass(frozen=True, slots=True)
class DoesNotExist:
    """There is no value for the time asked for, and there will be none."""

    obsolete_time: Timestamp
    """Messages older than this cannot matter for any later time."""


@dataclass(frozen=True, slots=True)
class InsufficientData:
    """It cannot be told yet: ask again when more has arrived."""


INSUFFICIENT_DATA = InsufficientData()

Interpolation: TypeAlias = Created[R_co] | DoesNotExist | InsufficientData


class Interpolator(Protocol[T, R_co]):
    """Makes a value for any time out of the messages of a stream (rule E205)."""

    @property
    def is_reproducible(self) -> bool:
        """Whether the answer does not depend on when messages arrive; `join` takes no others (E203)."""
        ...

    def interpolate(
        self, time: Timestamp, messages: Sequence[Message[T]], closing_time: Timestamp | None
    ) -> Interpolation[R_co]:
        """The value at `time`, given the messages waiting, oldest first.

        `closing_time`: not None once the stream has ended and nothing more will come.
        """
        ...
