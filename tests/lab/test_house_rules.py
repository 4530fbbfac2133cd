"""The rules that every test of this project is held to, tried on small test files of their own."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def run_pytest(folder: Path, program: str, **variables: str) -> str:
    """What pytest says about a test file with our conftest, run in a process of its own."""
    file = folder / "test_small.py"
    file.write_text(program)
    inherited = {name: value for name, value in os.environ.items() if name != "CI"}
    arguments = ["-c", str(PROJECT / "pyproject.toml"), "--rootdir", str(folder), "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, "-p", "tests.conftest", str(file)],
        cwd=PROJECT,
        env=inherited | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout + done.stderr


LEAVES_A_THREAD = """
import threading
def test_it():
    stop = threading.Event()
    threading.Thread(target=stop.wait, args=(6,), name="studio.forgotten", daemon=True).start()
"""

LEAVES_A_PROCESS = """
import subprocess, sys
SLEEP = [sys.executable, "-c", "import time; time.sleep(50)"]
CHILD = f"import subprocess; subprocess.Popen({SLEEP}, start_new_session=True)"
def test_it():
    subprocess.run([sys.executable, "-c", CHILD], check=True)
"""


def test_a_thread_left_alive_fails_the_test(tmp_path: Path) -> None:
    said = run_pytest(tmp_path, LEAVES_A_THREAD)
    assert "left behind: thread studio.forgotten" in said
    assert "1 error" in said


def test_a_process_left_alive_fails_the_test_even_when_detached(tmp_path: Path) -> None:
    said = run_pytest(tmp_path, LEAVES_A_PROCESS)
    assert "left behind: process" in said
    assert "time.sleep(50)" in said


def test_a_test_sees_a_home_of_its_own_that_is_gone_afterwards(tmp_path: Path) -> None:
    said = run_pytest(
        tmp_path,
        "import os, pathlib\n"
        "homes = []\n"
        "def test_one():\n"
        "    homes.append(os.environ['HOME'])\n"
        "    assert len(os.environ['XDG_RUNTIME_DIR']) < 60\n"
        "    assert pathlib.Path(os.environ['XDG_RUNTIME_DIR']).stat().st_mode & 0o777 == 0o700\n"
        "def test_two():\n"
        "    assert os.environ['HOME'] != homes[0]\n"
        "    assert not os.path.exists(homes[0])\n",
    )
    assert "2 passed" in said


SKIPPING = "import pytest\n@pytest.mark.device\ndef test_it():\n    pytest.skip('no microphone')\n"


def test_a_skipped_laboratory_test_is_counted_at_home_and_fails_in_ci(tmp_path: Path) -> None:
    assert "1 skipped" in run_pytest(tmp_path, SKIPPING)
    in_ci = run_pytest(tmp_path, SKIPPING, CI="true")
    assert "1 failed" in in_ci
    assert "skipped although CI is set" in in_ci


def test_an_ordinary_skip_stays_a_skip_in_ci(tmp_path: Path) -> None:
    assert "1 skipped" in run_pytest(tmp_path, SKIPPING.replace("@pytest.mark.device\n", ""), CI="true")


def test_a_warning_fails_the_test(tmp_path: Path) -> None:
    assert "1 failed" in run_pytest(tmp_path, "import warnings\ndef test_it():\n    warnings.warn('old')\n")
