"""From creation to completion: what is legal when, start times, the four events (rules E6-E24, E40, E61)."""

import threading
from collections.abc import Callable

import pytest

from studio.engine import (
    REPLAY_ALL,
    DeliveryPolicy,
    Pipeline,
    PipelineCompleted,
    PipelineRun,
    PipelineState,
    ReplayDescriptor,
    generators,
)
from studio.engine.lifecycle import LEGAL_MOVES, Lifecycle
from studio.errors import PipelineDisposedError, PipelineStateError
from studio.timing import TIME_MIN, TimeInterval
from tests.engine.components import MS, Collector, PushSource, StartSource
from tests.waiting import wait_until


@pytest.mark.rules("E6", "E7")
def test_a_new_pipeline_has_no_time_and_no_thread() -> None:
    before = threading.active_count()
    p = Pipeline("p")
    PushSource(p)
    assert threading.active_count() == before
    assert (p.start_time, p.get_current_time(), p.replay_descriptor) == (TIME_MIN, TIME_MIN, None)
    assert p.state is PipelineState.INITIAL
    p.dispose()


@pytest.mark.rules("E8")
def test_the_moves_between_states_are_one_table() -> None:
    assert set(LEGAL_MOVES) == set(PipelineState)
    for state in PipelineState:
        for to in PipelineState:
            life = Lifecycle("p")
            life._state = state
            assert life.try_move(to) is (to in LEGAL_MOVES[state])
    with pytest.raises(PipelineStateError, match="is completed and cannot become running"):
        life.move(PipelineState.RUNNING)


