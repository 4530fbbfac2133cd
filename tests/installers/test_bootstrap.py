"""The two commands of the README, in a small project that is installed without any network."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installers.project import SmallProject
from tests.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]

SIDE_BY_SIDE = ("-n", "auto", "--dist", "loadgroup")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    """A project whose folder has a space in its name, after a first `run`."""
    project = SmallProject.make(tmp_path_factory.mktemp("made") / "my studio")
    first = project.start("run")
    assert first.returncode == 7, first.stderr
    return project


def test_the_first_start_makes_an_environment_and_starts_the_studio_in_it(installed: SmallProject) -> None:
    done = installed.start("run")
    assert str(installed.folder / ".venv") in done.stdout
    assert done.returncode == 7


def test_arguments_reach_the_studio_and_its_folder_is_the_users(
    installed: SmallProject, tmp_path: Path
) -> None:
    done = installed.start("run", "record", "--out", "a b", cwd=tmp_path)
    assert f"started ['record', '--out', 'a b'] {tmp_path}" in done.stdout


def test_files_of_the_current_folder_are_not_taken_for_modules(
    installed: SmallProject, tmp_path: Path
) -> None:
    (tmp_path / "studio.py").write_text("raise SystemExit('the wrong one')")
    assert installed.start("run", cwd=tmp_path).returncode == 7


def test_a_second_start_installs_nothing_and_is_fast(installed: SmallProject) -> None:
    before = installed.installations
    durations = []
    for _ in range(3):
        began = time.perf_counter()
        installed.start("run")
        durations.append(time.perf_counter() - began)
    bare = time.perf_counter()
    subprocess.run([sys.executable, "-c", ""], check=True)
    bare = time.perf_counter() - bare
    assert installed.installations == before
    assert min(durations) < 1.0 + 2 * bare  # two interpreters start: this script's and the studio's


def test_the_studio_is_compiled_ahead_even_where_python_may_not_keep_it(installed: SmallProject) -> None:
    part = installed.folder / "studio" / "part.py"
    part.write_text("PART = 1\n")
    variables = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": ""}
    installed.start("run", environment=variables)
    compiled = Path(importlib.util.cache_from_source(str(part)))
    first = compiled.read_bytes()
    installed.start("run", environment=variables)
    assert compiled.read_bytes() == first
    part.write_text("PART = 'another'\n")
    later = time.time() + 60
    os.utime(part, (later, later))
    installed.start("run", environment=variables)
    assert b"another" in compiled.read_bytes()


def test_tests_run_in_the_projects_folder_with_their_own_libraries(
    installed: SmallProject, tmp_path: Path
) -> None:
    done = installed.start("test", "-k", "something", cwd=tmp_path)
    assert f"started {[*SIDE_BY_SIDE, '-k', 'something']} {installed.folder}" in done.stdout
    assert done.returncode == 7
    assert '"dev"' in installed.stamp.read_text()
    before = installed.installations
    installed.start("run")
    assert installed.installations == before  # what the tests need includes what the studio needs


def test_a_changed_project_is_installed_again(installed: SmallProject) -> None:
    before = installed.installations
    pyproject = installed.folder / "pyproject.toml"
    pyproject.write_text(pyproject.read_text() + "# another line\n")
    assert installed.start("run").returncode == 7
    assert installed.installations == before + 1


@pytest.mark.parametrize("damage", ["no interpreter", "another interpreter", "torn stamp"])
def test_a_broken_environment_is_mended(tmp_path: Path, damage: str) -> None:
    project = SmallProject.make(tmp_path / "p")
    venv = project.folder / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    python = venv / "bin" / "python"
    if damage == "no interpreter":
        python.unlink()
        python.symlink_to(tmp_path / "nowhere")
    elif damage == "another interpreter":
        python.unlink()
        python.write_text("#!/bin/sh\necho cpython-310\n")
        python.chmod(0o755)
    else:  # interrupted while it was made: pip is not there yet
        project.stamp.write_text('{"key": ')
    done = project.start("run")
    assert done.returncode == 7, done.stderr
    assert "Replacing" in done.stderr


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path: Path) -> None:
    project = SmallProject.make(tmp_path / "p")
    precious = project.folder / ".venv" / "precious.txt"
    precious.parent.mkdir()
    precious.write_text("mine")
    done = project.start("run")
    assert done.returncode == 1
    assert "is in the way" in done.stderr
    assert precious.read_text() == "mine"


def test_a_failed_installation_says_why_and_what_to_do_and_is_tried_again(tmp_path: Path) -> None:
    project = SmallProject.make(tmp_path / "p")
    (project.folder / "refuse").touch()
    done = project.start("run")
    assert done.returncode == 1
    assert "the library cannot be had" in done.stderr
    assert "pip config list" in done.stderr
    assert "Traceback" not in done.stderr.rpartition("The studio's libraries")[2]
    (project.folder / "refuse").unlink()
    assert project.start("run").returncode == 7


@pytest.mark.parametrize("arguments", [[], ["dance"]])
def test_an_unknown_command_is_told_what_there_is(tmp_path: Path, arguments: list[str]) -> None:
    project = SmallProject.make(tmp_path / "p")
    done = project.start(*arguments)
    assert done.returncode == 2
    assert "run" in done.stderr
    assert "test" in done.stderr
    assert not (project.folder / ".venv").exists()


@pytest.fixture
def listening_to_ctrl_c() -> Iterator[None]:
    """A run of tests in the background ignores Ctrl+C, and its children would inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("listening_to_ctrl_c")
def test_ctrl_c_reaches_the_studio_itself(installed: SmallProject, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    arguments = [sys.executable, str(installed.bootstrap), "run", "wait", str(ready)]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as process:
        wait_until(ready.exists, 30.0, "the studio")
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT
    assert "KeyboardInterrupt" in error


def test_an_old_python_is_told_what_to_do(tmp_path: Path) -> None:
    project = SmallProject.make(tmp_path / "p")
    # The script itself, under an interpreter that says it is old.
    program = (
        "import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0); sys.version = '3.9.2 (x)';"
        f"sys.argv = ['bootstrap.py', 'run']; runpy.run_path({str(project.bootstrap)!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Studio needs Python 3.11 or newer, this is 3.9.2" in done.stderr


def test_missing_libraries_do_not_stop_the_start(installed: SmallProject, tmp_path: Path) -> None:
    """On a machine where nothing is installed and nothing can be."""
    for name in ("dpkg-query", "apt-get"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho no such thing\nexit 1\n")
        program.chmod(0o755)
    done = installed.start("run", environment={"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert done.returncode == 7
    assert "sudo apt-get update && sudo apt-get" in done.stderr
    assert "libportaudio2" in done.stderr


def test_the_ci_command_is_the_test_command(installed: SmallProject, tmp_path: Path) -> None:
    (installed.folder / ".ci").mkdir()
    command = shutil.copy(PROJECT / ".ci" / "run", installed.folder / ".ci")
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    done = subprocess.run(
        [command, "-q"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    closing = done.stdout.splitlines()[-1]
    assert closing.startswith(f"started {[*SIDE_BY_SIDE, '-q']} {installed.folder}")
    assert closing.endswith("CI true")
    assert done.returncode == 7
