"""The same scenarios as were run on the original engine, compared event by event (decision 15).

Compared per stream: values, originating times, sequence numbers; the order of life-cycle events, completion
and final times, exceptions. Times are relative to the start of the run, in ns. What differs on purpose is
listed with its reason, and a listed field that does not differ fails.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from studio.engine import REPLAY_ALL, Emitter, Pipeline, ReplayDescriptor, generators, timers
from studio.errors import PipelineStateError
from studio.timing import TIME_MAX, TIME_MIN, TimeInterval
from tests.engine.components import MS, Collector, PushSource
from tests.waiting import wait_until

DATA = Path(__file__).parents[1] / "data"
START = 1_577_934_245_000 * MS
"""2020-01-02T03:04:05 UTC, where the recorded replays begin."""

Summary = dict[str, Any]


def empty_summary() -> Summary:
    return {"streams": {}, "order": [], "completions": [], "final": None, "errors": [], "waits": []}


@dataclass
class Recording:
    """Writes down what a pipeline does, in the form of the recorded traces."""

    pipeline: Pipeline
    summary: Summary = field(default_factory=lambda: empty_summary())

    def __post_init__(self) -> None:
        p = self.pipeline
        p.pipeline_run.connect(lambda _args: self.note("PipelineRun"))
        p.component_completed.connect(
            lambda args: self.summary["completions"].append(self.relative(args.completed_time))
        )
        p.pipeline_completed.connect(self.note_completed)

    def note(self, event: str) -> None:
        self.summary["order"].append(event)

    def note_completed(self, args: Any) -> None:
        self.note("PipelineCompleted")
        self.summary["final"] = self.relative(args.completed_originating_time)
        self.summary["errors"] = [str(error) for error in args.errors]

    def relative(self, time: int) -> int | str:
        return "min" if time == TIME_MIN else time - self.pipeline.start_time

    def watch(self, stream: Emitter[Any], name: str, work: Callable[[Any], object] | None = None) -> None:
        received = self.summary["streams"].setdefault(name, [])
        stream.closed.connect(lambda _time: self.note(f"closed {name}"))

        def write_down(data: Any, envelope: Any) -> None:
            received.append([data, self.relative(envelope.originating_time), envelope.sequence_id])
            if work is not None:
                work(data)

        stream.pipe_to(self.pipeline.create_receiver(object(), write_down))

    def run(self, replay: ReplayDescriptor | None = None) -> None:
        try:
            self.pipeline.run(replay)
        except ExceptionGroup as group:
            self.note("Run threw")
            self.summary["raised"] = [str(error) for error in group.exceptions]
        else:
            self.note("Run returned")

    def run_async(self, replay: ReplayDescriptor | None = None) -> None:
        self.pipeline.run_async(replay)
        self.note("RunAsync returned")

    def wait(self, timeout_s: float) -> None:
        self.summary["waits"].append(self.pipeline.wait_all(timeout_s))

    def add_source(self, name: str, completion_time: int | None) -> None:
        recording = self

        class Noting(PushSource):
            def start(self, notify_completion_time: Callable[[int], None]) -> None:
                recording.note(f"source Start {name}")
                super().start(notify_completion_time)

            def stop(self, final_originating_time: int, notify_completed: Callable[[], None]) -> None:
                recording.note(f"source Stop {name}")
                super().stop(final_originating_time, notify_completed)

        Noting(self.pipeline, completion_time)

    def run_with_progress(self, replay: ReplayDescriptor | None = None) -> None:
        self.pipeline.run(replay, progress=lambda part: note_progress(self.summary, part))
        self.note("Run returned")


def original(events: list[dict[str, Any]]) -> Summary:
    """The recorded events in the same form."""
    start = next((e["StartTime"] for e in events if e["ev"] == "after" and "T" in e["StartTime"]), None)
    summary: Summary = empty_summary()
    for event in events:
        add_event(summary, event, lambda text: relative_time(text, start))
    return summary


def relative_time(text: str, start: str | None) -> int | str:
    if text == "min":
        return "min"
    if text.startswith("start+"):
        return int(text.removeprefix("start+")) * 100
    return f"at {nanoseconds(text)}" if start is None else nanoseconds(text) - nanoseconds(start)


def add_event(summary: Summary, event: dict[str, Any], relative: Callable[[str], int | str]) -> None:
    match event["ev"]:
        case "msg":
            row = [event["value"], relative(event["originating"]), event["seq"]]
            summary["streams"].setdefault(event["stream"], []).append(row)
        case "in receiver" | "processed":
            summary["streams"].setdefault("received", []).append(event["value"])
        case "ComponentCompleted":
            summary["completions"].append(relative(event["FinalOriginatingTime"]))
        case "PipelineCompleted":
            summary["order"].append("PipelineCompleted")
            summary["final"] = relative(event["CompletedOriginatingTime"])
            summary["errors"] = [text.split(": ", 1)[1] for text in event["Errors"]]
        case other:
            add_milestone(summary, other, event)


def add_milestone(summary: Summary, kind: str, event: dict[str, Any]) -> None:
    match kind:
        case "source Start" | "source Stop":
            summary["order"].append(f"{event['ev']} {event['source']}")
        case "RunAsync again threw":
            summary["order"].append(event["ev"])
        case "progress":
            note_progress(summary, event["value"])
        case "StartTime":
            summary["start"] = nanoseconds(event["t"])
        case waiting if waiting.startswith("WaitAll"):
            summary["waits"].append(event["result"])
        case "closed":
            summary["order"].append(f"closed {event['stream']}")
        case "Run threw":
            summary["order"].append("Run threw")
            summary["raised"] = [text.split(": ", 1)[1] for text in event["inner"]]
        case "PipelineRun" | "Run returned" | "RunAsync returned":
            summary["order"].append(event["ev"])


def note_progress(summary: Summary, value: float) -> None:
    """Reports come at moments of the clock: compared is that they rise, how they end, that there are some."""
    reports = summary.setdefault("reports", [])
    reports.append(value)
    summary["progress"] = {"rises": reports == sorted(reports), "last": value, "several": len(reports) > 1}


def nanoseconds(text: str) -> int:
    seconds, fraction = text.rstrip("Z").split(".")
    return int(datetime.fromisoformat(f"{seconds}+00:00").timestamp()) * 10**9 + int(fraction) * 100


def absolute(summary: Summary, start: int) -> Summary:
    """Times that the original gave as dates, in the same form."""

    def convert(time: Any) -> Any:
        is_date = isinstance(time, int) and abs(time) > 3600 * 10**9
        return f"at {time + start}" if is_date else time

    summary["final"] = convert(summary["final"])
    summary["completions"] = [convert(time) for time in summary["completions"]]
    for rows in summary["streams"].values():
        rows[:] = [[r[0], convert(r[1]), r[2]] if isinstance(r, list) else r for r in rows]
    return summary


def range_run(p: Pipeline, r: Recording) -> None:
    r.watch(generators.range_(p, 10, 4, interval=20 * MS), "range")
    r.run()


def sequence_run(p: Pipeline, r: Recording) -> None:
    r.watch(generators.sequence(p, "abc", interval=20 * MS), "seq")
    r.run()


def sequence_empty(p: Pipeline, r: Recording) -> None:
    r.watch(generators.sequence(p, (), interval=20 * MS), "seq")
    r.run()


def sequence_timed(p: Pipeline, r: Recording) -> None:
    pairs = [(1, START), (2, START + 30 * MS), (3, START + 40 * MS)]
    r.watch(generators.timed_sequence(p, pairs), "seq")
    r.run()


def sequence_out_of_order(p: Pipeline, r: Recording) -> None:
    pairs = [(1, START), (2, START + 30 * MS), (3, START + 10 * MS)]
    r.watch(generators.timed_sequence(p, pairs, start_time=START), "seq")
    r.run()


def repeat_run(p: Pipeline, r: Recording) -> None:
    r.watch(generators.repeat(p, 7, 3, interval=20 * MS), "rep")
    r.run()


def return_run(p: Pipeline, r: Recording) -> None:
    r.watch(generators.return_(p, 7), "return")
    r.run()


def two_finite(p: Pipeline, r: Recording) -> None:
    r.watch(generators.range_(p, 0, 2, interval=20 * MS), "short")
    r.watch(generators.repeat(p, "x", 4, interval=50 * MS), "long")
    r.run()


def never_run_dispose(p: Pipeline, r: Recording) -> None:
    generators.range_(p, 0, 2, interval=20 * MS)
    p.dispose()


def source_completes_at_start(p: Pipeline, r: Recording) -> None:
    r.add_source("finite", START)
    r.run()


def throwing(p: Pipeline, r: Recording) -> None:
    received = r.summary["streams"].setdefault("received", [])

    def work(data: int) -> None:
        received.append(data)
        if data == 2:
            raise RuntimeError("boom 2")

    Collector(p, generators.range_(p, 0, 100, interval=20 * MS), work=work)
    r.run()


def throwing_with_handler(p: Pipeline, r: Recording) -> None:
    p.pipeline_exception_not_handled.connect(lambda _args: None)
    throwing(p, r)


def pipelinerun_handler_throws(p: Pipeline, r: Recording) -> None:
    def fail(_args: object) -> None:
        raise RuntimeError("in PipelineRun")

    p.pipeline_run.connect(fail)
    with pytest.raises(RuntimeError, match="in PipelineRun"):
        p.run_async()
    r.wait(0.3)


def dispose_in_completed_handler(p: Pipeline, r: Recording) -> None:
    p.pipeline_completed.connect(lambda _args: p.dispose())
    r.watch(generators.range_(p, 0, 2, interval=20 * MS), "range")
    r.run()


def replay_enforced(p: Pipeline, r: Recording) -> None:
    r.watch(generators.range_(p, 0, 4, interval=100 * MS), "range")
    r.run(ReplayDescriptor.between(START, START + 350 * MS))


def replay_end_exact(p: Pipeline, r: Recording) -> None:
    r.watch(generators.range_(p, 0, 10, interval=100 * MS), "range")
    r.run(ReplayDescriptor.between(START, START + 200 * MS, enforce_replay_clock=False))


def replay_start_exclusive(p: Pipeline, r: Recording) -> None:
    r.watch(generators.range_(p, 0, 10, interval=100 * MS), "range")
    interval = TimeInterval(START, START + 200 * MS, left_inclusive=False)
    r.run(ReplayDescriptor(interval, enforce_replay_clock=False))


def replay_all(p: Pipeline, r: Recording) -> None:
    r.watch(generators.range_(p, 0, 3, interval=100 * MS), "range")
    r.run(REPLAY_ALL)


def slow_receiver_stop(p: Pipeline, r: Recording) -> None:
    received = r.summary["streams"].setdefault("received", [])

    def work(data: int) -> None:
        until = p.get_current_time() + 30 * MS
        wait_until(lambda: p.get_current_time() > until)
        received.append(data)

    Collector(p, generators.range_(p, 0, 5, interval=10 * MS), work=work)
    r.run()


def finite_and_timer(p: Pipeline, r: Recording) -> None:
    r.watch(generators.range_(p, 0, 3, interval=100 * MS), "range")
    r.watch(timers.timer(p, 40 * MS), "timer")
    r.run_async()
    r.wait(0.6)


def infinite_runasync_dispose(p: Pipeline, r: Recording) -> None:
    r.watch(timers.timer(p, 40 * MS), "timer")
    r.run_async()
    wait_until(lambda: len(r.summary["streams"]["timer"]) >= 5)
    p.dispose()


def no_sources(p: Pipeline, r: Recording) -> None:
    r.run_async()
    r.wait(0.3)


def run_twice(p: Pipeline, r: Recording) -> None:
    r.watch(generators.range_(p, 0, 2, interval=20 * MS), "range")
    r.run()
    with pytest.raises(PipelineStateError, match="completed"):
        p.run_async()
    r.note("RunAsync again threw")
    r.wait(0.3)


def source_never_notifies(p: Pipeline, r: Recording) -> None:
    r.add_source("undecided", None)
    r.watch(generators.range_(p, 0, 2, interval=50 * MS), "range")
    r.run_async()
    r.wait(0.5)


def replay_timer(p: Pipeline, r: Recording, *, enforce: bool) -> None:
    r.watch(timers.timer(p, 40 * MS), "timer")
    r.run_async(ReplayDescriptor.between(START, START + 150 * MS, enforce_replay_clock=enforce))
    r.wait(0.6)


def replay_timer_and_finite(p: Pipeline, r: Recording) -> None:
    r.watch(generators.range_(p, 0, 3, interval=100 * MS), "range")
    r.watch(timers.timer(p, 40 * MS), "timer")
    r.run(ReplayDescriptor.between(START, START + 500 * MS, enforce_replay_clock=False))


def replay_now_advances(p: Pipeline, r: Recording) -> None:
    r.add_source("infinite", TIME_MAX)
    r.run_async(ReplayDescriptor.between(START, enforce_replay_clock=False))
    for step in range(4):
        wait_until(lambda step=step: p.get_current_time() >= START + step * 50 * MS)


def progress_replay(p: Pipeline, r: Recording) -> None:
    p.progress_report_interval = 50 * MS
    r.watch(generators.range_(p, 0, 5, interval=100 * MS), "range")
    r.run_with_progress(ReplayDescriptor.between(START, START + 450 * MS))


def progress_replay_default_interval(p: Pipeline, r: Recording) -> None:
    generators.range_(p, 0, 8, interval=200 * MS)
    assert p.progress_report_interval == 500 * MS
    r.run_with_progress(ReplayDescriptor.between(START, START + 1450 * MS))


def progress_live(p: Pipeline, r: Recording) -> None:
    p.progress_report_interval = 40 * MS
    r.watch(generators.range_(p, 0, 3, interval=100 * MS), "range")
    r.run_with_progress()


def virtual_offset_replay(p: Pipeline, r: Recording) -> None:
    p.virtual_time_offset = 5000 * MS
    r.watch(generators.range_(p, 0, 4, interval=50 * MS), "range")
    r.run(ReplayDescriptor.between(START, START + 150 * MS))
    r.summary["start"] = p.start_time


def virtual_offset_set_while_running(p: Pipeline, r: Recording) -> None:
    r.add_source("infinite", TIME_MAX)
    p.run_async()
    before = p.get_current_time()
    p.virtual_time_offset = 5000 * MS
    assert p.get_current_time() - before < 2000 * MS


SCENARIOS: dict[str, Callable[[Pipeline, Recording], None]] = {
    "range_run": range_run,
    "sequence_run": sequence_run,
    "sequence_empty": sequence_empty,
    "sequence_timed": sequence_timed,
    "sequence_out_of_order": sequence_out_of_order,
    "repeat_run": repeat_run,
    "return_run": return_run,
    "two_finite": two_finite,
    "never_run_dispose": never_run_dispose,
    "source_completes_at_start": source_completes_at_start,
    "receiver_throws_run": throwing,
    "receiver_throws_run_handler": throwing_with_handler,
    "pipelinerun_handler_throws": pipelinerun_handler_throws,
    "dispose_in_completed_handler": dispose_in_completed_handler,
    "replay_enforced": replay_enforced,
    "replay_end_exact": replay_end_exact,
    "replay_start_exclusive": replay_start_exclusive,
    "replay_all": replay_all,
    "slow_receiver_stop": slow_receiver_stop,
    "finite_and_timer": finite_and_timer,
    "infinite_runasync_dispose": infinite_runasync_dispose,
    "no_sources": no_sources,
    "run_twice": run_twice,
    "source_never_notifies": source_never_notifies,
    "replay_timer_enforced": partial(replay_timer, enforce=True),
    "replay_timer_not_enforced": partial(replay_timer, enforce=False),
    "replay_timer_and_finite_not_enforced": replay_timer_and_finite,
    "replay_now_advances": replay_now_advances,
    "progress_replay": progress_replay,
    "progress_replay_default_interval": progress_replay_default_interval,
    "progress_live": progress_live,
    "virtual_offset_replay": virtual_offset_replay,
    "virtual_offset_set_while_running": virtual_offset_set_while_running,
}


def recorded() -> dict[str, list[dict[str, Any]]]:
    lines = (DATA / "pipeline_traces.jsonl").read_text().splitlines()
    return {trace["scenario"]: trace["events"] for trace in map(json.loads, lines)}


def test_every_recorded_scenario_is_run() -> None:
    assert set(recorded()) == set(SCENARIOS)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_engine_does_what_the_original_did(name: str) -> None:
    expected = original(recorded()[name])
    p = Pipeline("p")
    recording = Recording(p)
    SCENARIOS[name](p, recording)
    p.dispose()
    actual = absolute(recording.summary, p.start_time)
    if "closed" not in str(expected["order"]):  # the recording did not watch that stream
        actual["order"] = [event for event in actual["order"] if not event.startswith("closed")]
    differs: dict[str, str] = json.loads((DATA / "pipeline_trace_differences.json").read_text()).get(name, {})
    expected, actual = flat(expected), flat(actual)
    differing = {key for key in expected | actual if expected.get(key) != actual.get(key)}
    assert differing == set(differs), {key: (expected.get(key), actual.get(key)) for key in differing}


def flat(summary: Summary) -> Summary:
    """Each stream as a field of its own, so that one may differ while the others are compared."""
    streams = {f"stream {name}": rows for name, rows in summary["streams"].items() if rows}
    return {**streams, **{key: value for key, value in summary.items() if key not in ("streams", "reports")}}
