"""What each operator of the recorded cases is called with here."""

import ctypes
from collections import Counter
from collections.abc import Callable
from typing import Any

from studio.engine import Emitter, Envelope, Message, Pipeline, generators
from studio.engine.interpolators import Interpolator, reproducible
from studio.engine.operators import array_statistics
from studio.engine.operators.joining_many import fuse_all, join_all
from studio.engine.operators.merging import zip_all
from studio.engine.operators.termination import (
    BranchState,
    TerminationPolicy,
    never,
    when_key_not_present,
)
from studio.engine.operators.values import Values
from studio.timing import RelativeTimeInterval, TimeInterval
from tests.engine.operators.conformance import TICK_NS, Build, Case, ns, ticks

Streams = list[Emitter[Any]]

CONDITIONS: dict[str | None, Callable[[Any], bool] | None] = {
    None: None,
    "x is even": lambda x: x % 2 == 0,
    "x > 0": lambda x: x > 0,
}

ARRAY_STATISTICS: dict[str, Callable[[Any], Any]] = {
    "count": array_statistics.count,
    "sum": array_statistics.total,
    "min": array_statistics.minimum,
    "max": array_statistics.maximum,
    "average": array_statistics.average,
    "std": array_statistics.std,
}
NULLABLE_ARRAY_STATISTICS: dict[str, Callable[[Any], Any]] = {
    "sum": array_statistics.total,
    "min": array_statistics.minimum_or_none,
    "max": array_statistics.maximum_or_none,
    "average": array_statistics.average_or_none,
    "std": lambda values: array_statistics.std_or_none(values),
}

SELECTORS: dict[str, Callable[[Values[Message[int]]], Any]] = {
    "array": lambda ms: Values.of(m.data for m in ms),
    "times_and_values": lambda ms: Values.of((ticks(m.envelope.originating_time), m.data) for m in ms),
    "count": len,
    "sum": lambda ms: sum(m.data for m in ms),
    "first": lambda ms: ms[0].data if ms else 0,
    "last": lambda ms: ms[-1].data if ms else 0,
}


def window_of(case: Case, prefix: str = "") -> RelativeTimeInterval | None:
    """The window or tolerance that a case was given."""
    tolerance = case.duration(prefix + "tolerance")
    if tolerance is not None:
        return RelativeTimeInterval.around(tolerance)
    raw = case.params.get(prefix + "window")
    if raw is None:
        return None
    left, right = (None if raw[side] is None else raw[side] * TICK_NS for side in ("left", "right"))
    return RelativeTimeInterval(left, right, raw["left_inclusive"], raw["right_inclusive"])


def interpolator_of(case: Case, prefix: str = "") -> Interpolator[Any, Any]:
    """The interpolator that a case was given."""
    kind = case.params[prefix + "interpolator"]
    form = kind + ("_or_default" if case.params[prefix + "or_default"] else "")
    given = [_default(case.params[prefix + "default"])] if case.params[prefix + "or_default"] else []
    if kind != "exact":
        given.append(window_of(case, prefix) or RelativeTimeInterval.INFINITE)
    made: Interpolator[Any, Any] = getattr(reproducible, form)(*given)
    return made


