"""Runs the studio as a script would: a process of its own, with its own standard streams."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

STUDIO = (sys.executable, "-m", "studio")
LIMIT_S = 60.0


def environment(**changes: str) -> dict[str, str]:
    """No screen, whatever the machine has."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return kept | changes


def run(*arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    """One command to its end."""
    return subprocess.run(
        [*STUDIO, *arguments],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        env=environment(**changes),
        check=False,
    )


def document(completed: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    """The one JSON document on standard output."""
    parsed: dict[str, Any] = json.loads(completed.stdout)
    return parsed


def assert_says(completed: "subprocess.CompletedProcess[str]", exit_code: int, *words: str) -> None:
    """The exit code, all words on standard error, and never a traceback."""
    assert completed.returncode == exit_code, completed.stderr
    assert "Traceback" not in completed.stderr + completed.stdout
    for word in words:
        assert word in completed.stderr


@contextmanager
def started(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """A command that goes on; killed if it still runs in the end."""
    process = subprocess.Popen(
        [*STUDIO, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()
