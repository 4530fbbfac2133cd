"""Test cases of the original for pipelines and delivery, told again with their outcomes.

Those that stand elsewhere under their own story are not repeated.
"""

import threading
from typing import Any

import pytest

from studio.engine import DeliveryPolicy, Emitter, Pipeline, PipelineState, generators, timers
from studio.engine.interpolators import reproducible
from studio.timing import TIME_MAX, RelativeTimeInterval
from tests.engine.components import MS, Collector, PushSource, StartSource
from tests.engine.test_finalization import Relay
from tests.waiting import wait_until


def slow(p: Pipeline, real_ms: int) -> Any:
    """Work that takes a while and does not hold the interpreter."""
    return lambda _data: threading.Event().wait(real_ms / 1000)


@pytest.mark.rules("E27", "E45")
@pytest.mark.parametrize(
    ("is_nested", "times_each"), [(False, 5), (True, 2)], ids=["in the pipeline", "in a subpipeline"]
)
def test_shutdown_with_latency(is_nested: bool, times_each: int) -> None:
    """An infinite source that lags far behind is joined with a finite one: all up to the end come through."""
    with Pipeline("p") as p:
        inner = p.create_subpipeline() if is_nested else p
        lagging = generators.repeat(inner, "tick", interval=2 * MS).do(slow(p, 6))
        values = generators.range_(inner, 0, 11, interval=times_each * 2 * MS)
        joined: Emitter[Any] = lagging.join(values, reproducible.nearest(RelativeTimeInterval.past()))
        collector = Collector(inner, joined)
        p.run()
    expected = [value for value in range(10) for _ in range(times_each)]
    assert [value for _, value in collector.values] == [*expected, 10]


@pytest.mark.rules("E105", "E56")
def test_messages_with_arrays_flow_until_disposed() -> None:
    with Pipeline("p") as p:
        stream = timers.timer(p, MS).select(lambda _t: bytearray(100)).select(lambda data: bytes(data))
        collector = Collector(p, stream)
        p.run_async()
        wait_until(lambda: len(collector.values) >= 100)
    assert all(value == bytes(100) for value in collector.values)


@pytest.mark.rules("E27", "E29", "E28")
def test_shutdown_with_finite_and_infinite_sources() -> None:
    def ends(*sources: Any, timeout_s: float = 0.1) -> bool:
        with Pipeline("p") as p:
            for source in sources:
                source(p)
            p.run_async(start=1, enforce_replay_clock=False)
            return p.wait_all(5 if timeout_s is None else timeout_s)

    def finite(p: Pipeline) -> object:
        return StartSource(p, [], 5)

    def infinite(p: Pipeline) -> object:
        return PushSource(p)

    def undecided(p: Pipeline) -> object:
        return PushSource(p, completion_time=None)

    def inside(source: Any) -> Any:
        return lambda p: source(p.create_subpipeline())

    assert ends(finite, timeout_s=5)
    assert not ends()
    assert not ends(finite, undecided)
    assert ends(finite, infinite, timeout_s=5)
    assert not ends(undecided)
    assert ends(inside(finite), timeout_s=5)
    assert not ends(inside(infinite))
    assert not ends(lambda p: p.create_subpipeline())


@pytest.mark.rules("E26", "E27")
def test_a_source_that_decides_late_to_be_infinite_lets_the_finite_ones_end_the_run() -> None:
    with Pipeline("p") as p:
        StartSource(p, [], 5)
        undecided = PushSource(p, completion_time=None)
        p.run_async(start=1, enforce_replay_clock=False)
        assert not p.wait_all(0.05)
        undecided.notify(TIME_MAX)
        assert p.wait_all(5)


@pytest.mark.rules("E26", "E27")
def test_a_source_that_decides_late_to_be_infinite_does_not_end_the_run_alone() -> None:
    with Pipeline("p") as p:
        undecided = PushSource(p, completion_time=None)
        p.run_async(start=1, enforce_replay_clock=False)
        undecided.notify(TIME_MAX)
        assert not p.wait_all(0.05)


@pytest.mark.rules("E185", "E186", "E187", "E24")
def test_progress_with_a_finite_subpipeline_and_an_idle_one_added_while_running() -> None:
    start = 1_577_934_245_000 * MS
    reports: list[float] = []
    with Pipeline("p") as p:
        p.progress_report_interval = 10 * MS
        inner = p.create_subpipeline()
        Collector(inner, generators.range_(inner, 0, 20, interval=10 * MS))
        Collector(p, generators.range_(p, 0, 20, interval=10 * MS))
        p.run_async(start=start, end=start + 200 * MS, progress=reports.append)
        p.create_subpipeline("idle").run_async()
        assert p.wait_all(10)
    assert reports == sorted(reports)
    assert reports[-1] == 1.0
    assert any(0.0 < report < 1.0 for report in reports)


