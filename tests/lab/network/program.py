"""A program of the laboratory that takes commands, a line each; it ends when nobody speaks any more."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Self

PROJECT = Path(__file__).resolve().parents[3]
START_TIMEOUT_S = 30.0


class LabProgram:
    """A child process with pipes. It dies with its parent, since its input ends then."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it; it has said nothing yet."""
        self.command = list(command)
        self._process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, cwd=PROJECT
        )
        self._heard = b""

    @classmethod
    def of_module(cls, module: str, *arguments: str, inside: Sequence[str] = ()) -> Self:
        """A module of the tests as a program; `inside`: what puts it on another machine."""
        return cls([*inside, sys.executable, "-m", module, *arguments])

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def heard(self, timeout_s: float = START_TIMEOUT_S) -> str:
        """The next line that it says; AssertionError if it ends or says nothing."""
        while b"\n" not in self._heard:
            if not select.select([self._output], [], [], timeout_s)[0]:
                raise AssertionError(f"{self.command} said nothing within {timeout_s} s")
            if not self._hear():
                raise AssertionError(f"{self.command} ended with {self._process.wait()} without a word")
        line, _, self._heard = self._heard.partition(b"\n")
        return line.decode()

    def rest(self) -> str:
        """All that it says until it ends."""
        while self._hear():
            pass
        return self._heard.decode()

    @property
    def _output(self) -> int:
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def _hear(self) -> bool:
        more = os.read(self._output, 65536)
        self._heard += more
        return bool(more)

    def say(self, line: str) -> None:
        """A line to it."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())

    def close_input(self) -> None:
        """It is not spoken to any more, and may end."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def freeze(self) -> None:
        """It stands still, with its connections open."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End its input and it; idempotent."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
