"""All recorded cases of the original runtime, operator by operator (rules E189-E227)."""

import json
from pathlib import Path

import pytest

from tests.engine.operators.conformance import DATA, answers, cases, differences, is_close, quirky_operators
from tests.engine.operators.transcriptions import OPERATORS

DEPARTURES: dict[str, list[str]] = json.loads((DATA.parent / "departures.json").read_text(encoding="utf-8"))
README = Path(DATA.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("op", sorted(OPERATORS))
def test_every_recorded_case_comes_out_the_same(op: str) -> None:
    departing = {name for names in DEPARTURES.values() for name in names}
    found = differences(OPERATORS[op], cases()[op])
    assert {name: text for name, text in found.items() if name not in departing} == {}
    assert set(found) == {case.name for case in cases()[op]} & departing


def test_all_operators_of_the_data_are_transcribed() -> None:
    assert set(OPERATORS) == set(cases())
    assert sum(map(len, cases().values())) == 6700


def test_the_readme_names_every_operator_that_follows_the_plain_rule() -> None:
    assert [op for op in sorted(quirky_operators()) if f"`{op}`" not in README] == []


def test_where_the_original_leaves_windows_out_the_others_agree() -> None:
    (lost,) = (names for reason, names in DEPARTURES.items() if "E225" in reason)
    some = [case for case in cases()["window_then_stat"] if case.name in lost]
    for case, seen in zip(some, answers(OPERATORS["window_then_stat"], some), strict=True):
        assert case.expected
        assert len(seen) == len(case.inputs[0]) > len(case.expected)
        values = dict(map(tuple, seen))
        assert all(is_close(values[time], value) for time, value in case.expected)
