"""The folder where the processes of one user's studio find each other: locks, endpoints, clock, logs, rings.

Owns where things lie and that nobody else may look in. Removing what dead processes left behind is the
business of the holder of the recorder's lock alone (decision 18).
"""

import os
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from studio.errors import RoleError
from studio.host.lives import lives

SOCKET_PATH_BYTES = 100
"""A Unix socket's path must be shorter than that (the kernel's limit is 108, on macOS 104)."""
_LONGEST_SOCKET_NAME = "recorder-0123456789abcdef.sock"


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """Folders of this user, made and checked."""

    path: Path
    """Locks, endpoints, sockets, logs. Short enough for sockets."""
    memory: Path
    """Rings: on tmpfs where there is one (decision 20)."""

    @classmethod
    def open(cls) -> "RunDirectory":
        """Make the folders if need be; raises RoleError if they belong to somebody else or cannot be made."""
        wanted = _wanted_folder()
        path = wanted if _fits_socket(wanted) else _short_folder()
        return cls(path=_own_folder(path), memory=_own_folder(_memory_folder(wanted)))

    def file(self, name: str) -> Path:
        """The file of that name."""
        return self.path / name

    def rings_folder(self, pid: int) -> Path:
        """A folder for the rings of the process `pid`, made empty."""
        folder = self.memory / f"rings-{pid}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        return folder

    def player_folder(self, pid: int) -> Path:
        """A folder for the pictures of the player `pid`, made empty; those of dead players are removed."""
        for folder in self.memory.glob("player-*"):
            owner = folder.name.removeprefix("player-")
            if owner == str(pid) or not (owner.isdigit() and lives(int(owner))):
                shutil.rmtree(folder, ignore_errors=True)
        folder = self.memory / f"player-{pid}"
        folder.mkdir(mode=0o700)
        return folder

    def sweep(self) -> None:
        """Remove what recorders that died have left; call only while holding the recorder's lock."""
        for leftover in (*self.path.glob("recorder-*.sock"), self.file("recorder.json")):
            leftover.unlink(missing_ok=True)
        for folder in self.memory.glob("rings-*"):
            shutil.rmtree(folder, ignore_errors=True)


def _wanted_folder() -> Path:
    """Where the system wants such folders; without one, a folder in the temporary directory."""
    if sys.platform != "linux":
        return Path(platformdirs.user_runtime_dir("studio", appauthor=False))
    bases = (os.environ.get("XDG_RUNTIME_DIR"), f"/run/user/{os.getuid()}")
    usable = (Path(base) for base in bases if base and os.path.isabs(base) and os.access(base, os.W_OK))
    return next((base / "studio" for base in usable if base.is_dir()), _short_folder())


def _fits_socket(folder: Path) -> bool:
    return len(os.fsencode(folder / _LONGEST_SOCKET_NAME)) < SOCKET_PATH_BYTES


def _short_folder() -> Path:
    name = f"studio-{_user()}"
    candidates = [Path(tempfile.gettempdir()) / name, Path("/tmp") / name]
    return next((folder for folder in candidates if _fits_socket(folder)), candidates[-1])


def _memory_folder(wanted: Path) -> Path:
    shared = Path("/dev/shm")
    if not os.environ.get("XDG_RUNTIME_DIR") and shared.is_dir() and os.access(shared, os.W_OK):
        return shared / f"studio-{_user()}"
    return wanted


def _user() -> str:
    return os.environ.get("USERNAME", "user") if sys.platform == "win32" else str(os.getuid())


def _own_folder(folder: Path) -> Path:
    """The folder, made if need be; nobody else may own it, look into it, or have put a link in its place."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.lstat()
        if sys.platform != "win32":
            if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid():
                raise RoleError(
                    f"The folder {folder} belongs to another user or is a link, so the studio does not "
                    "trust it. Remove it, or set XDG_RUNTIME_DIR to a folder of your own."
                )
            if state.st_mode & 0o077:
                folder.chmod(0o700)
    except OSError as error:
        raise RoleError(
            f"The folder {folder}, which the parts of the studio need to find each other, cannot be made: "
            f"{error.strerror or error}. Set XDG_RUNTIME_DIR to a folder that you may write to."
        ) from error
    return folder
