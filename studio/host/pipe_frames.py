"""Whole messages over the pipes of a role. Reading blocks; the end of a pipe is the end of its user."""

import os
import struct
import sys
from typing import IO

from studio.errors import RemoteProtocolError

_LENGTH = struct.Struct("!I")
MAXIMUM_BYTES = 256 * 1024 * 1024


def write_frame(pipe: IO[bytes], data: bytes) -> None:
    """Write a message and flush; raises OSError (BrokenPipeError when nobody reads any more)."""
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> bytes | None:
    """The next message; None at the end. Raises RemoteProtocolError for a broken one, OSError."""
    head = pipe.read(_LENGTH.size)
    if not head:
        return None
    (length,) = _LENGTH.unpack(head) if len(head) == _LENGTH.size else (MAXIMUM_BYTES + 1,)
    data = pipe.read(length) if length <= MAXIMUM_BYTES else b""
    if len(data) != length:
        raise RemoteProtocolError("the other process broke off in the middle of a message")
    return data


def claim_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Our pipes in and out, out of reach of libraries that print: what they say goes to the log."""
    queries, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(sys.stderr.fileno(), 1)
    return queries, answers
