"""Asks a short-lived process what devices there are, for at most five seconds (decision 16)."""

import threading
from collections.abc import Callable
from concurrent.futures import Future

from studio.devices.device import DeviceInfo
from studio.devices.simulated_devices import simulated_devices
from studio.engine.threads import StudioThread, spawn
from studio.errors import RoleError, StudioError
from studio.host.codec import decode
from studio.host.pipe_frames import read_frame
from studio.host.protocol import Reply
from studio.host.role_names import Role
from studio.host.roles import StartedRole, start_with_pipes
from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns, wait_on

LIMIT_S = 5.0
CLOSE_S = 2.0
LOOK_INTERVAL = 20 * NS_PER_MS


class DevicesClient:
    """Discovers devices without ever blocking its caller. `discover` may be called again and again."""

    def __init__(self, on_note: Callable[[str], None] | None = None, *, limit_s: float = LIMIT_S) -> None:
        """`on_note` gets a sentence for people when the search failed; on a thread of ours."""
        self._on_note = on_note
        self._limit_s = limit_s
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[StudioThread] = []

    def discover(self, *, simulated: bool = True) -> Future[tuple[DeviceInfo, ...]]:
        """Look for devices; after five seconds, or if the search fails, the simulated ones and a note."""
        future: Future[tuple[DeviceInfo, ...]] = Future()
        future.set_running_or_notify_cancel()
        if self._closing.is_set():
            future.set_exception(RoleError("The search for devices is closed."))
            return future
        search = _Search(
            future, simulated=simulated, limit_s=self._limit_s, on_note=self._on_note, closing=self._closing
        )
        with self._lock:
            self._threads = [thread for thread in self._threads if thread.is_alive]
            self._threads.append(spawn("discovery", search.run, search.failed))
        return future

    def close(self) -> None:
        """End what still searches. Idempotent."""
        self._closing.set()
        with self._lock:
            threads, self._threads = self._threads, []
        for thread in threads:
            thread.join(CLOSE_S)


class _Search:
    """One search: a thread that reads the answer, watched by another that ends it in time."""

    def __init__(
        self,
        future: Future[tuple[DeviceInfo, ...]],
        *,
        simulated: bool,
        limit_s: float,
        on_note: Callable[[str], None] | None,
        closing: threading.Event,
    ) -> None:
        self._future = future
        self._simulated = simulated
        self._limit_s = limit_s
        self._on_note = on_note
        self._closing = closing
        self._answered = threading.Event()
        self._ended = threading.Event()
        self._found: tuple[DeviceInfo, ...] | None = None
        self._problem = f"Looking for microphones and cameras gave no answer within {limit_s:.0f} seconds."

    def run(self, cancelled: threading.Event) -> None:
        """Start the process, and end it when it answered, failed or took too long."""
        try:
            process = start_with_pipes(Role.DEVICES, () if self._simulated else ("--no-simulated",))
        except RoleError as error:
            self._fall_back(str(error))
            return
        reading = spawn("discovery-in", lambda _: self._read(process), self._note_failure)
        deadline = monotonic_ns() + int(self._limit_s * NS_PER_S)
        while not (self._closing.is_set() or monotonic_ns() > deadline):
            if wait_on(self._answered, LOOK_INTERVAL):
                break
        self._ended.set()
        process.kill()
        reading.join()
        process.end()
        if self._found is None:
            self._fall_back(self._problem)
        else:
            self._future.set_result(self._found)

    def failed(self, error: BaseException) -> None:
        """The thread failed: a bug, told to who waits."""
        if not self._future.done():
            self._future.set_exception(RoleError(f"The search for devices failed: {error!r}"))

    def _read(self, process: StartedRole) -> None:
        try:
            data = read_frame(process.output)
            reply = None if data is None else decode(data)
            if isinstance(reply, Reply) and isinstance(reply.value, tuple):
                self._found = reply.value
            elif not self._ended.is_set():  # after that, what it said last means nothing
                self._problem = "The process that looks for microphones and cameras ended unexpectedly."
        except (OSError, ValueError, StudioError) as error:
            if not self._ended.is_set():
                self._note_failure(error)
        finally:
            self._answered.set()

    def _note_failure(self, error: BaseException) -> None:
        self._problem = f"Looking for microphones and cameras failed: {error}."

    def _fall_back(self, problem: str) -> None:
        if self._on_note is not None and not self._closing.is_set():
            self._on_note(f"{problem} The simulated devices are offered. Look for devices again (Ctrl+R).")
        self._future.set_result(simulated_devices() if self._simulated else ())
