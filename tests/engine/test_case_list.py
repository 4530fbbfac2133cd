"""Every test case of the original has tests of ours with the same outcome, or a written reason why not."""

import ast
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CASES: dict[str, dict[str, dict[str, Any]]] = json.loads(
    (ROOT / "tests/data/original_cases.json").read_text(encoding="utf-8")
)
COUNTS = {
    "PipelineTest": 41,
    "DeliveryPolicyTest": 8,
    "OperatorTests": 38,
    "JoinTests": 7,
    "PersistenceTest": 35,
}
"""How many the original has; of PersistenceTest only those about replay have a counterpart in the engine."""


@cache
def parsed(path: str) -> tuple[frozenset[str], frozenset[str]]:
    """The tests of a file, and the texts in it that may name a parameter."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    texts = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return frozenset(tests), frozenset(texts)


def exists(test: str) -> bool:
    """Whether there is such a test, and such a text if it is one of several with parameters."""
    path, _, name = test.partition("::")
    name, _, parameter = name.removesuffix("]").partition("[")
    if not (ROOT / path).is_file():
        return False
    tests, texts = parsed(path)
    return name.startswith("test_") and name in tests and (not parameter or parameter in texts)


def test_the_list_is_complete() -> None:
    assert {suite: len(cases) for suite, cases in CASES.items()} == COUNTS


@pytest.mark.parametrize("suite", CASES)
def test_every_case_is_shown_by_tests_that_exist_or_left_out_for_a_reason(suite: str) -> None:
    for case, entry in CASES[suite].items():
        missing = [test for test in entry["tests"] if not exists(test)]
        assert not missing, f"{case} names tests that do not exist: {missing}"
        assert bool(entry["tests"]) != bool(entry.get("reason")), f"{case} needs tests, or a reason for none"
        assert bool(entry.get("outcome")) == bool(entry["tests"]), f"{case} does not say what comes out"


@pytest.mark.parametrize("suite", ["PipelineTest", "DeliveryPolicyTest", "OperatorTests", "JoinTests"])
def test_of_the_engine_itself_no_case_is_left_out(suite: str) -> None:
    assert [case for case, entry in CASES[suite].items() if not entry["tests"]] == []


def test_a_test_that_does_not_exist_is_noticed() -> None:
    here = "tests/engine/test_case_list.py"
    assert exists(f"{here}::test_the_list_is_complete")
    assert exists(f"{here}::test_the_list_is_complete[suite]")
    assert not exists(f"{here}::test_the_list_is_complete[of nothing]")
    assert not exists(f"{here}::test_the_list")
    assert not exists(f"{here}::exists")
    assert not exists("tests/engine/test_nothing.py::test_the_list_is_complete")
