"""The chapter of the operators: what it promises is there."""

import re

from studio.engine import Emitter, operators
from studio.engine.interpolators import reproducible
from studio.timing import NS_PER_MS, NS_PER_S, RelativeTimeInterval
from tests.engine.operators.streams import collect, every


def test_every_operator_of_the_chapter_is_a_method_or_a_function() -> None:
    table = re.findall(r"^\| [a-z ]+ \| (.*) \|$", operators.__doc__ or "", re.MULTILINE)
    names = {name for row in table for name in re.findall(r"\b[A-Za-z_0-9]{3,}\b", row)}
    names -= {"what", "operators", "time", "for", "windows", "bring"}
    assert len(names) > 45
    assert [name for name in names if not (hasattr(Emitter, name) or hasattr(operators, name))] == []


def test_every_method_that_is_an_operator_says_what_it_does() -> None:
    methods = [v for v in vars(Emitter).values() if "engine.operators" in getattr(v, "__module__", "")]
    assert len(methods) > 45
    assert [method.__name__ for method in methods if not method.__doc__] == []


def test_the_example_of_the_chapter_runs() -> None:
    def chain(sound: Emitter[float], faces: Emitter[str]) -> Emitter[float]:
        loud = sound.select(lambda level: level - 40).where(lambda db: db > -30)
        seen = loud.join(faces, reproducible.nearest(RelativeTimeInterval.around(20 * NS_PER_MS)))
        return seen.item1().average(time_span=NS_PER_S)

    result = collect(chain, every(10 * NS_PER_MS, [5.0, 20.0, 30.0, 40.0]), [("anna", 20 * NS_PER_MS)])
    assert result.values == [-20, -15, -10]
    assert result.times == [n * 10 * NS_PER_MS for n in (1, 2, 3)]
