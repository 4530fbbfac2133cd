"""Interpolators that pick one of the messages as it is, by a rule of search; with or without default."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from studio.engine.interpolators.interpolation import (
    Created,
    DoesNotExist,
    Interpolation,
    Interpolator,
)
from studio.engine.interpolators.searching import Search
from studio.engine.message import Message
from studio.timing import Timestamp

T = TypeVar("T")
R = TypeVar("R")
D_co = TypeVar("D_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Choice:
    """One message of the stream, or nothing: the payload type is that of the stream."""

    rule: Search
    is_reproducible: bool = True
    """False: never wait, decide with what has arrived (rule E212)."""

    def interpolate(
        self, time: Timestamp, messages: Sequence[Message[T]], closing_time: Timestamp | None
    ) -> Interpolation[T]:
        """The data of the chosen message."""
        is_closed = closing_time is not None or not self.is_reproducible
        return self.rule.search(time, messages, is_closed=is_closed)


@dataclass(frozen=True, slots=True)
class ChoiceOrDefault(Generic[D_co]):
    """One message of the stream, or a default value where there is none (rule E205)."""

    choice: Choice
    default: D_co

    @property
    def is_reproducible(self) -> bool:
        """As the choice is."""
        return self.choice.is_reproducible

    def interpolate(
        self, time: Timestamp, messages: Sequence[Message[T]], closing_time: Timestamp | None
    ) -> "Interpolation[T | D_co]":
        """The data of the chosen message, or the default."""
        found = self.choice.interpolate(time, messages, closing_time)
        return Created(self.default, found.obsolete_time) if isinstance(found, DoesNotExist) else found


@dataclass(frozen=True, slots=True)
class ValueOrDefault(Generic[T, R]):
    """What another interpolator makes, or a default value where it makes none (rule E205)."""

    inner: Interpolator[T, R]
    default: R

    @property
    def is_reproducible(self) -> bool:
        """As the other one is."""
        return self.inner.is_reproducible

    def interpolate(
        self, time: Timestamp, messages: Sequence[Message[T]], closing_time: Timestamp | None
    ) -> Interpolation[R]:
        """Its value, or the default."""
        made = self.inner.interpolate(time, messages, closing_time)
        return Created(self.default, made.obsolete_time) if isinstance(made, DoesNotExist) else made
