"""How a recording comes to be: its place claimed, the file made whole before it appears, and made durable."""

import importlib.metadata
import json
import os
import platform
from pathlib import Path
from typing import Any

from studio.errors import StoreEnvironmentError
from studio.store import layout
from studio.store.clock_writer import create_clock
from studio.store.commits import create_commits
from studio.store.opening import open_for_creating
from studio.store.sidecar import SideCar
from studio.store.stream_writer import StreamWriter
from studio.timing import Timestamp


def create_file(
    path: Path, session_id: str, created: Timestamp, log: StreamWriter, derivation: dict[str, Any]
) -> None:
    """Everything that a recording without streams has."""
    with open_for_creating(path) as file:
        file.attrs["format"] = layout.FORMAT
        file.attrs["format_version"] = layout.FORMAT_VERSION
        file.attrs["studio_version"] = importlib.metadata.version("studio")
        file.attrs["machine"] = platform.node()
        file.attrs["created"] = created
        file.attrs["session_id"] = layout.shown(session_id)
        file.attrs["clean"] = 0
        file.attrs["recovered"] = 0
        if derivation:
            file.attrs[layout.DERIVATION] = json.dumps(derivation)
        file.attrs["time_unit"] = "ns since 1970-01-01T00:00 UTC"
        file.create_group(layout.STREAMS, track_order=True)
        create_clock(file)
        create_commits(file)
        file[layout.LOG] = log.create(file)


def claim(path: Path) -> SideCar:
    """Take the lock of a recording that is to be; StoreEnvironmentError if the place is not free."""
    if not path.parent.is_dir():
        raise StoreEnvironmentError(f"the folder {path.parent} does not exist; make it or choose another one")
    if path.exists():
        raise StoreEnvironmentError(f"{path} exists already; a recording is never overwritten")
    sidecar = SideCar.take(path)
    if sidecar is None:
        raise StoreEnvironmentError(f"{path} is being recorded by another program; choose another name")
    return sidecar


def sync(path: Path) -> None:
    """Guard against power loss; the data is safe from a dying process without it (decision 25)."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        if hasattr(os, "fdatasync"):
            os.fdatasync(descriptor)
        else:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
