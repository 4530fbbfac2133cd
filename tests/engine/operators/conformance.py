"""Cases that the original runtime answered: reading them, running them, comparing.

Times are ticks of 100 ns from 2020 on in the data, ns since 1970 in our streams; they are turned round here
and nowhere else.
"""

import gzip
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from studio.engine import Emitter, Pipeline, ReplayDescriptor, generators
from studio.engine.operators.values import Values
from studio.timing import TimeInterval
from tests.engine.components import Collector

DATA = Path(__file__).resolve().parents[2] / "data" / "psi_operators" / "operators.jsonl.gz"
YEAR_2020_NS = 1_577_836_800_000_000_000
TICK_NS = 100

Build = Callable[["Case", list[Emitter[Any]], Pipeline], Emitter[Any]]


@dataclass(frozen=True, slots=True)
class Case:
    """One case: what was applied to what, and what came out."""

    op: str
    name: str
    params: dict[str, Any]
    inputs: list[list[list[Any]]]
    expected: list[list[Any]] | None
    """Messages as [ticks, value]; by the plain rule where the original departs from it. None: an error."""
    fails_at: str | None
    """`build` or `run`."""

    @property
    def is_replay(self) -> bool:
        """Whether it was run over an interval of its own."""
        return "replay_start" in self.params

    @property
    def tick_ns(self) -> int:
        """How long a tick lasts here; where the smallest step of time matters, a tick is our ns."""
        return 1 if self.op == "sequence_replay_interval" else TICK_NS

    def duration(self, name: str) -> int | None:
        """A parameter in ticks as ns."""
        return None if self.params.get(name) is None else self.params[name] * TICK_NS


@cache
def cases() -> dict[str, list[Case]]:
    """All cases by operator."""
    found: dict[str, list[Case]] = {}
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        for line in lines:
            case = _case(json.loads(line))
            found.setdefault(case.op, []).append(case)
    return found


def quirky_operators() -> set[str]:
    """Operators of which some case follows the plain rule instead of the original."""
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        return {case["op"] for case in map(json.loads, lines) if case.get("quirk")}


def _case(raw: dict[str, Any]) -> Case:
    by_rule = raw.get("plain_rule_output") if raw.get("quirk") else None
    failed = None if by_rule is not None or "error" not in raw else raw["error"]["where"]
    expected = None if failed else by_rule if by_rule is not None else raw["output"]
    return Case(raw["op"], raw["id"], raw["params"], raw["inputs"], expected, failed)


def ns(ticks: int, tick_ns: int = TICK_NS) -> int:
    """A time of the data as ours."""
    return YEAR_2020_NS + ticks * tick_ns


def ticks(time: int, tick_ns: int = TICK_NS) -> int:
    """Our time as one of the data."""
    value, rest = divmod(time - YEAR_2020_NS, tick_ns)
    assert not rest, f"{time} lies between two ticks"
    return value


def differences(build: Build, some: Sequence[Case]) -> dict[str, str]:
    """Cases that the operator answers otherwise than it should. Those that may, run in one pipeline."""
    alone = [case for case in some if case.fails_at or case.is_replay]
    together = [case for case in some if case not in alone]
    found = _run_together(build, together) if together else {}  # nothing would run for ever
    found |= {case.name: _run_alone(build, case) for case in alone}
    return {name: difference for name, difference in found.items() if difference}


def answers(build: Build, some: Sequence[Case]) -> list[list[list[Any]]]:
    """What the operator answers in one pipeline, as the data would have it."""
    with Pipeline("cases", thread_count=1) as p:
        results = [_collected(build, case, p) for case in some]
        p.run(ReplayDescriptor.REPLAY_ALL)
    return [_seen(case, result) for case, result in zip(some, results, strict=True)]


def _run_together(build: Build, some: Sequence[Case]) -> dict[str, str]:
    pairs = zip(some, answers(build, some), strict=True)
    return {case.name: _difference(case, seen) for case, seen in pairs}


def _collected(build: Build, case: Case, p: Pipeline) -> Collector:
    streams = [
        generators.timed_sequence(
            p, [(_value(v), ns(t, case.tick_ns)) for t, v in messages], start_time=ns(0)
        )
        for messages in case.inputs
    ]
    return Collector(p, build(case, streams, p))


def _run_alone(build: Build, case: Case) -> str:
    try:
        with Pipeline(case.name, thread_count=1) as p:
            result = _collected(build, case, p)
            p.run(_descriptor(case))
    except NotImplementedError:
        return "" if case.fails_at == "build" else "failed while building"
    except ExceptionGroup as error:
        return "" if case.fails_at == "run" else str(error.exceptions)
    return _difference(case, _seen(case, result))


def _descriptor(case: Case) -> ReplayDescriptor:
    if not case.is_replay:
        return ReplayDescriptor.REPLAY_ALL
    start, end = (ns(case.params[name], case.tick_ns) for name in ("replay_start", "replay_end"))
    return ReplayDescriptor(TimeInterval(start, end), enforce_replay_clock=False)


def _seen(case: Case, result: Collector) -> list[list[Any]]:
    times = [ticks(time, case.tick_ns) for time in result.times]
    return [[time, plain(value)] for time, value in zip(times, result.values, strict=True)]


def _difference(case: Case, seen: list[list[Any]]) -> str:
    if case.fails_at:
        return f"should have failed at {case.fails_at}"
    return "" if is_close(seen, case.expected) else f"{seen} instead of {case.expected}"


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def plain(value: Any) -> Any:
    """A payload as JSON would have it."""
    if isinstance(value, tuple | list | Values):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def is_close(seen: Any, expected: Any) -> bool:
    """Whether both are the same but for the last digits of numbers."""
    if isinstance(seen, list) and isinstance(expected, list):
        return len(seen) == len(expected) and all(map(is_close, seen, expected))
    if isinstance(seen, float | int) and isinstance(expected, float | int):
        return math.isclose(seen, expected, rel_tol=1e-9, abs_tol=1e-9)
    return bool(seen == expected)
