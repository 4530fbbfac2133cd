"""Runs the catalogue; see the package. Ends with 1 if a mutant survives."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.engine.rule_names import named_rules
from tests.mutants.catalogue import MUTANTS, Mutant
from tests.mutants.operators import OPERATOR_MUTANTS

PROJECT = Path(__file__).parents[2]
LIMIT_S = 20
"""A test that a mutant makes hang has noticed it."""


def copy_project(to: Path) -> None:
    """What the tests of the engine need."""
    ignored = shutil.ignore_patterns("__pycache__", "*.gz")
    for name in ("studio", "resources", "tests"):
        shutil.copytree(PROJECT / name, to / name, ignore=ignored)
    shutil.copy(PROJECT / "pyproject.toml", to)


def fails(tests: Sequence[str], place: Path, *, limit_s: float = 4 * LIMIT_S) -> bool:
    """Whether any of the tests fails, or does not come to an end."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--durations=0"]
    names = [f"tests/{test}" for test in tests if not test.startswith("store/")]
    try:
        done = subprocess.run(
            [*command, f"--timeout={LIMIT_S}", *names],
            cwd=place,
            env={"PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=False,
            timeout=limit_s,
        )
    except subprocess.TimeoutExpired:
        return True
    if done.returncode not in (0, 1, 2):
        raise SystemExit(done.stdout.decode() + done.stderr.decode())
    return done.returncode != 0


def is_killed(mutant: Mutant, tests: Sequence[str], place: Path) -> bool:
    """Apply the mutant, run the tests that name its rule, take it back."""
    path = place / "studio" / mutant.path
    sound = path.read_text(encoding="utf-8")
    if sound.count(mutant.old) != 1:
        raise SystemExit(
            f"{mutant.path}: {mutant.old!r} must be there once, not {sound.count(mutant.old)} times"
        )
    path.write_text(sound.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        return fails(tests, place)
    finally:
        path.write_text(sound, encoding="utf-8")


def main(rules: Sequence[str]) -> int:
    """Print one line a mutant; the number of survivors decides."""
    tests = named_rules()
    chosen = [mutant for mutant in (*MUTANTS, *OPERATOR_MUTANTS) if not rules or mutant.rule in rules]
    survivors = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        copy_project(place)
        if fails(sorted({test for mutant in chosen for test in tests[mutant.rule]}), place, limit_s=600):
            raise SystemExit("the tests fail without any mutant")
        for mutant in chosen:
            began = time.monotonic()
            killed = is_killed(mutant, tests[mutant.rule], place)
            survivors += not killed
            took = time.monotonic() - began
            text = "killed  " if killed else "SURVIVED"
            print(
                f"{text} {mutant.rule:5} {mutant.path:24} {took:5.1f} s  {mutant.new.strip()[:60]}",
                flush=True,
            )
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
