"""Folders of one test: home, settings, data, cache and the run directory."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

LONGEST = 20
PLAIN = re.compile(r"[\w/.+-]+", re.ASCII)
MARK = "STUDIO_TEST_PLACES"
"""Inherited by every process that a test starts, so that none can be left unnoticed."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a test's studio finds its user; nothing of the real user is seen or touched."""

    root: Path

    @classmethod
    @contextmanager
    def make(cls) -> Iterator[Self]:
        """Make the folders, and remove them in the end. Their path is short: a socket's must be."""
        root = Path(tempfile.mkdtemp(prefix="st-", dir=_plain_folder()))
        own = cls(root=root)
        try:
            for folder in (own.home, own.config, own.data, own.cache, own.state):
                folder.mkdir(parents=True)
            own.runtime.mkdir(mode=0o700)  # Qt and PulseAudio refuse a run directory that others may read
            yield own
        finally:
            shutil.rmtree(root, ignore_errors=True)

    @property
    def home(self) -> Path:
        """The user's home."""
        return self.root / "h"

    @property
    def config(self) -> Path:
        """Settings."""
        return self.home / ".config"

    @property
    def data(self) -> Path:
        """Data of programs."""
        return self.home / ".local" / "share"

    @property
    def state(self) -> Path:
        """State and logs of programs."""
        return self.home / ".local" / "state"

    @property
    def cache(self) -> Path:
        """What may be thrown away."""
        return self.home / ".cache"

    @property
    def runtime(self) -> Path:
        """Sockets, locks and rings."""
        return self.root / "r"

    @property
    def mark(self) -> tuple[str, str]:
        """The environment variable that marks this test's processes."""
        return MARK, str(self.root)

    def environment(self) -> dict[str, str]:
        """The variables that lead a program to these folders."""
        return {
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.config),
            "XDG_DATA_HOME": str(self.data),
            "XDG_STATE_HOME": str(self.state),
            "XDG_CACHE_HOME": str(self.cache),
            "XDG_RUNTIME_DIR": str(self.runtime),
            MARK: str(self.root),
        }


def _plain_folder() -> str:
    """The temporary folder, if sockets have room in it and the sound server of the laboratory can read it."""
    wanted = tempfile.gettempdir()
    return wanted if len(wanted) <= LONGEST and PLAIN.fullmatch(wanted) else "/tmp"
