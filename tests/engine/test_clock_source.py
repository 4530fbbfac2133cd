"""A run has the clock of whoever follows another one, from its start to its end, and is otherwise as ever."""

import pytest

from studio.engine import Pipeline, generators
from studio.errors import NotSynchronisedError, PipelineStateError
from studio.timing import NS_PER_MS, NS_PER_S, Clock, OffsetClock, SystemClock

AHEAD = 3600 * NS_PER_S


class Ahead:
    """Gives a clock that is an hour ahead, or none; remembers who has one."""

    def __init__(self, *, is_known: bool = True) -> None:
        self.is_known = is_known
        self.given: list[Clock] = []
        self.released: list[Clock] = []

    def clock_for_run(self, own: Clock) -> Clock | None:
        if not self.is_known:
            return None
        self.given.append(OffsetClock(own, AHEAD))
        return self.given[-1]

    def release(self, clock: Clock) -> None:
        self.released.append(clock)

    def why_not(self) -> str:
        return "Nobody has answered."


def test_the_run_has_the_clock_until_it_ends_and_then_gives_it_back() -> None:
    own, source = SystemClock(), Ahead()
    with Pipeline(clock=own) as pipeline:
        pipeline.follow(source)
        inner = pipeline.create_subpipeline("inner")
        assert abs(inner.clock.now() - own.now()) < AHEAD // 2
        generators.range_(pipeline, 0, 3, interval=NS_PER_MS)
        pipeline.run(require_sync=True)
        assert abs(pipeline.start_time - own.now() - AHEAD) < AHEAD // 2
        assert abs(inner.clock.now() - own.now() - AHEAD) < AHEAD // 2
        assert pipeline.is_synchronised
        assert inner.is_synchronised
        assert source.released == source.given
        assert len(source.given) == 1


def test_without_an_offset_it_runs_on_its_own_and_says_so_or_does_not_run_at_all() -> None:
    own, source = SystemClock(), Ahead(is_known=False)
    with Pipeline(clock=own) as pipeline:
        pipeline.follow(source)
        generators.range_(pipeline, 0, 3, interval=NS_PER_MS)
        with pytest.raises(NotSynchronisedError, match="Nobody has answered"):
            pipeline.run_async(require_sync=True)
        pipeline.run()
        assert abs(pipeline.start_time - own.now()) < AHEAD // 2
        assert not pipeline.is_synchronised
        assert source.released == []


def test_a_replay_has_the_recorded_time_whoever_is_followed() -> None:
    source = Ahead()
    with Pipeline() as pipeline:
        pipeline.follow(source)
        generators.timed_sequence(pipeline, [(n, 1000 + n) for n in range(3)])
        pipeline.run(start=1000, end=1010, require_sync=True)
        assert pipeline.start_time == 1000
        assert source.given == []


def test_a_run_that_is_called_off_gives_the_clock_back() -> None:
    source = Ahead()
    with Pipeline() as pipeline:
        pipeline.follow(source)
        pipeline.pipeline_run.connect(lambda _: pipeline.dispose())
        pipeline.run_async()
    assert source.released == source.given
    assert len(source.given) == 1


def test_a_second_run_takes_no_second_clock() -> None:
    source = Ahead()
    with Pipeline() as pipeline:
        pipeline.follow(source)
        pipeline.run_async()
        with pytest.raises(PipelineStateError):
            pipeline.run_async()
        assert len(source.given) == 1
        with pytest.raises(PipelineStateError, match="cannot follow"):
            pipeline.follow(source)


def test_without_anybody_to_follow_the_clock_is_the_one_given() -> None:
    own = SystemClock()
    with Pipeline(clock=own) as pipeline:
        generators.range_(pipeline, 0, 3, interval=NS_PER_MS)
        pipeline.run()
        assert pipeline.clock is own
        assert not pipeline.is_synchronised
