"""Short ways to run operators on streams with given values and times."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from studio.engine import Emitter, Pipeline, ReplayDescriptor, generators
from tests.engine.components import MS, Collector

Timed = Sequence[tuple[Any, int]]


def every(interval: int, values: Iterable[Any], start: int = 0) -> list[tuple[Any, int]]:
    """Values at a steady interval."""
    return [(value, start + index * interval) for index, value in enumerate(values)]


def each_ms(values: Iterable[Any]) -> list[tuple[Any, int]]:
    """Values 1 ms apart from 0 on."""
    return every(MS, values)


def collect(build: Callable[..., Emitter[Any]], *inputs: Timed, thread_count: int = 2) -> Collector:
    """Run `build(*streams)` over streams that bring (value, time) and return what came out."""
    with Pipeline("operators", thread_count=thread_count) as p:
        streams = [generators.timed_sequence(p, pairs, start_time=0) for pairs in inputs]
        result = Collector(p, build(*streams))
        p.run(ReplayDescriptor.REPLAY_ALL)
    return result


def values(build: Callable[..., Emitter[Any]], *inputs: Timed) -> list[Any]:
    """The payloads that came out; sequences as lists."""
    return [
        list(v) if hasattr(v, "items") and not isinstance(v, dict) else v
        for v in collect(build, *inputs).values
    ]
