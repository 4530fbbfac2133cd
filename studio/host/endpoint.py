"""Where a process of the studio can be reached, published in the run directory by rename (decision 18)."""

import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from studio.host.own_files import replace_file


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Address and key of a process that listens."""

    address: str
    """Path of a Unix socket, or name of a Windows pipe."""
    authkey: bytes
    """Who knows it may command; it stands only in a file that nobody else can read."""
    pid: int

    @classmethod
    def new(cls, folder: Path, role: str) -> "Endpoint":
        """An address that no other process has, for this one to listen at."""
        name = f"{role}-{secrets.token_hex(8)}"
        address = rf"\\.\pipe\studio-{name}" if sys.platform == "win32" else str(folder / f"{name}.sock")
        return cls(address=address, authkey=secrets.token_bytes(32), pid=os.getpid())

    def publish(self, path: Path) -> None:
        """Let others find it at `path`; only after the listening has begun. Raises OSError."""
        text = json.dumps({"address": self.address, "authkey": self.authkey.hex(), "pid": self.pid})
        replace_file(path, text.encode())

    def withdraw(self, path: Path) -> None:
        """Take it back, unless another process has published there meanwhile. Idempotent."""
        if find_endpoint(path) == self:
            path.unlink(missing_ok=True)


def find_endpoint(path: Path) -> Endpoint | None:
    """What is published at `path`; None if nothing is, or nothing that can be understood."""
    try:
        found = json.loads(path.read_bytes())
        return Endpoint(
            address=str(found["address"]), authkey=bytes.fromhex(found["authkey"]), pid=int(found["pid"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
