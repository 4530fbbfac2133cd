"""Replaying twice gives the same, live and replay agree, and where runs part is found."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.engine import DeliveryPolicy, Emitter, Pipeline, ReplayDescriptor, generators, verify_replay
from studio.engine.verification import ReplayDifference, same_value
from studio.timing import TimeInterval
from tests.engine.components import MS, Collector, StartSource

BEGIN = 1_000_000
RECORDINGS = st.lists(
    st.lists(st.integers(0, 500), unique=True, max_size=25).map(sorted), min_size=1, max_size=4
)


def through_everything(p: Pipeline, recording: list[list[int]]) -> Mapping[str, Emitter[Any]]:
    """A graph over all streams of a recording: chains, throttling, a subpipeline, state."""
    inner = p.create_subpipeline()
    streams: dict[str, Emitter[Any]] = {}
    for index, times in enumerate(recording):
        pairs = [(np.full(3, time), BEGIN + time) for time in times]
        source = StartSource(p, pairs, BEGIN + max(times, default=0))
        into = inner.create_input_connector_from(p)
        source.out.select(lambda a: a * 2).pipe_to(into, DeliveryPolicy.THROTTLE)
        total = itertools.accumulate(itertools.repeat(1))
        streams[f"raw {index}"] = source.out
        streams[f"odd {index}"] = into.out.where(lambda a: a[0] % 4 == 2)
        streams[f"numbered {index}"] = into.out.select(lambda a, total=total: (next(total), int(a[0])))
    return streams


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECORDINGS, st.integers(0, 400), st.integers(0, 300), st.sampled_from([1, 2, 4]))
def test_a_random_recording_replayed_twice_is_the_same(
    recording: list[list[int]], left: int, length: int, thread_count: int
) -> None:
    interval = TimeInterval(BEGIN + left, BEGIN + left + length)
    difference = verify_replay(
        lambda p: through_everything(p, recording),
        ReplayDescriptor(interval, enforce_replay_clock=False),
        make_pipeline=lambda: Pipeline(thread_count=thread_count),
    )
    assert difference is None, str(difference)


@pytest.mark.rules("E117", "E119")
def test_live_and_replay_of_the_same_graph_agree_message_by_message() -> None:
    """What a live run received, replayed at sixteen times the speed and as fast as it goes."""
    with Pipeline("live") as p:
        source = generators.range_(p, 0, 20, interval=2 * MS)
        live_in, live_out = Collector(p, source), Collector(p, source.select(lambda x: x * x))
        p.run()
    interval = TimeInterval(live_in.times[0], live_in.times[-1])
    for descriptor in (
        ReplayDescriptor(interval, speed=16.0),
        ReplayDescriptor(interval, enforce_replay_clock=False),
    ):
        with Pipeline("replay") as p:
            pairs = list(zip(live_in.values, live_in.times, strict=True))
            replayed = StartSource(p, pairs, live_in.times[-1])
            out = Collector(p, replayed.out.select(lambda x: x * x))
            p.run(descriptor)
        assert (out.values, out.times) == (live_out.values, live_out.times)


def test_the_first_difference_is_found_and_said() -> None:
    runs = itertools.count()

    def build(p: Pipeline) -> Mapping[str, Emitter[Any]]:
        last = 7 if next(runs) else 6
        pairs = [(1, BEGIN), (2, BEGIN + 1), (last, BEGIN + 2)]
        return {"x": StartSource(p, pairs, BEGIN + 2).out}

    difference = verify_replay(build, ReplayDescriptor.between(BEGIN, enforce_replay_clock=False))
    assert difference == ReplayDifference("x", 2, (6, BEGIN + 2, 3), (7, BEGIN + 2, 3))
    assert "message 2" in str(difference)


def test_a_run_that_ends_early_or_has_other_streams_is_told_apart() -> None:
    runs = itertools.count()

    def shorter(p: Pipeline) -> Mapping[str, Emitter[Any]]:
        pairs = [(1, BEGIN), (2, BEGIN + 1)][: 2 - next(runs)]
        return {"x": StartSource(p, pairs, BEGIN + 1).out}

    difference = verify_replay(shorter, ReplayDescriptor.between(BEGIN, enforce_replay_clock=False))
    assert difference == ReplayDifference("x", 1, (2, BEGIN + 1, 2), None)
    assert "no message" in str(difference)
    with pytest.raises(ValueError, match="other streams"):
        verify_replay(lambda p: {str(next(runs)): generators.return_(p, 1)})


def test_an_error_in_a_run_is_raised() -> None:
    def build(p: Pipeline) -> Mapping[str, Emitter[Any]]:
        return {"x": generators.return_(p, 0).select(lambda x: 1 // x)}

    with pytest.raises(ExceptionGroup):
        verify_replay(build)


@dataclass
class Box:
    content: Any


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1, True),
        (1, True, False),
        (float("nan"), float("nan"), True),
        (np.array([1.0, np.nan]), np.array([1.0, np.nan]), True),
        (np.array([1]), np.array([1.0]), False),
        (np.array([1, 2]), np.array([[1, 2]]), False),
        (np.array(["a"], object), np.array(["a"], object), True),
        ((1, [2, {"k": 3}]), (1, [2, {"k": 3}]), True),
        ((1, [2, {"k": 3}]), (1, [2, {"k": 4}]), False),
        ([1], [1, 2], False),
        (Box(np.zeros(2)), Box(np.zeros(2)), True),
        (Box(np.zeros(2)), Box(np.ones(2)), False),
    ],
)
def test_values_are_compared_through_and_through(one: Any, other: Any, same: bool) -> None:
    assert same_value(one, other) is same