def _default(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def align_of(case: Case) -> int | None:
    """The alignment of a clock or generator."""
    return ns(case.params["alignment"]) if case.params.get("alignment") is not None else None


# -- joining ----------------------------------------------------------------------------------------------


def join(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    return s[0].join(s[1], interpolator_of(case))


def join_chained(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    return s[0].join(s[1], interpolator_of(case, "first_")).join(s[2], interpolator_of(case, "second_"))


def join_nested(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    return s[0].join(s[1].join(s[2], interpolator_of(case, "inner_")), interpolator_of(case, "outer_"))


def linear(_case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    return s[0].fuse(s[1], reproducible.linear()).select(lambda pair: (pair[0], pair[1]))


def adjacent(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    def text(before: int | None, after: int, ratio: float) -> str:
        return f"{before or 0},{after},{_as_text(round(ratio, 6))}"

    span = case.duration("max_span")
    if case.params["or_default"]:
        return s[0].interpolate(s[1], reproducible.adjacent_or_default(text, case.params["default"], span))
    return s[0].interpolate(s[1], reproducible.adjacent(text, span))


def _as_text(number: float) -> str:
    return repr(number).upper().removesuffix(".0")


def sample(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    return s[0].sample(s[1], window_of(case) or RelativeTimeInterval.INFINITE)


def sample_interval(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    match = window_of(case) or RelativeTimeInterval.INFINITE
    return s[0].sample(case.duration("sampling_interval") or 0, match, align_time=align_of(case))


def interpolate_interval(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    interval = case.duration("sampling_interval") or 0
    return s[0].interpolate(interval, interpolator_of(case), align_time=align_of(case))


def interpolate_interval_linear(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    interval = case.duration("sampling_interval") or 0
    return s[0].interpolate(interval, reproducible.linear(), align_time=align_of(case))


# -- windows ----------------------------------------------------------------------------------------------


def window_index(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    return s[0].window_by_index(
        case.params["from"],
        case.params["to"],
        SELECTORS[case.params["selector"]],
        start_inclusive=case.params.get("from_inclusive", True),
        end_inclusive=case.params.get("to_inclusive", True),
    )


def window_time(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    return s[0].window(window_of(case) or RelativeTimeInterval.INFINITE, SELECTORS[case.params["selector"]])


def window_dynamic(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    around, obsolete = window_of(case), case.duration("obsolete")
    assert around is not None
    assert obsolete is not None

    def bounds(message: Message[int]) -> tuple[TimeInterval, int]:
        time = message.envelope.originating_time
        ends = TimeInterval(
            time + (around.left or 0),
            time + (around.right or 0),
            around.left_inclusive,
            around.right_inclusive,
        )
        return ends, time + obsolete

    return s[0].window_dynamic(s[1], bounds, lambda w, ms: (w.data, Values.of(m.data for m in ms)))


# -- one stream -------------------------------------------------------------------------------------------


def select(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    if case.params["function"] == "x*3+1":
        return s[0].select(lambda x: x * 3 + 1)
    return s[0].process(lambda x, e, out: out.post((x, ticks(e.originating_time)), e.originating_time))


def where(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    if case.params["condition"] == "x is even":
        return s[0].where(lambda x: x % 2 == 0)

    def pass_even(x: int, envelope: Envelope, out: Emitter[int]) -> None:
        if ticks(envelope.originating_time) % 2 == 0:
            out.post(x, envelope.originating_time)

    return s[0].process(pass_even)


def aggregate(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    nothing: list[int] = []

    def append(state: list[int], x: int) -> list[int]:
        state.append(x)
        return state

    def even_only(state: int, x: int, envelope: Envelope, out: Emitter[int]) -> int:
        state += x
        if state % 2 == 0:
            out.post(state, envelope.originating_time)
        return state

    forms: dict[str, Callable[[], Emitter[Any]]] = {
        "state*2+x, initial 5 (int32, wraps)": lambda: s[0].aggregate(
            5, lambda state, x: ctypes.c_int32(state * 2 + x).value
        ),
        'initial "", state+x (text)': lambda: s[0].aggregate("", lambda state, x: state + str(x)),
        "initial [], append x; selector = [count, last]": lambda: s[0].aggregate(
            nothing, append, lambda state: (len(state), state[-1])
        ),
        "initial 0, state+x; posts the state itself only when it is even": lambda: s[0].process_aggregate(
            0, even_only
        ),
    }
    return forms[case.params["function"]]()


def scan(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    return s[0].scan(max if case.params["function"] == "max(state,x)" else lambda state, x: state - x)


def process(_case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    def several(v: int, envelope: Envelope, out: Emitter[int]) -> None:
        for index in range(v % 4):
            out.post(v * 10 + index, envelope.originating_time + 2 * index * TICK_NS)

    return s[0].process(several)


def process_lookback(_case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    before: list[tuple[int, int]] = []

    def post_before(v: int, envelope: Envelope, out: Emitter[int]) -> None:
        if before:
            out.post(*before.pop())
        before.append((v, envelope.originating_time))

    return s[0].process(post_before)


def item_of_join(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    joined = s[0].join(s[1])
    form = case.params["form"].removeprefix("join_no_argument then ")
    if form == "flip":
        return joined.flip()
    return joined.item1() if form == "item1" else joined.item2()


def statistic(name: str) -> Build:
    """A statistic in its forms: plain, condition, size, time_span."""

    def build(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
        given: dict[str, Any] = {"condition": CONDITIONS[case.params.get("condition")]}
        if "size" in case.params:
            given["size"] = case.params["size"]
        if "time_span" in case.params:
            given["time_span"] = case.duration("time_span")
        made: Emitter[Any] = getattr(s[0], name)(**given)
        return made

    return build


# -- parallel ---------------------------------------------------------------------------------------------

BRANCHES: dict[str, Callable[[Any, Emitter[Any]], Emitter[Any]]] = {
    "x*10+index or key": lambda key, stream: stream.select(lambda x: x * 10 + int(key)),
    "where x is even": lambda _key, stream: stream.where(lambda x: x % 2 == 0),
    "running sum": lambda _key, stream: stream.sum(),
}


def parallel_fixed(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    default = {"default": case.params["default"]} if case.params["output_default_if_dropped"] else {}
    made: Emitter[Any] = s[0].parallel(case.params["vector_size"], BRANCHES[case.params["branch"]], **default)
    return made


def parallel_sparse(case: Case, s: Streams, _p: Pipeline) -> Emitter[Any]:
    given = {"default": case.params["default"]} if case.params["output_default_if_dropped"] else {}
    policies: dict[str, Callable[[], TerminationPolicy]] = {
        "when_key_not_present": lambda: when_key_not_present,
        "after_key_not_present": lambda: in_total(case.params["termination_count"]),
        "never": lambda: never,
    }
    given["termination"] = policies[case.params["termination"]]()
    made: Emitter[Any] = s[0].parallel_sparse(BRANCHES[case.params["branch"]], **given)
    return made


def in_total(n: int) -> TerminationPolicy:
    """As the original counts: all messages that lacked the key, not those in a row (see rule E221)."""
    absences: Counter[object] = Counter()

    def policy(state: BranchState) -> int | None:
        absences[state.key] += state.absences > 0
        return state.previous_time if absences[state.key] > n and state.absences else None

    return policy


# -- sources ----------------------------------------------------------------------------------------------


def generator_range(case: Case, _s: Streams, p: Pipeline) -> Emitter[Any]:
    start, count = case.params["start"], case.params["count"]
    interval = case.duration("interval") or 0
    return generators.range_(p, start, count, interval=interval, align_time=align_of(case))


def generator_repeat(case: Case, _s: Streams, p: Pipeline) -> Emitter[Any]:
    interval = case.duration("interval") or 0
    return generators.repeat(p, case.params["value"], interval=interval, align_time=align_of(case))


def generator_sequence(case: Case, _s: Streams, p: Pipeline) -> Emitter[Any]:
    return generators.sequence(
        p,
        case.params["values"],
        interval=case.duration("interval") or 0,
        align_time=align_of(case),
        keep_open=case.params["keep_open"],
    )


OPERATORS: dict[str, Build] = {
    "join_exact": join,
    "join_exact_or_default": join,
    "join_nearest": join,
    "join_nearest_or_default": join,
    "join_first": join,
    "join_first_or_default": join,
    "join_last": join,
    "join_last_or_default": join,
    "join_no_argument": lambda _case, s, _p: s[0].join(s[1]),
    "join_tolerance": lambda case, s, _p: s[0].join(s[1], case.duration("tolerance")),
    "join_window": lambda case, s, _p: s[0].join(s[1], window_of(case)),
    "join_chained_3": join_chained,
    "join_nested_secondary": join_nested,
    "join_vector": lambda case, s, _p: join_all(s, interpolator_of(case)),
    "join_primary_and_vector": lambda case, s, _p: s[0].join_each(s[1:], interpolator_of(case)),
    "join_output_creator": lambda case, s, _p: s[0].join_with(
        s[1], lambda primary, secondary: primary * 1000 + secondary, interpolator_of(case)
    ),
    "fuse": lambda case, s, _p: s[0].fuse(s[1], interpolator_of(case)),
    "fuse_vector": lambda case, s, _p: fuse_all(s, interpolator_of(case)),
    "fuse_linear": linear,
    "interpolate_linear": lambda _case, s, _p: s[0].interpolate(s[1], reproducible.linear()),
    "interpolate_adjacent": adjacent,
    "interpolate": lambda case, s, _p: s[0].interpolate(s[1], interpolator_of(case)),
    "sample": sample,
    "sample_interval": sample_interval,
    "interpolate_interval": interpolate_interval,
    "interpolate_interval_linear": interpolate_interval_linear,
    "window_index": window_index,
    "window_index_open_ends": window_index,
    "window_time": window_time,
    "window_dynamic": window_dynamic,
    "zip": lambda case, s, _p: zip_all([s[index] for index in case.params["zip_order"]]),
    "select": select,
    "where": where,
    "aggregate": aggregate,
    "aggregate_no_initial": scan,
    "first": lambda case, s, _p: s[0].first(case.params.get("n", 1)),
    "last": lambda case, s, _p: s[0].last(case.params.get("n", 1)),
    "time_of": lambda _case, s, _p: s[0].time_of().select(ticks),
    "process": process,
    "process_lookback": process_lookback,
    "flip_item1_item2": item_of_join,
    "nullable_select": lambda _case, s, _p: s[0].nullable_select(lambda x: x * 2),
    "array_stat": lambda case, s, _p: s[0].select(ARRAY_STATISTICS[case.params["stat"]]),
    "nullable_array_stat": lambda case, s, _p: s[0].select(NULLABLE_ARRAY_STATISTICS[case.params["stat"]]),
    "window_then_stat": lambda case, s, _p: (
        s[0]
        .window(window_of(case) or RelativeTimeInterval.INFINITE)
        .select(ARRAY_STATISTICS[case.params["stat"]])
    ),
    "count": statistic("count"),
    "long_count": statistic("count"),
    "sum_int": statistic("sum"),
    "sum_double": statistic("sum"),
    "min_int": statistic("min"),
    "min_double": statistic("min"),
    "max_int": statistic("max"),
    "max_double": statistic("max"),
    "average_int": statistic("average"),
    "average_double": statistic("average"),
    "std_int": statistic("std"),
    "std_double": statistic("std"),
    "abs": statistic("abs"),
    "delta_int": statistic("delta"),
    "delta_double": statistic("delta"),
    "log": statistic("log"),
    "parallel_fixed": parallel_fixed,
    "parallel_sparse": parallel_sparse,
    "generator_range": generator_range,
    "generator_repeat_infinite": generator_repeat,
    "generator_sequence_interval": generator_sequence,
    "sequence_replay_interval": lambda _case, s, _p: s[0],
}
