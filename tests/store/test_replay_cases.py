"""Test cases of the original about recording and replaying, told again with their outcomes."""

import threading
from pathlib import Path
from typing import Any

import pytest

from studio import store
from studio.engine import (
    REPLAY_ALL,
    REPLAY_ALL_REAL_TIME,
    DeliveryPolicy,
    Emitter,
    Envelope,
    Pipeline,
    ReplayDescriptor,
    generators,
    verify_replay,
)
from studio.engine.interpolators import reproducible
from studio.store import StoreReader
from studio.timing import RelativeTimeInterval, TimeInterval, monotonic_ns
from tests.engine.components import Collector, StartSource
from tests.engine.test_live_and_replay import STEP, LiveSource
from tests.store.recordings import MS, SCALAR, STRING, T0, write_recording
from tests.waiting import wait_until

HUNDRED = range(1, 101)


def record(folder: Path, count: int = 100) -> Path:
    """1, 2, ... a millisecond apart, written by a pipeline."""
    with Pipeline() as p:
        source = generators.timed_sequence(p, [(n, T0 + n * MS) for n in range(1, count + 1)], start_time=T0)
        source.write("numbers", store.create(p, folder / "r.h5"))
        p.run(REPLAY_ALL)
    return folder / "r.h5"


def replayed(path: Path, interval: TimeInterval = TimeInterval.INFINITE) -> tuple[list[int], list[Envelope]]:
    """What a replay of the numbers delivers."""
    with Pipeline() as p:
        result = Collector(p, store.open(p, path).open_stream("numbers"))
        p.run(ReplayDescriptor(interval, enforce_replay_clock=False))
    return result.values, result.envelopes


@pytest.mark.rules("E153")
def test_a_stream_comes_back_whole(tmp_path: Path) -> None:
    values, envelopes = replayed(record(tmp_path))
    assert sum(values) == 5050
    assert [envelope.originating_time for envelope in envelopes] == [T0 + n * MS for n in HUNDRED]


@pytest.mark.rules("E155")
def test_three_streams_of_one_recording_come_back_beside_each_other(tmp_path: Path) -> None:
    with Pipeline() as p:
        demo = store.create(p, tmp_path / "r.h5")
        source = generators.timed_sequence(p, [(n, T0 + n * MS) for n in HUNDRED], start_time=T0)
        source.write("one", demo)
        source.select(lambda n: n * 1000).write("thousand", demo)
        source.select(lambda n: {"n": n, "thousand": n * 1000}).write("both", demo)
        p.run(REPLAY_ALL)
    with Pipeline() as p:
        recording = store.open(p, tmp_path / "r.h5")
        one, thousand, both = (
            Collector(p, recording.open_stream(name)) for name in ("one", "thousand", "both")
        )
        p.run(REPLAY_ALL)
    assert (sum(one.values), sum(thousand.values)) == (5050, 5_050_000)
    assert both.values == [{"n": n, "thousand": n * 1000} for n in HUNDRED]


@pytest.mark.rules("E153", "E154")
def test_a_replay_begins_anywhere_exactly(tmp_path: Path) -> None:
    path, end = record(tmp_path), T0 + 100 * MS
    for count in (100, 50, 10):
        begin = end - (count - 1) * MS
        assert len(replayed(path, TimeInterval(begin, end))[0]) == count
    for first in range(1, 101, 7):
        values, _ = replayed(path, TimeInterval(T0 + first * MS, end))
        assert values == list(range(first, 101))


@pytest.mark.rules("E146", "E151", "E160")
def test_the_opened_streams_alone_say_what_is_replayed(tmp_path: Path) -> None:
    path = write_recording(
        tmp_path / "r.h5",
        {
            "long": (SCALAR, [(T0 + n * MS, float(n)) for n in range(100)]),
            "short": (STRING, [(T0 + n * MS, str(n)) for n in range(30, 60)]),
        },
    )
    with Pipeline() as p:
        short = Collector(p, store.open(p, path).open_stream("short"))
        p.run(REPLAY_ALL)
        assert p.replay_descriptor is not None
        assert p.replay_descriptor.interval == TimeInterval(T0 + 30 * MS, T0 + 59 * MS)
    assert short.values == [str(n) for n in range(30, 60)]
    assert [envelope.creation_time for envelope in short.envelopes] == [time + MS for time in short.times]


@pytest.mark.rules("E162", "E69")
def test_a_recording_may_be_opened_in_a_pipeline_and_in_its_subpipelines(tmp_path: Path) -> None:
    path = record(tmp_path)
    with Pipeline() as p:
        places = [p, p.create_subpipeline("a"), p.create_subpipeline("b")]
        results = [Collector(place, store.open(place, path).open_stream("numbers")) for place in places]
        p.run(REPLAY_ALL)
    assert [sum(result.values) for result in results] == [5050, 5050, 5050]


def stored(path: Path) -> list[object]:
    """What a recording holds."""
    with StoreReader(path) as reader:
        return [message.data for message in reader.messages("numbers")]


def burst(p: Pipeline) -> StartSource:
    """A hundred messages, all there before the first can be handled."""
    return StartSource(p, [(n, T0 + n) for n in HUNDRED], T0 + 100)


