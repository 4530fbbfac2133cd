"""The test's hand on the camera process: plug in, freeze, pull out, and read what it really sent."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.lab.process import LabProcess

PROJECT = Path(__file__).resolve().parents[2]
PROGRAM = f"""
import sys
sys.path.insert(0, {str(PROJECT)!r})
from tests.lab.camera_server import main
main()
"""


@dataclass(frozen=True, slots=True)
class ServedFrame:
    """One frame that the camera sent completely."""

    index: int
    send_time: int
    """ns UTC, by the wall clock; the bar code says the same."""
    monotonic: int
    """ns, by the monotonic clock."""


class CameraServer:
    """A network camera on loopback. Plugged in by `start` or `with`; the same address after every start."""

    def __init__(
        self,
        folder: Path,
        *,
        width: int = 640,
        height: int = 480,
        fps: float = 30.0,
        frame_limit: int | None = None,
    ) -> None:
        self._folder = folder
        self._options = [f"--width={width}", f"--height={height}", f"--fps={fps}"]
        self._options += [] if frame_limit is None else [f"--frame-limit={frame_limit}"]
        self._epoch = time.monotonic_ns()
        self._port = 0
        self._process: LabProcess | None = None

    @property
    def url(self) -> str:
        """What a client opens."""
        return f"http://127.0.0.1:{self._port}/stream.mjpg"

    def start(self) -> None:
        """Plug it in; returns when it can be read. The frame numbers go on after a restart."""
        ready = self._folder / "camera.port"
        ready.unlink(missing_ok=True)
        options = [f"--port={self._port}", f"--epoch={self._epoch}", f"--log={self._log}", f"--ready={ready}"]
        # -c rather than -m: the tests are found from the project's folder wherever the test runs.
        arguments = [sys.executable, "-c", PROGRAM, *self._options, *options]
        self._process = LabProcess(arguments, log=self._folder / "camera.out")
        self._process.wait_until_ready(ready)
        self._port = int(ready.read_text())

    @property
    def _log(self) -> Path:
        return self._folder / "camera.frames"

    def served(self) -> list[ServedFrame]:
        """Every frame sent so far, in the order of sending."""
        if not self._log.exists():
            return []
        whole = self._log.read_text().splitlines(keepends=True)
        return [ServedFrame(*map(int, line.split())) for line in whole if line.endswith("\n")]

    def freeze(self) -> None:
        """Let it hang: connected, silent."""
        self._running().freeze()

    def thaw(self) -> None:
        """Let it go on."""
        self._running().thaw()

    def kill(self) -> None:
        """Pull it out. Idempotent."""
        if self._process is not None:
            self._process.kill()

    def _running(self) -> LabProcess:
        if self._process is None or not self._process.is_alive:
            raise RuntimeError("the camera is not plugged in")
        return self._process

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
