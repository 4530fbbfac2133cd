"""A recorder client that keeps what it was told, and the recorder processes of a test."""

import os
from pathlib import Path
from typing import Any

import psutil

from studio.app.status import RecorderState, RecorderStatus
from studio.devices.device import DeviceInfo
from studio.devices.discovery import simulated_devices
from studio.host.client import RecorderClient
from studio.host.endpoint import find_endpoint
from studio.host.lives import lives
from studio.host.protocol import Command, StartRecording
from studio.host.run_directory import RunDirectory
from tests.lab.places import Places
from tests.waiting import wait_until


class WatchedClient:
    """A client with its news."""

    def __init__(self, *recorder_arguments: str) -> None:
        self.statuses: list[RecorderStatus] = []
        self.losses: list[str] = []
        self.connections = 0
        self.link = RecorderClient(
            on_status=self.statuses.append,
            on_lost=self.losses.append,
            on_connected=self._connected,
            recorder_arguments=recorder_arguments,
        )
        self.link.open()

    def _connected(self) -> None:
        self.connections += 1

    def wait_until_connected(self, count: int = 1) -> None:
        """Wait for the `count`th connection."""
        wait_until(lambda: self.connections >= count, 30, f"connection {count}; lost: {self.losses}")

    def ask(self, command: Command, timeout_s: float = 20) -> Any:
        """Send a command and wait for its answer."""
        return self.link.request(command).result(timeout_s)

    @property
    def newest(self) -> RecorderStatus:
        """What the recorder told last; waits for the first."""
        wait_until(lambda: bool(self.statuses), 30, f"a status; lost: {self.losses}")
        return self.statuses[-1]

    def wait_for_state(self, state: RecorderState) -> RecorderStatus:
        """Wait until the newest status says so; that status."""
        wait_until(lambda: bool(self.statuses) and self.statuses[-1].state is state, 20, str(state))
        return self.statuses[-1]

    def record(self, folder: Path, *names: str) -> Path:
        """Start to record simulated devices, and wait until something is stored."""
        path = Path(self.ask(StartRecording(devices(*names), str(folder))))
        wait_until(lambda: self.stored() > 0, 20, "the first stored message")
        return path

    def stored(self) -> int:
        """What is stored so far of all streams."""
        if not self.statuses:
            return 0
        return sum(stream.stored for device in self.statuses[-1].devices for stream in device.streams)


def devices(*names: str) -> tuple[DeviceInfo, ...]:
    """The simulated devices whose id contains one of `names`; all without names."""
    found = simulated_devices()
    return tuple(device for device in found if not names or any(name in device.id for name in names))


def recorder_pid() -> int:
    """The process that is published as the recorder."""
    directory = RunDirectory.open()
    wait_until(lambda: find_endpoint(directory.file("recorder.json")) is not None, 20, "the endpoint")
    endpoint = find_endpoint(directory.file("recorder.json"))
    assert endpoint is not None
    return endpoint.pid


def recorder_processes(places: Places) -> list[psutil.Process]:
    """All recorder processes that this test started."""
    name, value = places.mark
    found = []
    for process in psutil.process_iter():
        try:
            ours = "--role" in process.cmdline() and "recorder" in process.cmdline()
            if ours and process.environ().get(name) == value:
                found.append(process)
        except psutil.Error:
            continue
    return found


def end_recorders(places: Places) -> None:
    """Ask those that this test started to end, and wait for it."""
    for process in recorder_processes(places):
        process.terminate()
        wait_for_end(process.pid)


def wait_for_end(pid: int, timeout_s: float = 20) -> int | None:
    """Wait until a process has ended, and reap it if it is our child; its exit code if that is known."""
    wait_until(lambda: not lives(pid), timeout_s, f"the end of process {pid}")
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except ChildProcessError:
        return None
