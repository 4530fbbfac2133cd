"""Keeps what the streams of a recording say where they are many and it has no table of contents.

To look into each of a hundred thousand streams takes half a minute. Only a shortcut: a file that has changed
since is looked into again, and a memory that is lost or damaged costs time, nothing else.
"""

import hashlib
import json
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import platformdirs

from studio.app.file_identity import identity_of
from studio.store.contents import Contents, contents_in, tables_of
from studio.timing import NS_PER_MS, Duration, monotonic_ns

VERSION = 1
MOST_KEPT = 50
"""Recordings; the one that was written longest ago is forgotten for the next."""
TELL_INTERVAL: Duration = 250 * NS_PER_MS

_log = logging.getLogger(__name__)


def listings_folder() -> Path:
    """The user's memory of streams."""
    return platformdirs.user_cache_path("studio", appauthor=False) / "listings"


class ListingMemory:
    """A folder with a file for each recording. Belongs to one thread."""

    def __init__(
        self, folder: Path | None = None, *, on_progress: Callable[[Path, float], None] | None = None
    ) -> None:
        """`on_progress` hears now and then how much is done, from 0 to 1."""
        self._folder = folder if folder is not None else listings_folder()
        self._on_progress = on_progress
        self._told = 0

    def load(self, path: Path) -> Contents | None:
        """What was kept of the file as it is now; None: nothing."""
        try:
            with self._place(path).open("rb") as file, np.load(file, allow_pickle=False) as kept:
                if str(kept["key"]) != _key(path):
                    return None
                return contents_in({name: kept[name] for name in kept.files})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            _log.warning("the streams of %s are looked into anew: %s", path, error)
            return None

    def keep(self, path: Path, contents: Contents) -> None:
        """For the next time. A disk that refuses costs only time."""
        place = self._place(path)
        unfinished = place.with_name(f"{place.name}.{os.getpid()}.new")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with unfinished.open("wb") as file:
                tables: dict[str, Any] = {"key": np.array(_key(path)), **tables_of(contents)}
                np.savez(file, **tables)
            unfinished.replace(place)
            self._forget_oldest()
        except OSError as error:
            _log.warning("what is known of the streams of %s cannot be kept: %s", path, error)
            with suppress(OSError):
                unfinished.unlink()

    def tell(self, path: Path, done: int, streams: int) -> None:
        """So many have been looked into; passed on now and then."""
        now = monotonic_ns()
        if self._on_progress is not None and now - self._told >= TELL_INTERVAL:
            self._told = now
            self._on_progress(path, done / max(1, streams))

    def _place(self, path: Path) -> Path:
        digest = hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()
        return self._folder / f"{digest[:32]}.npz"

    def _forget_oldest(self) -> None:
        kept = sorted(self._folder.glob("*.npz"), key=lambda each: each.stat().st_mtime_ns)
        for each in kept[:-MOST_KEPT]:
            each.unlink()


def _key(path: Path) -> str:
    return json.dumps([VERSION, str(path), asdict(identity_of(path.stat()))])
