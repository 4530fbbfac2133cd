"""Finds the running recorder, or starts one, and connects to it (decision 18)."""

import threading
from collections.abc import Sequence
from multiprocessing.connection import Client

from studio.errors import RemoteProtocolError, RoleError
from studio.host.authentication import introduce
from studio.host.channel import Channel
from studio.host.endpoint import Endpoint, find_endpoint
from studio.host.role_names import ANOTHER_HAS_THE_LOCK, ENDPOINT_FILE, Role
from studio.host.roles import StartedRole, start_detached
from studio.host.run_directory import RunDirectory
from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns, wait_on

START_LIMIT_S = 30.0
"""A recorder that cannot be reached for so long after it was started is a failure."""
LOOK_INTERVAL = 20 * NS_PER_MS
ANOTHER_RUNS_INTERVAL = 300 * NS_PER_MS
"""Between two starts while a recorder that cannot be reached (it is ending, or stopped) holds the lock."""


def connect(endpoint: Endpoint, cancelled: threading.Event) -> Channel | None:
    """A channel to that process after both proved to know the key; None if it cannot be had."""
    try:
        channel = Channel(Client(endpoint.address))
    except OSError:
        return None
    try:
        introduce(channel, endpoint.authkey, cancelled)
    except (OSError, EOFError, RemoteProtocolError):
        channel.close()
        return None
    return channel


class RecorderSearch:
    """Belongs to the connection thread of one client. Remembers the process it started, if any."""

    def __init__(
        self, directory: RunDirectory, arguments: Sequence[str] = (), started: StartedRole | None = None
    ) -> None:
        """`started`: a recorder that is on its way already, and ours from now on."""
        self._file = directory.file(ENDPOINT_FILE)
        self._log = directory.file(f"{Role.RECORDER.value}.log")
        self._arguments = tuple(arguments)
        self._started = started
        self._was_reached = False
        """Since the last start: the end of a recorder that was reached is not a failed start."""

    def attach(self, cancelled: threading.Event) -> Channel | None:
        """A channel to the recorder that runs; None if there is none."""
        endpoint = find_endpoint(self._file)
        channel = None if endpoint is None else connect(endpoint, cancelled)
        self._was_reached |= channel is not None
        return channel

    def attach_or_start(self, cancelled: threading.Event) -> Channel | None:
        """A channel to a recorder, started if need be; None when cancelled. Raises RoleError."""
        deadline = monotonic_ns() + int(START_LIMIT_S * NS_PER_S)
        while not cancelled.is_set():
            channel = self.attach(cancelled)
            if channel is not None:
                return channel
            self._start_if_none(cancelled)
            if monotonic_ns() > deadline:
                raise RoleError(
                    "A recorder process was started or runs already, but cannot be reached. "
                    f"Its log is {self._log}."
                )
            wait_on(cancelled, LOOK_INTERVAL)
        return None

    def let_go(self) -> None:
        """The recorder outlives us; an ended one is laid to rest. Idempotent."""
        if self._started is not None:
            self._started.let_go()
            self._started = None

    def _start_if_none(self, cancelled: threading.Event) -> None:
        """Start one, unless the one started before is still on its way or found that another one runs."""
        code = None if self._started is None else self._started.exit_code()
        if self._started is not None and code is None:
            return
        if code == ANOTHER_HAS_THE_LOCK:
            wait_on(cancelled, ANOTHER_RUNS_INTERVAL)
        if code not in (None, 0, ANOTHER_HAS_THE_LOCK) and not self._was_reached:
            self._started = None
            raise RoleError(
                f"The recorder process ended right after its start (exit code {code}). "
                f"Its log is {self._log}."
            )
        self._was_reached = False
        self._started = start_detached(Role.RECORDER, self._arguments)
