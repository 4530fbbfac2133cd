"""Starts the clock process, keeps it up, and carries what both say to each other.

A process of its own, for users of the engine without a studio as well: beside a busy Python thread neither
probes nor exports would be exact (decision 16). It owns nothing that could be lost, so one that has died is
started anew, after a while, and told again what it was to do. It ends when we do, since its input ends then.
"""

import contextlib
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from studio.engine.threads import FailureHandler, StudioThread, spawn
from studio.errors import RemoteProtocolError, RoleError
from studio.net.clock_messages import (
    ClockProcessFailed,
    Command,
    Follow,
    Preview,
    Serve,
    Serving,
    StopServing,
    Told,
    Unfollow,
    read_message,
    write_message,
)
from studio.timing import NS_PER_MS, NS_PER_S, Duration, monotonic_ns, wait_on

FIRST_BACK_OFF: Duration = 100 * NS_PER_MS
LONGEST_BACK_OFF: Duration = 10 * NS_PER_S
HEALTHY_AFTER: Duration = 10 * NS_PER_S
"""One that has lived so long is started anew at once."""
END_S = 2.0
CLOSE_S = 5.0
COMMANDS = 256


def clock_command() -> list[str]:
    """The command line of a clock process, in a frozen program too."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "studio"]
    return [*program, "--role", "clock"]


class ClockProcess:
    """The process, and what it is to do. The constructor starts nothing."""

    def __init__(
        self, take: Callable[[Told], None], on_failure: FailureHandler, *, log: Path | None = None
    ) -> None:
        """`take` is called on a thread of this object with all that the process tells, and with
        `ClockProcessFailed` when it has died or could not be started. `log`: where it may complain.
        """
        self._take = take
        self._on_failure = on_failure
        self._log = log
        self._lock = threading.Lock()
        self._servings: dict[int, Serve] = {}
        self._follow: Follow | None = None
        self._commands: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._link: StudioThread | None = None
        self._back_off: Duration = 0
        self._starts = 0

    def start(self) -> None:
        """Start it, and keep it up until `close`. Returns at once. Once only."""
        self._link = spawn("clock-link", self._keep_up, self._on_failure)

    @property
    def pid(self) -> int | None:
        """Of the process that runs now."""
        process = self._process
        return None if process is None else process.pid

    @property
    def starts(self) -> int:
        """How often it was started so far."""
        return self._starts

    def tell(self, command: Command) -> None:
        """Have it do something. What is to last is told to its successors too. Any thread; never waits."""
        with self._lock:
            match command:
                case Serve():
                    self._servings[command.number] = command
                case StopServing():
                    self._servings.pop(command.number, None)
                case Follow():
                    self._follow = command
                case Unfollow():
                    self._follow = None
            if self._commands.qsize() < COMMANDS:
                self._commands.put(command)

    def close(self) -> None:
        """End it. Idempotent; any thread, also the one on which `take` is called."""
        self._closing.set()
        self._commands.put(None)
        link, process = self._link, self._process
        if link is None or link.ident == threading.get_ident() or link.join(END_S):
            return
        if process is not None:
            process.kill()  # it hangs; it owns nothing
        link.join(CLOSE_S)

    def _keep_up(self, cancelled: threading.Event) -> None:
        while not self._closing.is_set():
            begun = monotonic_ns()
            try:
                problem = self._live_once()
            except OSError as error:
                problem = f"It cannot be started: {error.strerror or error}."
            if self._closing.is_set():
                return
            self._take(ClockProcessFailed(f"The process that measures the time is gone. {problem}"))
            is_healthy = monotonic_ns() - begun > HEALTHY_AFTER
            self._back_off = FIRST_BACK_OFF if is_healthy else min(LONGEST_BACK_OFF, 2 * self._back_off)
            self._back_off = self._back_off or FIRST_BACK_OFF
            wait_on(self._closing, self._back_off)

    def _live_once(self) -> str:
        """One life of the process; how it ended, for people."""
        process = self._started()
        writer = spawn("clock-commands", lambda cancelled: self._write(process), self._on_failure)
        try:
            reason = self._read(process)
        finally:
            self._commands.put(None)
            writer.join(END_S)
            code = _end(process)
            self._process = None
        return f"{reason or _how_it_ended(code)} It is started anew."

    def _started(self) -> "subprocess.Popen[bytes]":
        with contextlib.ExitStack() as opened:
            errors = subprocess.DEVNULL if self._log is None else opened.enter_context(self._log.open("ab"))
            process = subprocess.Popen(
                clock_command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=sys.platform != "win32",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        self._process = process
        self._starts += 1
        with self._lock:
            self._say_what_stands()
        return process

    def _say_what_stands(self) -> None:
        """Instead of what was said before, except for questions that wait for an answer."""
        asked = [command for command in self._drained() if isinstance(command, Preview)]
        for serve in self._servings.values():
            self._commands.put(serve)
        if self._follow is not None:
            self._commands.put(self._follow)
        for question in asked:
            self._commands.put(question)
        if self._closing.is_set():  # what says so may have been taken away just now
            self._commands.put(None)

    def _drained(self) -> list[Command | None]:
        commands: list[Command | None] = []
        with contextlib.suppress(queue.Empty):
            while True:
                commands.append(self._commands.get_nowait())
        return commands

    def _write(self, process: "subprocess.Popen[bytes]") -> None:
        if process.stdin is None:
            raise RoleError("The clock process has no input.")
        # One that has died is noticed where it is read from.
        with contextlib.suppress(OSError, ValueError):
            while (command := self._commands.get()) is not None:
                write_message(process.stdin, command)
            process.stdin.close()

    def _remember_port(self, told: object) -> None:
        """A successor shall export at the same port, whichever it was."""
        if isinstance(told, Serving):
            with self._lock:
                serve = self._servings.get(told.number)
                if serve is not None and serve.port == 0:
                    self._servings[told.number] = replace(serve, port=told.port)

    def _read(self, process: "subprocess.Popen[bytes]") -> str:
        """All that it says; in the end what was wrong with that, if anything."""
        if process.stdout is None:
            raise RoleError("The clock process has no output.")
        try:
            while not self._closing.is_set() and (told := read_message(process.stdout)) is not None:
                self._remember_port(told)
                self._take(_as_told(told))
        except (RemoteProtocolError, OSError, ValueError) as error:
            return f"It said what cannot be understood ({error})."
        return ""


def _as_told(message: object) -> Told:
    if not isinstance(message, Told):
        raise RemoteProtocolError(f"{type(message).__name__} is nothing that can be told")
    return message


def _how_it_ended(code: int) -> str:
    return "It was killed." if code < 0 else f"It ended by itself (exit code {code})."


def _end(process: "subprocess.Popen[bytes]") -> int:
    """Have it end; its exit code."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError, ValueError):  # what was still buffered for a dead process
                pipe.close()
    try:
        return process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
