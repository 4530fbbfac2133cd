"""That mypy knows the payload type along a chain of operators."""

import re
import sys
from pathlib import Path

from mypy import api

PROJECT = Path(__file__).resolve().parents[3]

SAMPLE = """
from studio.engine import Emitter, Envelope
from studio.engine.interpolators import available, reproducible
from studio.engine.operators.joining_many import join_all
from studio.engine.operators.merging import zip_all
from studio.engine.operators.values import Values
from studio.timing import RelativeTimeInterval

PAST = RelativeTimeInterval.past(1_000_000)


def half(x: int) -> float:
    return x / 2


def middle(before: str | None, after: str, ratio: float) -> bytes:
    return after.encode()


def chain(a: Emitter[int], b: Emitter[str], c: Emitter[float], d: Emitter[dict[str, int]]) -> None:
    reveal_type(a.select(half))  # Emitter[float]
    reveal_type(a.select(lambda x: str(x)).where(bool).do(print))  # Emitter[str]
    reveal_type(a.first(3).last())  # Emitter[int]
    reveal_type(a.aggregate("", lambda state, x: state + str(x)))  # Emitter[str]
    reveal_type(a.aggregate((0, 0.0), lambda s, x: (s[0] + 1, s[1] + x), lambda s: s[1]))  # Emitter[float]
    reveal_type(a.scan(max))  # Emitter[int]
    reveal_type(a.time_of())  # Emitter[int]
    reveal_type(a.count())  # Emitter[int]
    reveal_type(a.average(size=3))  # Emitter[float]
    reveal_type(c.sum())  # Emitter[float]
    reveal_type(b.min(key=len))  # Emitter[str]
    reveal_type(b.max(key=len, size=2))  # Emitter[str]
    reveal_type(a.std(size=3))  # Emitter[float]
    reveal_type(a.join(b))  # Emitter[tuple[int, str]]
    reveal_type(a.join(b).flip())  # Emitter[tuple[str, int]]
    reveal_type(a.join(b).item2())  # Emitter[str]
    reveal_type(a.join(b).join(c, PAST))  # Emitter[tuple[int, str, float]]
    reveal_type(a.join(b.join(c)))  # Emitter[tuple[int, str, float]]
    reveal_type(a.join(b, reproducible.nearest(PAST)))  # Emitter[tuple[int, str]]
    reveal_type(a.join(b, reproducible.exact_or_default(None)))  # Emitter[tuple[int, str | None]]
    reveal_type(a.join(c, reproducible.linear()))  # Emitter[tuple[int, float]]
    reveal_type(a.join(b, reproducible.adjacent(middle)))  # Emitter[tuple[int, bytes]]
    reveal_type(a.fuse(b, available.last()))  # Emitter[tuple[int, str]]
    reveal_type(a.pair(b, initial=None))  # Emitter[tuple[int, str | None]]
    reveal_type(a.join_with(b, lambda x, s: s * x))  # Emitter[str]
    reveal_type(a.join_each([b, b]))  # Emitter[tuple[int, Values[str]]]
    reveal_type(join_all([a, a]))  # Emitter[Values[int]]
    reveal_type(zip_all([b, b]))  # Emitter[Values[str]]
    reveal_type(a.merge(a))  # Emitter[Message[int]]
    reveal_type(a.sample(b))  # Emitter[int]
    reveal_type(c.interpolate(1000, reproducible.linear()))  # Emitter[float]
    reveal_type(a.interpolate(b, reproducible.last_or_default(None)))  # Emitter[int | None]
    reveal_type(a.window(PAST))  # Emitter[Values[int]]
    reveal_type(a.window(PAST, len))  # Emitter[int]
    reveal_type(a.window_by_index(-1, 0).join(b))  # Emitter[tuple[Values[int], str]]
    reveal_type(a.history(3).parallel(3, lambda i, s: s.select(half)))  # Emitter[Values[float]]
    halves = d.parallel_sparse(lambda key, stream: stream.select(half), default=None)
    reveal_type(halves)  # Emitter[dict[str, float | None]]
    reveal_type(a.delay(1000).named("late"))  # Emitter[int]
    reveal_type(next(b.to_iterable()))  # str
    a.nullable_select(half)  # ERROR
    b.max()  # ERROR
    a.where(half).post("text", 0)  # ERROR
    a.join(b, reproducible.linear())  # ERROR
    a.window(5)  # ERROR
"""


def test_the_payload_type_is_known_along_a_chain(tmp_path: Path) -> None:
    sample = tmp_path / "chain.py"
    sample.write_text(SAMPLE, encoding="utf-8")
    options = ["--strict", "--no-error-summary", "--config-file", "", "--python-executable", sys.executable]
    cache = ["--cache-dir", str(PROJECT / ".mypy_cache" / "chain")]
    told, trouble, _ = api.run([*options, *cache, str(sample)])
    assert trouble == ""
    told_of: dict[int, list[str]] = {}
    for line in told.splitlines():
        match = re.match(r".*chain\.py:(\d+): (?:note: Revealed type is \"(.*)\"|(error): )", line)
        if match:
            told_of.setdefault(int(match[1]), []).append(match[3] or re.sub(r"[\w.]+\.(?=\w)", "", match[2]))
    expected = {
        number: comment
        for number, line in enumerate(SAMPLE.splitlines(), start=1)
        if (comment := line.partition("  # ")[2])
    }
    for number, comment in expected.items():
        answer = told_of.pop(number, ["nothing"])
        line = SAMPLE.splitlines()[number - 1]
        assert ("error" in answer) if comment == "ERROR" else answer == [comment], f"{line} -> {answer}"
    assert told_of == {}, told