@pytest.mark.rules("E55", "E57", "E54")
def test_ten_disposes_at_once_close_fifteen_streams_once_each() -> None:
    log: list[str] = []
    with Pipeline("never run") as p:
        for name in "ABC":
            Relay(p, name, log)
    assert (p.state, log) == (PipelineState.COMPLETED, [])
    p = Pipeline("p")
    for name in "ABC":
        Relay(p, name, log)
    p.run_async()
    threads = [threading.Thread(target=p.dispose) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert p.state is PipelineState.COMPLETED
    assert sorted(log) == sorted(
        f"{name}.{port} closed" for name in "ABC" for port in ("any", "x", "y", "z", "gen")
    )


# -- delivery -----------------------------------------------------------------------------------------


def which_thread(threads: list[int]) -> Any:
    return lambda _data: threads.append(threading.get_ident())


@pytest.mark.rules("E120", "E130")
def test_synchronous_delivery_all_the_way_loses_nothing() -> None:
    with Pipeline("p") as p:
        policy = DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE
        first, second = list[int](), list[int]()
        stream = generators.range_(p, 0, 20, interval=MS).do(which_thread(first), policy)
        collector = Collector(p, stream, policy, work=which_thread(second))
        p.run(enforce_replay_clock=False)
    assert collector.values == list(range(20))
    assert first == second


@pytest.mark.rules("E120", "E131")
def test_synchronous_behind_unlimited_runs_in_the_context_of_the_middle() -> None:
    inside: list[bool] = []
    busy = threading.local()

    def post(data: int, envelope: Any, out: Any) -> None:
        inside.append(getattr(busy, "is_posting", False))
        busy.is_posting = True
        out.post(data, envelope.originating_time)
        busy.is_posting = False

    seen: list[bool] = []
    with Pipeline("p") as p:
        source = StartSource(p, [(value, value) for value in range(1, 21)], 20)
        middle = source.out.process(post, DeliveryPolicy.UNLIMITED)
        collector = Collector(
            p,
            middle,
            DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE,
            work=lambda _d: seen.append(getattr(busy, "is_posting", False)),
        )
        p.run(start=0, enforce_replay_clock=False)
    assert collector.values == list(range(1, 21))
    assert inside == [False] * 20, "the middle is never entered from a post"
    assert seen == [True] * 20, "the last is handled inside the post of the middle"


@pytest.mark.rules("E120", "E124")
def test_what_the_latest_message_policy_loses_is_lost_once_for_all_behind_it() -> None:
    middle_seen: list[int] = []
    with Pipeline("p") as p:
        source = PushSource(p)
        middle = source.out.do(middle_seen.append, DeliveryPolicy.LATEST_MESSAGE)
        last = Collector(p, middle, DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE, work=slow(p, 10))
        p.run_async(start=0, enforce_replay_clock=False)
        for value in range(1, 51):
            source.out.post(value, value)
        wait_until(lambda: last.values[-1:] == [50])
    assert last.values == middle_seen
    assert len(middle_seen) < 50


@pytest.mark.rules("E123", "E124")
@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        (DeliveryPolicy.LATEST_MESSAGE, {9}),
        (DeliveryPolicy.LATEST_MESSAGE.with_guarantees(lambda x: x % 2 == 0), {0, 2, 4, 6, 8}),
        (
            DeliveryPolicy.LATEST_MESSAGE.with_guarantees(lambda x: x % 2 == 0).with_guarantees(
                lambda x: x % 3 == 0
            ),
            {0, 2, 3, 4, 6, 8, 9},
        ),
        (
            DeliveryPolicy.queue_size_constrained(2).with_guarantees(lambda x: x % 2 == 0),
            {0, 2, 4, 6, 8},
        ),
    ],
    ids=lambda value: value.name if isinstance(value, DeliveryPolicy) else "",
)
def test_delivery_policy_with_guarantees(policy: DeliveryPolicy, kept: set[int]) -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        collector = Collector(p, source.out, policy, work=slow(p, 5))
        p.run_async(start=1, enforce_replay_clock=False)
        for value in range(10):
            source.out.post(value, value + 1)
    assert kept <= set(collector.values)
    assert collector.values == sorted(set(collector.values))
