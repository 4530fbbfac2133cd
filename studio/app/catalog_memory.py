"""Keeps what was read of recordings from start to start, so that thousands need not be opened again.

Only a shortcut: a file that has changed since is opened, and a memory that is lost or damaged costs time,
nothing else. Of a recording that is live or cannot be read nothing is kept.
"""

import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import platformdirs

from studio.app.file_identity import Identity
from studio.app.session_entries import PartitionEntry

VERSION = 1
"""Of what is kept; another one is forgotten."""
MOST_ENTRIES = 50_000
Known = tuple[Identity, PartitionEntry]

_log = logging.getLogger(__name__)
_FIELDS = frozenset(field.name for field in fields(PartitionEntry))


def memory_path() -> Path:
    """The user's memory of recordings."""
    return platformdirs.user_cache_path("studio", appauthor=False) / "recordings.json"


class CatalogMemory:
    """One file. Belongs to one thread."""

    def __init__(self, place: Path | None = None) -> None:
        self._place = place if place is not None else memory_path()

    def load(self) -> dict[str, Known]:
        """What was kept, by path; nothing if it cannot be read."""
        try:
            document = json.loads(self._place.read_bytes())
            if document["version"] != VERSION:
                return {}
            return {path: _known(line) for path, line in document["recordings"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            _log.warning("what was known of recordings is read anew: %s", error)
            return {}

    def save(self, known: Mapping[str, Known]) -> None:
        """Keep this instead. A disk that refuses costs only the next start's time."""
        kept = [(path, each) for path, each in known.items() if not (each[1].live or each[1].problem)]
        lines = {path: [asdict(identity), asdict(entry)] for path, (identity, entry) in kept[-MOST_ENTRIES:]}
        unfinished = self._place.with_name(f"{self._place.name}.{os.getpid()}.new")
        try:
            self._place.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(json.dumps({"version": VERSION, "recordings": lines}), encoding="ascii")
            unfinished.replace(self._place)
        except OSError as error:
            _log.warning("what is known of recordings cannot be kept: %s", error)
            with suppress(OSError):
                unfinished.unlink()


def _known(line: Any) -> Known:
    identity, entry = line
    if set(entry) != _FIELDS:
        raise ValueError("the fields of another studio")
    return Identity(**identity), PartitionEntry(**{**entry, "devices": tuple(entry["devices"])})
