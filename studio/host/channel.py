"""Whole messages over a local connection, without ever being stuck in it.

Owns the connection's handle. A message is its length (4 bytes, big-endian) and its bytes, as
`multiprocessing.connection` frames them. Receiving and sending may each be done by one thread; both look at
an event and at a deadline, so that a peer that is silent, slow or stopped in mid-message holds nobody.
"""

import os
import struct
import sys
import threading
from multiprocessing.connection import Connection, wait
from typing import Any

from studio.errors import RemoteProtocolError
from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns, wait_on

_LENGTH = struct.Struct("!i")
MAXIMUM_BYTES = 256 * 1024 * 1024
POLL_S = 0.05
FULL_PIPE_PAUSE = 2 * NS_PER_MS
_PIECE_BYTES = 1 << 16


class ChannelEndedError(EOFError):
    """The other end closed the connection, or we were told to end."""


class Channel:
    """One connection. `close` only after the threads that use it have ended."""

    def __init__(self, connection: "Connection | Any") -> None:
        self._connection = connection
        if sys.platform != "win32":
            os.set_blocking(connection.fileno(), False)

    def receive(
        self, cancelled: threading.Event, *, timeout_s: float | None = None, limit: int = MAXIMUM_BYTES
    ) -> bytes:
        """The next message of at most `limit` bytes.

        Raises ChannelEndedError at the end of the connection or when `cancelled` is set, TimeoutError,
        RemoteProtocolError for a length out of bounds, OSError.
        """
        deadline = _deadline(timeout_s)
        if sys.platform == "win32":  # pragma: no cover
            return self._receive_whole(cancelled, deadline, limit)
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size, cancelled, deadline))
        if not 0 <= length <= limit:
            raise RemoteProtocolError(
                f"a message of {length} bytes was announced; at most {limit} are allowed"
            )
        return self._read(length, cancelled, deadline)

    def send(self, data: bytes, cancelled: threading.Event, *, stall_s: float) -> None:
        """Send a message.

        Raises TimeoutError when the other end takes nothing for `stall_s`, ChannelEndedError, OSError.
        """
        if sys.platform == "win32":  # pragma: no cover
            self._connection.send_bytes(data)
            return
        self._write(memoryview(_LENGTH.pack(len(data)) + data), cancelled, stall_s)

    def close(self) -> None:
        """Let the other end see the end of the connection. Idempotent."""
        self._connection.close()

    def _read(self, count: int, cancelled: threading.Event, deadline: int | None) -> bytes:
        # Grows with what really arrives: announcing much costs the other end, not us.
        data = bytearray()
        while len(data) < count:
            self._wait_until_readable(cancelled, deadline)
            if deadline is not None and monotonic_ns() > deadline:
                raise TimeoutError("the other end is too slow")
            try:
                piece = os.read(self._connection.fileno(), min(count - len(data), _PIECE_BYTES))
            except BlockingIOError:
                continue
            if not piece:
                raise ChannelEndedError("the other end closed the connection")
            data += piece
        return bytes(data)

    def _wait_until_readable(self, cancelled: threading.Event, deadline: int | None) -> None:
        while not wait([self._connection], POLL_S):
            if cancelled.is_set():
                raise ChannelEndedError("told to end")
            if deadline is not None and monotonic_ns() > deadline:
                raise TimeoutError("the other end sent nothing in time")

    def _write(self, rest: memoryview, cancelled: threading.Event, stall_s: float) -> None:
        deadline = _deadline(stall_s)
        while rest:
            try:
                written = os.write(self._connection.fileno(), rest[:_PIECE_BYTES])
            except BlockingIOError:
                if wait_on(cancelled, FULL_PIPE_PAUSE):
                    raise ChannelEndedError("told to end") from None
                if deadline is not None and monotonic_ns() > deadline:
                    raise TimeoutError("the other end takes nothing any more") from None
                continue
            rest = rest[written:]
            deadline = _deadline(stall_s)

    def _receive_whole(
        self, cancelled: threading.Event, deadline: int | None, limit: int
    ) -> bytes:  # pragma: no cover
        """Windows: pipes carry whole messages."""
        self._wait_until_readable(cancelled, deadline)
        return bytes(self._connection.recv_bytes(limit))


def _deadline(timeout_s: float | None) -> int | None:
    return None if timeout_s is None else monotonic_ns() + int(timeout_s * NS_PER_S)
