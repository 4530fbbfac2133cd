"""`studio preflight` from the outside: the exit code says whether one may record."""

import signal
from pathlib import Path

from tests.cli.running import assert_says, document, run, started


def test_what_works_passes_and_leaves_nothing(tmp_path: Path) -> None:
    done = run("preflight", "--device", "simulated", "--seconds", "1.5", "--folder", str(tmp_path), "--json")
    assert_says(done, 0, "Trying Simulated microphone")
    told = document(done)
    assert told["verdict"] in ("pass", "warn")
    assert told["text"].startswith("Ready to record")
    assert "fail" not in {device["verdict"] for device in told["devices"]}
    assert sum(len(device["streams"]) for device in told["devices"]) == 8
    assert told["disk"]["bytes_per_second"] > 0
    assert told["clock"]["state"] == "own"
    assert list(tmp_path.iterdir()) == []


def test_what_fails_has_reasons_and_the_exit_code_of_failure(tmp_path: Path) -> None:
    done = run(
        *("preflight", "--device", "simulated:microphone", "--rehearse", "mute@0+60"),
        *("--seconds", "1", "--folder", str(tmp_path)),
    )
    assert_says(done, 1)
    assert "Fail  Simulated microphone" in done.stdout
    assert "Fail: 'Simulated microphone' hears nothing at all: digital silence. Check" in done.stdout
    assert "Not ready: 1 reason" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_wrong_wishes_are_told_in_words() -> None:
    assert_says(run("preflight", "--device", "simulated", "--seconds", "0"), 1, "from 1 to 600 seconds")


def test_interrupting_calls_it_off(tmp_path: Path) -> None:
    arguments = ("preflight", "--device", "simulated:imu", "--seconds", "60", "--folder", str(tmp_path))
    with started(*arguments) as process:
        assert process.stderr is not None
        assert "Trying" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "The pre-flight was called off." in errors
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []
