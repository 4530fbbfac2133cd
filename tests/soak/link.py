"""A second client of the recorder, beside the window's: gives commands, and keeps how late the file was."""

import threading
from pathlib import Path
from typing import Any

from studio.app.status import FinishedRecording, RecorderStatus
from studio.devices.device import DeviceInfo
from studio.host.client import RecorderClient
from studio.host.protocol import StartRecording, StopRecording
from studio.timing import NS_PER_S
from tests.waiting import wait_until

ANSWER_S = 120.0


class Link:
    """`open` connects. The newest status may be asked for from any thread."""

    def __init__(self) -> None:
        self.lost: list[str] = []
        self.problems: dict[int, str] = {}
        """By their numbers: all that people were told."""
        self._lock = threading.Lock()
        self._newest: RecorderStatus | None = None
        self._late_s: list[float] = []
        self._connected = threading.Event()
        self._client = RecorderClient(
            on_status=self._take, on_lost=self.lost.append, on_connected=self._connected.set
        )

    def open(self) -> None:
        """Find the recorder that the window has started; wait for it."""
        self._client.open()
        wait_until(self._connected.is_set, 60.0, f"the recorder; lost: {self.lost}")

    def close(self) -> None:
        """The recorder goes on."""
        self._client.close()

    def _take(self, status: RecorderStatus) -> None:
        with self._lock:
            self._newest = status
            self.problems.update(
                (problem.number, f"{problem.severity}: {problem.text}") for problem in status.problems
            )
            if status.committed_time:
                self._late_s.append((status.time - status.committed_time) / NS_PER_S)

    @property
    def newest(self) -> RecorderStatus:
        """What the recorder told last."""
        wait_until(lambda: self._newest is not None, 60.0, "a status")
        status = self._newest
        assert status is not None
        return status

    def lateness_s(self) -> tuple[float, float]:
        """Median and worst age of the newest commit, s, over all that was told since the last call."""
        with self._lock:
            late, self._late_s = sorted(self._late_s), []
        return (late[len(late) // 2], late[-1]) if late else (0.0, 0.0)

    def record(self, devices: tuple[DeviceInfo, ...], folder: Path) -> Path:
        """Begin; the file."""
        return Path(self._ask(StartRecording(devices, str(folder))))

    def stop(self) -> FinishedRecording:
        """End; what was recorded."""
        finished: FinishedRecording = self._ask(StopRecording())
        return finished

    def _ask(self, command: Any) -> Any:
        return self._client.request(command).result(ANSWER_S)