@pytest.mark.rules("E33")
def test_of_many_threads_one_makes_the_move() -> None:
    life = Lifecycle("p")
    life.move(PipelineState.STARTING)
    life.move(PipelineState.RUNNING)
    results: list[bool] = []
    threads = [
        threading.Thread(target=lambda: results.append(life.try_move(PipelineState.STOPPING)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count(True) == 1


@pytest.mark.rules("E9", "E3")
def test_components_are_known_by_identity_and_keep_their_order() -> None:
    class AllEqual:
        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 1

    p = Pipeline("p")
    first, second = AllEqual(), AllEqual()
    p.create_emitter(first, "a")
    p.create_emitter(second, "a")
    p.create_receiver(first, lambda _d, _e: None, "a")
    assert [e.owner for e in p.elements] == [first, second]
    assert p.elements[0].owner is first
    assert [e.name for e in p.elements] == ["0.AllEqual", "1.AllEqual"]
    p.dispose()


@pytest.mark.rules("E11")
def test_names_of_ports_are_unique_and_given_where_missing() -> None:
    p = Pipeline("p")
    owner = object()
    p.create_emitter(owner, "out")
    with pytest.raises(ValueError, match="already has an output named 'out'"):
        p.create_emitter(owner, "out")
    p.create_receiver(owner, lambda _d, _e: None, "in")
    with pytest.raises(ValueError, match="already has an input named 'in'"):
        p.create_receiver(owner, lambda _d, _e: None, "in")
    assert p.create_emitter(owner).name != p.create_emitter(owner).name
    with pytest.raises(ValueError, match="cannot own"):
        p.create_emitter(p)
    p.dispose()


@pytest.mark.rules("E12")
def test_one_input_has_one_source_and_streams_stay_in_their_pipeline() -> None:
    p, other = Pipeline("p"), Pipeline("other")
    source, stranger = PushSource(p), PushSource(other)
    collector = Collector(p, source.out)
    with pytest.raises(PipelineStateError, match="one input has one source"):
        source.out.pipe_to(collector)
    with pytest.raises(PipelineStateError, match="connector"):
        stranger.out.pipe_to(Collector(p))
    p.dispose()
    other.dispose()


@pytest.mark.rules("E14", "E18", "E61")
def test_a_running_pipeline_cannot_be_changed_or_run_again() -> None:
    with Pipeline("p") as p:
        source = PushSource(p)
        idle = Collector(p)
        p.run_async()
        with pytest.raises(PipelineStateError, match="is running; creating an emitter"):
            generators.return_(p, 1)
        with pytest.raises(PipelineStateError, match="creating a receiver"):
            Collector(p)
        with pytest.raises(PipelineStateError, match="connecting"):
            source.out.pipe_to(idle)
        with pytest.raises(PipelineStateError, match="propose_replay_time"):
            p.propose_replay_time(TimeInterval(1, 2))
        with pytest.raises(PipelineStateError, match="running"):
            p.run_async()
        assert p.state is PipelineState.RUNNING
        assert p.wait_all(0) is False


@pytest.mark.rules("E18", "E61")
def test_a_completed_pipeline_cannot_run_again() -> None:
    with Pipeline("p") as p:
        generators.return_(p, 1)
        p.run()
        with pytest.raises(PipelineStateError, match="completed"):
            p.run()
        assert p.wait_all(0) is True


@pytest.mark.rules("E60", "E61")
def test_a_disposed_pipeline_says_so() -> None:
    p = Pipeline("p")
    source = PushSource(p)
    p.run_async()
    p.dispose()
    p.dispose()
    for call in (p.run, p.run_async, p.wait_all, lambda: p.create_emitter(object())):
        with pytest.raises(PipelineDisposedError, match="disposed"):
            call()
    source.out.post(1, 1)


@pytest.mark.rules("E20", "E16")
def test_nothing_is_delivered_before_every_source_has_started() -> None:
    log: list[str] = []

    class SlowStarter(PushSource):
        def start(self, notify_completion_time: Callable[[int], None]) -> None:
            wait_until(lambda: "posted" in log)
            log.append("started")
            super().start(notify_completion_time)

    class Early(StartSource):
        def start(self, notify_completion_time: Callable[[int], None]) -> None:
            super().start(notify_completion_time)
            log.append("posted")

    with Pipeline("p", thread_count=2) as p:
        early = Early(p, [("x", 1)], 1)
        Collector(
            p, early.out, DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE, work=lambda _d: log.append("received")
        )
        SlowStarter(p)
        p.run(REPLAY_ALL)
    assert log == ["posted", "started", "received"]


@pytest.mark.rules("E21", "E14")
def test_pipeline_run_comes_before_any_start_and_may_add_components() -> None:
    p = Pipeline("p")
    seen: list[object] = []
    collectors: list[Collector] = []

    def add(args: PipelineRun) -> None:
        seen.append(
            (args.start_time, args.start_originating_time, p.start_time, p.state, tuple(source.calls))
        )
        collectors.append(Collector(p, generators.range_(p, 0, 3, interval=MS)))
        p.pipeline_run.connect(lambda _args: seen.append("added while telling"))

    source = PushSource(p)
    p.pipeline_run.connect(add)
    p.run()
    assert seen == [
        (p.start_time, p.start_time, p.start_time, PipelineState.STARTING, ()),
        "added while telling",
    ]
    assert collectors[0].values == [0, 1, 2]
    p.dispose()


@pytest.mark.rules("E23")
def test_an_error_of_a_pipeline_run_handler_comes_out_of_run_and_nothing_is_started() -> None:
    def fail(_args: object) -> None:
        raise LookupError("in handler")

    p = Pipeline("p")
    source = PushSource(p)
    p.pipeline_run.connect(fail)
    with pytest.raises(LookupError, match="in handler"):
        p.run_async()
    assert source.calls == []
    assert p.state is PipelineState.COMPLETED
    assert p.wait_all(0)
    p.dispose()


@pytest.mark.rules("E40", "E17")
def test_pipeline_completed_is_told_once_before_run_returns() -> None:
    told: list[PipelineCompleted] = []
    with Pipeline("p") as p:
        generators.range_(p, 0, 3, interval=MS)
        p.pipeline_completed.connect(told.append)
        p.run()
        assert len(told) == 1
    assert told == [PipelineCompleted(p.start_time + 2 * MS, ())]
    assert p.get_current_time() == TIME_MIN
    assert p.start_time != TIME_MIN


@pytest.mark.rules("E40")
def test_a_slow_handler_of_completion_delays_the_return_of_run() -> None:
    done: list[bool] = []
    release = threading.Event()
    threading.Timer(0.05, release.set).start()
    with Pipeline("p") as p:
        generators.return_(p, 1)
        p.pipeline_completed.connect(lambda _args: done.append(release.wait(10)))
        p.run()
        assert done == [True]


@pytest.mark.rules("E30")
def test_component_completed_names_the_finite_sources_only() -> None:
    told: list[tuple[str, int]] = []
    with Pipeline("p") as p:
        generators.range_(p, 0, 3, interval=MS)
        generators.repeat(p, 1, interval=MS)
        PushSource(p)
        p.component_completed.connect(lambda args: told.append((args.component_name, args.completed_time)))
        p.run()
    assert told == [("0.Generator", p.start_time + 2 * MS)]


@pytest.mark.rules("E139", "E141", "E142")
def test_a_live_run_follows_the_clock_given_and_its_offset() -> None:
    with Pipeline("p") as p:
        p.virtual_time_offset = 5_000 * MS
        PushSource(p)
        before = p.clock.now()
        p.run_async()
        after = p.clock.now()
        assert before + 5_000 * MS <= p.start_time <= after + 5_000 * MS
        assert p.get_current_time() >= p.start_time


@pytest.mark.rules("E138", "E139", "E140", "E142")
@pytest.mark.parametrize("enforce", [True, False])
def test_a_replay_starts_at_its_left_end_and_advances_like_the_world(enforce: bool) -> None:
    start = 1_577_934_245 * 1000 * MS
    with Pipeline("p") as p:
        p.virtual_time_offset = 5_000 * MS  # has no meaning in a replay
        PushSource(p)
        p.run_async(ReplayDescriptor.between(start, enforce_replay_clock=enforce))
        assert p.start_time == start
        first = p.get_current_time()
        assert start <= first < start + 1000 * MS
        wait_until(lambda: p.get_current_time() > first + 10 * MS)


@pytest.mark.rules("E42")
def test_wait_all_from_a_component_is_refused_instead_of_waiting_for_itself() -> None:
    with Pipeline("p") as p:
        Collector(p, generators.return_(p, 1), work=lambda _data: p.wait_all())
        with pytest.raises(ExceptionGroup) as caught:
            p.run()
    assert caught.group_contains(PipelineStateError, match="wait for itself")


@pytest.mark.rules("E7")
@pytest.mark.parametrize("replay", [None, REPLAY_ALL])
def test_after_the_run_there_is_no_time_any_more_but_the_start_is_kept(replay: object) -> None:
    p = Pipeline("p")
    StartSource(p, [], TIME_MIN)
    p.run(REPLAY_ALL if replay else None)
    started = p.start_time
    assert p.get_current_time() == TIME_MIN
    p.dispose()
    assert p.get_current_time() == TIME_MIN
    assert p.start_time == started > TIME_MIN


@pytest.mark.rules("E20")
def test_messages_posted_in_start_wait_for_the_last_start_under_any_policy() -> None:
    for policy in (DeliveryPolicy.UNLIMITED, DeliveryPolicy.THROTTLE, DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE):
        received: list[object] = []
        seen_by_last: list[int] = []

        class Last(PushSource):
            def start(self, notify_completion_time: Callable[[int], None]) -> None:
                wait_until(lambda: self.pipeline.elements[0].emitters["out"].last_envelope.sequence_id == 2)
                threading.Event().wait(0.05)  # long enough for a free worker to deliver what it must not
                seen_by_last.append(len(received))  # noqa: B023
                super().start(notify_completion_time)

        with Pipeline("p", thread_count=4) as p:
            early = StartSource(p, [("x", 1), ("y", 2)], 2)
            Collector(p, early.out, policy, work=received.append)
            Last(p)
            p.run(REPLAY_ALL)
        assert seen_by_last == [0]
        assert received == ["x", "y"]
