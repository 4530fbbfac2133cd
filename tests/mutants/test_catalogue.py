"""Every mutant can be put in: what it replaces is there, and tests name its rule."""

from pathlib import Path

import pytest

from tests.engine.rule_names import named_rules
from tests.mutants.catalogue import MUTANTS
from tests.mutants.operators import OPERATOR_MUTANTS

PROJECT = Path(__file__).parents[2]
ALL = (*MUTANTS, *OPERATOR_MUTANTS)


@pytest.mark.parametrize("path", sorted({mutant.path for mutant in ALL}))
def test_what_a_mutant_replaces_stands_in_its_file_once(path: str) -> None:
    source = (PROJECT / "studio" / path).read_text(encoding="utf-8")
    astray = [mutant.old for mutant in ALL if mutant.path == path and source.count(mutant.old) != 1]
    assert astray == []


def test_every_mutant_is_another_program_and_has_tests_that_may_notice_it() -> None:
    tests = named_rules()
    assert [mutant for mutant in ALL if mutant.old == mutant.new] == []
    assert [mutant.rule for mutant in ALL if not tests.get(mutant.rule)] == []
    assert len(set(ALL)) == len(ALL)


def test_readme_says_how_many_there_are() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert f" {len(ALL)} faults in the engine" in readme
