"""Bad company at the recorder's connection: silent, babbling, gone in mid-message, or never reading."""

import os
import socket
import struct
import threading
from contextlib import ExitStack, suppress
from multiprocessing.connection import Client
from typing import Self

from studio.errors import StudioError
from studio.host.authentication import introduce
from studio.host.channel import Channel
from studio.host.codec import encode
from studio.host.endpoint import find_endpoint
from studio.host.protocol import GetStatus, Request
from studio.host.role_names import ENDPOINT_FILE
from studio.host.run_directory import RunDirectory

NEVER = threading.Event()
UNREAD = 3000
"""Requests whose answers are never read: more than the recorder keeps for one client."""


class BadCompany:
    """All of them at once, until `close`."""

    def __init__(self) -> None:
        endpoint = find_endpoint(RunDirectory.open().file(ENDPOINT_FILE))
        assert endpoint is not None
        self._endpoint = endpoint
        self._open = ExitStack()

    def come(self) -> None:
        """Connect and misbehave; returns when each has said what it wants to say."""
        self._stranger()
        for babble in (
            b"GET / HTTP/1.1\r\n\r\n",
            os.urandom(5000),
            struct.pack("!i", 2**31 - 1) + b"x" * 999,
        ):
            with suppress(OSError):  # dropped while it still talked
                self._stranger().sendall(babble)
        self._member_says(encode(Request(1, GetStatus()))[:50])
        self._member_says(b"\0" * 4000)
        self._member_stops_in_the_middle()
        self._member_never_reads()

    def close(self) -> None:
        """Leave. Idempotent."""
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _stranger(self) -> socket.socket:
        peer = self._open.enter_context(socket.socket(socket.AF_UNIX))
        peer.settimeout(30)
        peer.connect(self._endpoint.address)
        return peer

    def _member(self) -> tuple[Channel, int]:
        connection = self._open.enter_context(Client(self._endpoint.address))
        channel = Channel(connection)
        introduce(channel, self._endpoint.authkey, NEVER)
        return channel, connection.fileno()

    def _member_says(self, what: bytes) -> None:
        channel, _ = self._member()
        channel.send(what, NEVER, stall_s=30)

    def _member_stops_in_the_middle(self) -> None:
        _, handle = self._member()
        os.write(handle, struct.pack("!i", 1000) + b"x" * 100)

    def _member_never_reads(self) -> None:
        channel, _ = self._member()
        with suppress(OSError, EOFError, StudioError):  # dropped already
            for number in range(UNREAD):
                channel.send(encode(Request(number, GetStatus())), NEVER, stall_s=0.2)
