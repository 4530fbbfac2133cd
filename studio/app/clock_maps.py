"""The side-car `NAME.clock.json`: how the times of a recording are corrected. The recording stays as it is.

To apply it in Python: `read_clock_map(path).correct(times)` gives the corrected times of any of its times.
Elsewhere: between two knots `[recorded, corrected]` the difference grows evenly; before the first and after
the last it stays as it is there.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from studio.errors import StoreEnvironmentError, StoreFormatError
from studio.formats.recording import RecordingInfo
from studio.store import layout
from studio.timing import Timestamp
from studio.timing.clock_correction import Correction
from studio.timing.clock_map import ClockMap

SUFFIX = ".clock.json"
FORMAT = "studio clock correction"
FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class StoredMap:
    """What a side-car says."""

    clock_map: ClockMap
    created: Timestamp
    """When the recording it belongs to was begun: another one has another."""


def clock_map_path(recording: Path) -> Path:
    """Where the correction of a recording stands."""
    return recording.with_name(recording.name.removesuffix(layout.SUFFIX) + SUFFIX)


def document_of(info: RecordingInfo, corrections: tuple[Correction, ...]) -> dict[str, Any]:
    """The side-car as JSON has it."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "recording": info.name,
        "session_id": info.session_id,
        "created": info.created,
        "unit": "ns since 1970-01-01T00:00 UTC; durations in ns",
        "largest_change": max(each.clock_map.largest_change for each in corrections),
        "remaining_bound_p50": max(each.bound_figures[0] for each in corrections),
        "remaining_bound_p99": max(each.bound_figures[1] for each in corrections),
        "remaining_bound_max": max(each.bound_figures[2] for each in corrections),
        "pieces": [asdict(piece) for each in corrections for piece in each.pieces],
        "columns": ["recorded", "corrected"],
        "knots": _knots(joined_map(corrections)),
    }


def joined_map(corrections: tuple[Correction, ...]) -> ClockMap:
    """One map for all logs of a recording. Raises StoreFormatError where their times overlap."""
    maps = [each.clock_map for each in corrections]
    try:
        return ClockMap(
            np.concatenate([each.recorded for each in maps]),
            np.concatenate([each.corrected for each in maps]),
        )
    except ValueError as error:
        raise StoreFormatError(
            "The corrected times of the recordings that this one was joined of overlap; correct each of them "
            "before they are joined."
        ) from error


def write_clock_map(recording: Path, document: dict[str, Any]) -> Path:
    """Put it beside its recording, in one step, in place of an earlier one. Raises StoreEnvironmentError."""
    path = clock_map_path(recording)
    unfinished = path.with_name(path.name + ".new")
    try:
        with unfinished.open("w", encoding="ascii") as file:
            json.dump(document, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise StoreEnvironmentError(
            f"The correction cannot be written to {path}: {error.strerror or error}."
        ) from error
    return path


def read_clock_map(recording: Path) -> ClockMap | None:
    """How the times of a recording are to be corrected; None where nothing of that stands beside it.

    Raises StoreFormatError for a file that is none, and StoreEnvironmentError for one that cannot be read.
    """
    stored = read_stored_map(recording)
    return None if stored is None else stored.clock_map


def read_stored_map(recording: Path) -> StoredMap | None:
    """The same, with whose it is."""
    path = clock_map_path(recording)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreEnvironmentError(f"The correction {path} cannot be read: {error}.") from error
    try:
        said = json.loads(text)
        if said["format"] != FORMAT or int(said["format_version"]) > FORMAT_VERSION:
            raise ValueError("it is of another kind or of a newer studio")
        knots = np.array(said["knots"], np.int64).reshape(-1, 2)
        return StoredMap(ClockMap(knots[:, 0], knots[:, 1]), int(said["created"]))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise StoreFormatError(f"{path} holds no correction of a clock: {error}.") from error


def _knots(clock_map: ClockMap) -> list[list[int]]:
    return np.stack((clock_map.recorded, clock_map.corrected), axis=1).tolist()  # type: ignore[no-any-return]
