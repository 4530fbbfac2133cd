"""One window for each user: a second start raises the first and ends (decision 18)."""

import threading
from collections.abc import Callable
from typing import Any

from studio.errors import RemoteProtocolError
from studio.host.codec import decode, encode
from studio.host.endpoint import Endpoint, find_endpoint
from studio.host.file_lock import FileLock
from studio.host.local_server import LocalServer
from studio.host.protocol import RaiseWindow, Reply, Request
from studio.host.recorder_search import connect
from studio.host.role_names import WINDOW_ENDPOINT_FILE, WINDOW_LOCK_FILE
from studio.host.run_directory import RunDirectory
from studio.host.served_client import ServedClient

ANSWER_S = 2.0


class WindowInstance:
    """The right to be the window; listens for later starts until `close`."""

    def __init__(self, directory: RunDirectory, lock: FileLock, on_raise: Callable[[], None]) -> None:
        self._directory = directory
        self._lock = lock
        self._on_raise = on_raise
        self._endpoint = Endpoint.new(directory.path, "window")
        self._server = LocalServer(self._endpoint, self, self._failed)
        self.error: BaseException | None = None

    @classmethod
    def claim(cls, directory: RunDirectory, on_raise: Callable[[], None]) -> "WindowInstance | None":
        """Be the window; `on_raise` is called on another thread when a second one is started.

        None if there is a window already; it was asked to show itself. Raises RoleError.
        """
        lock = FileLock.try_take(directory.file(WINDOW_LOCK_FILE))
        if lock is None:
            raise_other_window(directory)
            return None
        instance = cls(directory, lock, on_raise)
        instance._open()
        return instance

    def close(self) -> None:
        """Give the right back. Idempotent."""
        self._endpoint.withdraw(self._directory.file(WINDOW_ENDPOINT_FILE))
        self._server.close()
        self._lock.release()

    def joined(self, client: ServedClient) -> None:
        """A second start has come."""

    def left(self, client: ServedClient) -> None:
        """It is gone."""

    def received(self, client: ServedClient, message: Any) -> None:
        """It asks us to show ourselves."""
        if isinstance(message, Request) and isinstance(message.body, RaiseWindow):
            client.reply(Reply(message.number, None))
            self._on_raise()
        else:
            client.drop(f"it sent a {type(message).__name__}")

    def _open(self) -> None:
        for stale in self._directory.path.glob("window-*.sock"):
            stale.unlink(missing_ok=True)
        self._server.open()
        self._endpoint.publish(self._directory.file(WINDOW_ENDPOINT_FILE))

    def _failed(self, error: BaseException) -> None:
        self.error = self.error or error


def raise_other_window(directory: RunDirectory) -> bool:
    """Ask the window that runs to show itself; whether it answered."""
    endpoint = find_endpoint(directory.file(WINDOW_ENDPOINT_FILE))
    never = threading.Event()
    channel = None if endpoint is None else connect(endpoint, never)
    if channel is None:
        return False
    try:
        channel.send(encode(Request(1, RaiseWindow())), never, stall_s=ANSWER_S)
        return isinstance(decode(channel.receive(never, timeout_s=ANSWER_S)), Reply)
    except (OSError, EOFError, RemoteProtocolError):
        return False
    finally:
        channel.close()
