"""One program of the laboratory as a child process: started, frozen, thawed, killed, always reaped."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.waiting import wait_until


class LabProcess:
    """A child process whose output goes to a log file. Starts at once; `kill` may be called twice."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        pass_fds: tuple[int, ...] = (),
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
                pass_fds=pass_fds,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How it ended; negative: by that signal. None while it runs."""
        return self._process.poll()

    def freeze(self) -> None:
        """Stop it in its tracks (SIGSTOP): it holds its connections open and does nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it without warning, as pulling a cable does. Idempotent."""
        self._process.kill()
        self._process.wait()

    def terminate(self, timeout_s: float = 5.0) -> None:
        """Ask it to end; kill it if it does not within `timeout_s`. Idempotent."""
        self._process.terminate()
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()

    def wait_until_ready(self, path: Path, timeout_s: float = 20.0) -> None:
        """Wait for the file or socket that shows that it is ready; fail with its log if it ends first."""
        wait_until(lambda: path.exists() or not self.is_alive, timeout_s, f"{path.name} of pid {self.pid}")
        if not path.exists():
            raise AssertionError(f"ended before it was ready: {self.log.read_text(errors='replace')}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
