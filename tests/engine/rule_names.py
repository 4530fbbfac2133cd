"""Which tests name which rule of the engine: by marker, name or docstring. Reads sources only."""

import ast
import re
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).parents[1]
PLACES = ("engine", "timing", "store")

IN_NAME = re.compile(r"(?<![a-z0-9])e(\d+)(?![0-9])")
IN_TEXT = re.compile(r"\bE(\d+)\b")


def named_rules() -> dict[str, list[str]]:
    """Rule, as "E27", to the tests that name it, as `file::function` below the folder of the tests."""
    found: dict[str, list[str]] = defaultdict(list)
    for place in PLACES:
        for path in sorted((TESTS / place).rglob("test_*.py")):
            _add_tests_of(path, found)
    return dict(found)


def _add_tests_of(path: Path, found: dict[str, list[str]]) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    of_module = [rule for node in tree.body if _is_mark_of_module(node) for rule in _rules_in(node)]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for rule in {*of_module, *_rules_of(node)}:
                found[rule].append(f"{path.relative_to(TESTS).as_posix()}::{node.name}")


def _is_mark_of_module(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
    )


def _rules_of(function: ast.FunctionDef) -> set[str]:
    rules = {f"E{number}" for number in IN_NAME.findall(function.name)}
    rules |= {f"E{number}" for number in IN_TEXT.findall(ast.get_docstring(function) or "")}
    for decorator in function.decorator_list:
        rules.update(_rules_in(decorator))
    return rules


def _rules_in(node: ast.AST) -> list[str]:
    """The arguments of `pytest.mark.rules(...)` anywhere inside."""
    return [
        argument.value
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "rules"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    ]
