"""The program as such: what it does without arguments, and how quick it is to answer."""

import subprocess
import sys
from pathlib import Path

import pytest

from studio.app.settings import Settings
from tests.app.test_recorder import read_plainly
from tests.cli.running import STUDIO, assert_says, document, environment, run


def test_the_version_and_the_help_come_without_anything_heavy() -> None:
    program = (
        "import sys, studio.__main__ as main\n"
        "code = main.main(['--help'])\n"
        "heavy = {'numpy', 'h5py', 'cv2', 'PySide6', 'pydantic', 'sounddevice', 'rich.console'}\n"
        "heavy &= set(sys.modules)\n"
        "print(code, sorted(heavy), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == "0 []\n"
    assert "record" in done.stdout


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version").stdout.startswith("studio 0.")


def test_who_asks_it_twice_to_stop_still_gets_its_exit_code() -> None:
    """The second time may come when everything has been said, and the interpreter takes itself apart."""
    program = (
        "import os, signal, sys; from studio.__main__ import program\n"
        "sys.argv = ['studio', '--version']\n"
        "code = program()\n"
        "for number in (signal.SIGINT, signal.SIGTERM):\n"
        "    os.kill(os.getpid(), number)\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("studio 0.")
    assert done.stderr == ""


@pytest.mark.parametrize("arguments", [("bogus",), ("--bogus",)])
def test_an_unknown_command_is_exit_code_two(arguments: tuple[str, ...]) -> None:
    assert_says(run(*arguments), 2, "bogus")


def test_without_arguments_and_without_a_screen_it_records_ten_seconds(tmp_path: Path) -> None:
    Settings().with_changes(recordings_folder=str(tmp_path / "mine")).save()
    done = run()
    assert_says(done, 0, "Recording")
    (path,) = (tmp_path / "mine").rglob("*.h5")
    assert str(path) in done.stdout
    assert read_plainly(path)["streams"]["Simulated signal"]["stored"] in range(9_900, 10_600)


def test_a_reader_that_leaves_early_is_no_crash() -> None:
    process = subprocess.Popen(
        [*STUDIO, "devices", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, errors = process.communicate(timeout=30)
    assert "Traceback" not in errors
    assert process.returncode == 1


def test_an_unknown_role_ends_with_an_error() -> None:
    assert run("--role", "bogus").returncode == 2


def test_a_home_that_cannot_be_written_does_not_stop_a_recording(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    nowhere = {name: str(tmp_path / "home" / "x") for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")}
    done = run(
        *(
            "record",
            "--device",
            "simulated:imu",
            "--seconds",
            "0.3",
            "--json",
            "--out",
            str(tmp_path / "a.h5"),
        ),
        **nowhere,
    )
    assert_says(done, 0)
    assert document(done)["complete"] is True
