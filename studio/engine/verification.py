"""Proves that a graph says the same when the same is replayed: runs it twice and compares message by message.

Compared are values, originating times and sequence ids of each stream. The order between streams, creation
times and stream ids depend on threads and clocks; no promise is made about them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import zip_longest
from typing import Any

import numpy as np

from studio.engine.emitter import Emitter
from studio.engine.message import Envelope
from studio.engine.pipeline import Pipeline
from studio.engine.replay import REPLAY_ALL, ReplayDescriptor
from studio.timing import Timestamp

BuildGraph = Callable[[Pipeline], Mapping[str, Emitter[Any]]]
"""Adds components to the pipeline it is given and returns the streams to compare, by name."""

Entry = tuple[Any, Timestamp, int]


@dataclass(frozen=True, slots=True)
class ReplayDifference:
    """Where two runs part."""

    stream: str
    index: int
    """Of the message on the stream, from 0."""
    first: Entry | None
    """Value, originating time and sequence id in the first run; None: it had ended."""
    second: Entry | None

    def __str__(self) -> str:
        return (
            f"stream {self.stream!r} differs at message {self.index}: {_text(self.first)} in the first run, "
            f"{_text(self.second)} in the second"
        )


def verify_replay(
    build: BuildGraph,
    replay: ReplayDescriptor = REPLAY_ALL,
    *,
    make_pipeline: Callable[[], Pipeline] = Pipeline,
    is_same: Callable[[Any, Any], bool] | None = None,
) -> ReplayDifference | None:
    """Build and run a graph twice; the first difference, or None if both runs agree.

    To compare a live run with its replay, let `build` make live sources the first time and those that bring
    what was recorded the second time. `is_same` compares two values; without it arrays must be equal in type
    and content, other values equal.
    Raises what a run raises, and ValueError if the two graphs do not offer the same streams.
    """
    first, second = _record(build, replay, make_pipeline), _record(build, replay, make_pipeline)
    if set(first) != set(second):
        raise ValueError(
            f"the graph was built with other streams the second time: {set(first) ^ set(second)}"
        )
    differences = (_difference(name, first[name], second[name], is_same or same_value) for name in first)
    return next((difference for difference in differences if difference is not None), None)


def same_value(one: Any, other: Any) -> bool:
    """Equality that looks into arrays, containers and dataclasses; NaN equals NaN, True is not 1."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return bool(one.dtype == other.dtype and one.shape == other.shape and _same_items(one, other))
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same_value, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same_value(one[key], other[key]) for key in one)
    if is_dataclass(one) and not isinstance(one, type):
        return all(same_value(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return bool(one == other) or (one != one and other != other)


def _same_items(one: "np.ndarray[Any, Any]", other: "np.ndarray[Any, Any]") -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind in "fcmM")


def _record(
    build: BuildGraph, replay: ReplayDescriptor, make_pipeline: Callable[[], Pipeline]
) -> dict[str, list[Entry]]:
    recorded: dict[str, list[Entry]] = {}
    with make_pipeline() as pipeline:
        for name, stream in build(pipeline).items():
            entries = recorded.setdefault(name, [])
            stream.pipe_to(stream.pipeline.create_receiver(_Recorder(), _appending_to(entries), name))
        pipeline.run(replay)
    return recorded


class _Recorder:
    """Owns the receiver of one stream."""


def _appending_to(entries: list[Entry]) -> Callable[[Any, Envelope], None]:
    return lambda data, envelope: entries.append((data, envelope.originating_time, envelope.sequence_id))


def _difference(
    name: str, first: list[Entry], second: list[Entry], is_same: Callable[[Any, Any], bool]
) -> ReplayDifference | None:
    for index, (one, other) in enumerate(zip_longest(first, second)):
        if one is None or other is None or one[1:] != other[1:] or not is_same(one[0], other[0]):
            return ReplayDifference(name, index, one, other)
    return None


def _text(entry: Entry | None) -> str:
    if entry is None:
        return "no message"
    value, time, number = entry
    return f"{value!r} at {time} (number {number})"
