"""Starts every other process of the studio, and is what such a process runs first (decision 17).

The only module that makes processes. A role is this same program with `--role NAME`; its standard streams
go to a log file in the run directory, or are pipes to the one who started it. Nothing here imports Qt, a
codec or a store: each role imports what it needs when it is run.
"""

import contextlib
import faulthandler
import importlib
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from studio.errors import RoleError, StudioError
from studio.host.role_names import Role
from studio.host.run_directory import RunDirectory

LOG_BYTES = 1_000_000
"""A log larger than that is put aside (one old one is kept) when its role starts."""
SWITCH_INTERVAL_S = 0.001
_MODULES = {
    Role.RECORDER: "studio.host.recorder_role",
    Role.READER: "studio.host.reader_role",
    Role.DEVICES: "studio.host.devices_role",
    Role.JOB: "studio.host.job_role",
    Role.PLAYER: "studio.host.player_role",
    Role.CLOCK: "studio.net.clock_main",
}
_log = logging.getLogger(__name__)


class StartedRole:
    """A process that was started here."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def input(self) -> IO[bytes]:
        """What it reads; only of a role started with pipes."""
        if self._process.stdin is None:
            raise RoleError("This process was started without a pipe to it.")
        return self._process.stdin

    @property
    def output(self) -> IO[bytes]:
        """What it writes; only of a role started with pipes."""
        if self._process.stdout is None:
            raise RoleError("This process was started without a pipe from it.")
        return self._process.stdout

    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.poll()

    def wait_for_exit(self, timeout_s: float) -> int | None:
        """Wait for its end; the exit code, or None if it still runs after `timeout_s`."""
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None

    def end_input(self) -> None:
        """Close the pipe to it, by which it ends when it has done what it is at. Idempotent."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):  # what was still buffered for a dead process
                self._process.stdin.close()

    def end(self, timeout_s: float = 1.0) -> None:
        """Close the pipes, by which it ends; kill it if it does not. Idempotent."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was still buffered for a dead process
                    pipe.close()
        if self.wait_for_exit(timeout_s) is None:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """End it without warning; only for roles that own no data."""
        self._process.kill()

    def let_go(self) -> None:
        """It shall outlive us: do not wait for it, and let Python not complain about it."""
        if self._process.poll() is None:
            self._process.returncode = 0


def role_command(role: Role, arguments: Sequence[str] = ()) -> list[str]:
    """The command line of a role, in a frozen program too."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "studio"]
    return [*program, "--role", role.value, *arguments]


def start_detached(role: Role, arguments: Sequence[str] = ()) -> StartedRole:
    """Start a role that outlives us and is found through the run directory; raises RoleError."""
    return _start(role, arguments, stream=subprocess.DEVNULL)


def start_with_pipes(role: Role, arguments: Sequence[str] = (), *, shows_errors: bool = False) -> StartedRole:
    """Start a role that reads from a pipe, writes to one and ends at end-of-file; raises RoleError.

    With `shows_errors` its standard error is ours: for commands, which have a terminal.
    """
    return _start(role, arguments, stream=subprocess.PIPE, shows_errors=shows_errors)


def how_it_ended(exit_code: int | None) -> str:
    """For people: what became of a process that should still be there."""
    if exit_code is not None and exit_code < 0:
        return "ended unexpectedly: it was killed"
    return f"ended unexpectedly (exit code {exit_code})"


def run_role(name: str, arguments: Sequence[str] = ()) -> int:
    """Be that role until its end; the exit code. Called by `__main__` before anything heavy is imported."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
    )
    faulthandler.enable()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    if name not in list(Role):
        _log.error("there is no role %r; there are %s", name, ", ".join(Role))
        return 2
    try:
        return int(importlib.import_module(_MODULES[Role(name)]).run(arguments))
    except StudioError as error:
        _log.error("the %s process cannot go on: %s", name, error)
        return 1


def _start(role: Role, arguments: Sequence[str], *, stream: int, shows_errors: bool = False) -> StartedRole:
    command = role_command(role, arguments)
    try:
        with _open_log(RunDirectory.open().file(f"{role.value}.log")) as log:
            return StartedRole(
                subprocess.Popen(
                    command,
                    stdin=stream,
                    stdout=stream if stream == subprocess.PIPE else log,
                    stderr=None if shows_errors else log,
                    start_new_session=sys.platform != "win32",
                    creationflags=_creation_flags(),
                )
            )
    except OSError as error:
        raise RoleError(
            f"The {role.value} process of the studio cannot be started: {error.strerror or error}."
        ) from error


def _open_log(path: Path) -> IO[bytes]:
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def _creation_flags() -> int:
    if sys.platform == "win32":  # pragma: no cover
        return subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    return 0