@pytest.mark.rules("E163", "E13")
def test_a_recording_is_lossless_whatever_the_default_of_its_pipeline(tmp_path: Path) -> None:
    with Pipeline(default_delivery_policy=DeliveryPolicy.LATEST_MESSAGE) as p:
        burst(p).out.write("numbers", store.create(p, tmp_path / "r.h5"))
        p.run(start=T0, enforce_replay_clock=False)
    assert stored(tmp_path / "r.h5") == list(HUNDRED)


@pytest.mark.rules("E163")
def test_a_recording_loses_what_its_policy_gives_up(tmp_path: Path) -> None:
    with Pipeline() as p:
        exporter = store.create(p, tmp_path / "r.h5")
        burst(p).out.write("numbers", exporter, DeliveryPolicy.LATEST_MESSAGE)
        p.run(start=T0, enforce_replay_clock=False)
    assert stored(tmp_path / "r.h5") == [100]


@pytest.mark.rules("E44", "E166", "E169")
def test_a_recording_ends_where_its_pipeline_ends_though_more_was_posted(tmp_path: Path) -> None:
    ends: list[int] = []
    with Pipeline() as p:
        ahead = StartSource(p, [(n, T0 + n * MS) for n in HUNDRED], T0 + 50 * MS)
        ahead.out.write("numbers", store.create(p, tmp_path / "r.h5"))
        p.pipeline_completed.connect(lambda args: ends.append(args.completed_originating_time))
        p.run(start=T0)
    assert ends == [T0 + 50 * MS]
    with StoreReader(tmp_path / "r.h5") as reader:
        (stream,) = reader.info().streams
        assert stream.closed_time == T0 + 50 * MS
        assert stream.opened_time > T0, "in the time of the world, which a recording needs rather"
        assert stream.message_count == 50
    values, envelopes = replayed(tmp_path / "r.h5")
    assert (values[-1], envelopes[-1].originating_time) == (50, T0 + 50 * MS)


@pytest.mark.rules("E167")
def test_a_recording_is_closed_when_its_pipeline_is_disposed(tmp_path: Path) -> None:
    with Pipeline() as p:
        generators.timed_sequence(p, [(1, T0)], start_time=T0).write(
            "numbers", store.create(p, tmp_path / "r.h5")
        )
        p.run(REPLAY_ALL)
        with StoreReader(tmp_path / "r.h5") as reader:
            assert not reader.info().clean, "only Dispose closes it"
    with StoreReader(tmp_path / "r.h5") as reader:
        assert reader.info().clean
    assert stored(tmp_path / "r.h5") == [1]


@pytest.mark.rules("E159", "E56")
@pytest.mark.parametrize("pace_by", store.PaceBy)
def test_a_paced_replay_stops_at_once_and_brings_nothing_that_is_not_due(
    pace_by: store.PaceBy, tmp_path: Path
) -> None:
    path = write_recording(tmp_path / "r.h5", {"numbers": (SCALAR, [(T0, 0.0), (T0 + 3_600_000 * MS, 1.0)])})
    with Pipeline() as p:
        result = Collector(p, store.open(p, path, pace_by=pace_by).open_stream("numbers"))
        p.run_async()
        wait_until(lambda: result.values == [0.0])
        began = monotonic_ns()
    assert monotonic_ns() - began < 5_000 * MS
    assert result.values == [0.0]


@pytest.mark.rules("E185", "E186", "E187")
def test_progress_of_a_replay_with_slow_consumers_never_goes_back(tmp_path: Path) -> None:
    path, reports = record(tmp_path), list[float]()
    with Pipeline() as p:
        p.progress_report_interval = 5 * MS
        recording = store.open(p, path)
        numbers = recording.open_stream("numbers")
        results = [
            Collector(p, numbers, work=lambda _n, s=seconds: threading.Event().wait(s))
            for seconds in (0.001, 0.002)
        ]
        p.run(REPLAY_ALL, progress=reports.append)
    assert [len(result.values) for result in results] == [100, 100]
    assert reports == sorted(reports)
    assert reports[-1] == 1.0
    assert len(reports) > 2


@pytest.mark.rules("E151", "E160", "E117", "E119")
@pytest.mark.parametrize("replay", [REPLAY_ALL, REPLAY_ALL_REAL_TIME], ids=["rushing", "paced"])
def test_a_graph_over_a_recording_says_what_it_said_while_it_was_recorded(
    replay: ReplayDescriptor, tmp_path: Path
) -> None:
    path = tmp_path / "r.h5"
    inputs = {"often": [(n, n * n) for n in range(0, 200, 2)], "seldom": [(n, -n) for n in range(1, 200, 15)]}

    def build(p: Pipeline) -> dict[str, Emitter[Any]]:
        if path.exists():
            recording = store.open(p, path)
            often, seldom = (recording.open_stream(name) for name in inputs)
        else:
            exporter = store.create(p, path)
            often, seldom = (
                LiveSource(p, messages).out.write(name, exporter) for name, messages in inputs.items()
            )
        window = RelativeTimeInterval(-5 * STEP, 3 * STEP)
        return {
            "often": often,
            "seldom": seldom,
            "joined": often.join(seldom, 2 * STEP),
            "zipped": often.zip(seldom),
            "means": often.average(time_span=10 * STEP),
            "windows": often.window(window, lambda messages: sum(message.data for message in messages)),
            "lines": often.select(float).interpolate(seldom, reproducible.linear()),
        }

    difference = verify_replay(build, replay)
    assert difference is None, str(difference)
    with StoreReader(path) as reader:
        assert [stream.message_count for stream in reader.info().streams] == [100, 14]
