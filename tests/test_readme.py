"""What README shows works as it is written there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the recording that the examples speak of, made by the command that README shows."""
    command, *_ = re.findall(r"^    studio (record --device simulated .*)$", README, re.MULTILINE)
    arguments = command.replace("--seconds 10", "--seconds 1").split()
    done = subprocess.run(
        [sys.executable, "-m", "studio", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (tmp_path / "recording.h5").hardlink_to(tmp_path / "take.h5")
    return tmp_path


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_runs_and_says_something(example: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 3


def test_every_file_and_module_named_is_there() -> None:
    assert len(EXAMPLES) >= 2
    for command in re.findall(r"^    python3 (installers/\S+)", README, re.MULTILINE):
        assert (PROJECT / command).is_file()
    for module in re.findall(r"^    \.venv/bin/python -m (\S+)", README, re.MULTILINE):
        place = PROJECT / module.replace(".", "/")
        assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file()
    for picture in re.findall(r"!\[.*?\]\((\S+)\)", README):
        assert (PROJECT / picture).stat().st_size > 10_000


def test_the_chain_that_is_shown_runs_as_it_is_shown(folder: Path) -> None:
    (chain,) = re.findall(r"```py\n(.*?)```", README, re.DOTALL)
    (folder / "loud.py").write_text(chain, encoding="utf-8")
    commands = re.findall(r"^    studio (process loud.py take\S* .*?)   ", README, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        words = [*command.split(), *(["--replace"] if "--follow" in command else [])]
        done = subprocess.run(
            [sys.executable, "-m", "studio", *words], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert "the same message by message" in done.stdout
