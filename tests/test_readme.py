"""What README shows works as it is written there."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from studio.cli.entry import make_app
from studio.ui.actions import ACTIONS

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


COMMANDS = re.findall(r"^    studio ([a-z].*?)(?:   .*)?$", README, re.MULTILINE)


def test_every_command_and_each_of_its_options_exists() -> None:
    assert len(COMMANDS) > 30
    app = make_app()
    helps: dict[str, str] = {}
    for command in COMMANDS:
        words = shlex.split(command)
        verb = words[:2] if words[0] in ("clock", "rendezvous") else words[:1]
        name = " ".join(verb)
        if name not in helps:
            told = CliRunner().invoke(app, [*verb, "--help"])
            assert told.exit_code == 0, f"there is no command: studio {name}"
            helps[name] = told.output
        for option in re.findall(r"(?<!\S)--[a-z-]+", command):
            assert re.search(rf"(?<!\S){option}\b", helps[name]), f"studio {name} has no {option}"


def test_every_line_of_a_menu_that_is_named_is_there() -> None:
    lines = {action.text.replace("&", "").split("\t")[0] for action in ACTIONS.values()} | {"Open recent"}
    words = " ".join(README.split())
    named = re.findall(r"(?:File|Record|Recording|Notes|Process) \u25b8 (.{40})", words)
    assert len(named) >= 8
    for text in named:
        asking = re.match(r"[\w ]+\u2026", text)  # an ellipsis ends it: nothing shorter will do
        found = asking.group() in lines if asking else any(text.startswith(line) for line in lines)
        assert found, text
