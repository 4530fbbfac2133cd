"""Joins and fuses of any number of streams of one type (rule E204)."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from studio.engine.interpolators import Interpolator
from studio.engine.operators.matching import Match, fuse_into, require_reproducible
from studio.engine.operators.processing import select
from studio.engine.operators.values import Values

if TYPE_CHECKING:
    from studio.engine.emitter import Emitter

T = TypeVar("T")
PrimaryT = TypeVar("PrimaryT")
ResultT = TypeVar("ResultT")


def join_all(
    streams: "Sequence[Emitter[T]]", match: Match | Interpolator[T, T] = None
) -> "Emitter[Values[T]]":
    """Each message of the first stream with the values of all others at its time, in one sequence.

    ValueError if there is no stream.
    """
    require_reproducible(match)
    return fuse_all(streams, match)


def fuse_all(
    streams: "Sequence[Emitter[T]]", match: Match | Interpolator[T, T] = None
) -> "Emitter[Values[T]]":
    """As `join_all` with any interpolator."""
    if not streams:
        raise ValueError("there is nothing to join: give at least one stream")
    primary, *others = streams
    if not others:
        return select(primary, lambda data: Values((data,)))
    return fuse_into(primary, others, match, lambda data, values: Values((data, *values)))


def join_each(
    source: "Emitter[PrimaryT]",
    secondaries: "Sequence[Emitter[T]]",
    match: Match | Interpolator[T, T] = None,
) -> "Emitter[tuple[PrimaryT, Values[T]]]":
    """Each message with the values of all secondaries at its time, as (message, values)."""
    require_reproducible(match)
    return fuse_into(source, secondaries, match, lambda data, values: (data, Values.of(values)))


def join_with(
    source: "Emitter[PrimaryT]",
    secondary: "Emitter[T]",
    create: Callable[[PrimaryT, T], ResultT],
    match: Match | Interpolator[T, T] = None,
) -> "Emitter[ResultT]":
    """`create(data, value)` of each message and the value of the secondary at its time (rule E203)."""
    require_reproducible(match)
    return fuse_into(source, [secondary], match, lambda data, values: create(data, values[0]))
