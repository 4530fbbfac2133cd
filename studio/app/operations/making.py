"""Makes a file or a folder appear at its name complete and durable, or not at all. Overwrites nothing.

The work lies in a hidden folder beside the target: `.NAME.making-XXXXXXXX`, with a lock in it that dies with
the process. A folder of that name whose lock is free was left by a process that was killed, and is removed.
"""

import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.app.free_names import numbered_names
from studio.app.operations.progress import Progress
from studio.errors import StoreEnvironmentError
from studio.store.sidecar import SideCar, is_being_written, sidecar_path
from studio.timing import NS_PER_S, SystemClock

_RESULT = "result.part"
_PATTERN = re.compile(r"\..*\.making-[0-9a-f]{8}")
_NAME_BYTES = 100
_YOUNG_FOR = 60 * NS_PER_S
"""A folder without a lock is that of a process that was just about to take it, or died right then."""


class Making:
    """Something that is being made. `place` is where to write it, as a file or as a folder."""

    def __init__(self, target: Path, folder: Path) -> None:
        self._target = target
        self._folder = folder
        self._beside: list[str] = []
        self.place = folder / _RESULT

    def beside(self, suffix: str) -> Path:
        """Where to write a file that shall stand beside the result, its name the same with this suffix."""
        self._beside.append(suffix)
        return self._folder / (_RESULT + suffix)

    def finish(self, *, replace: bool = False) -> Path:
        """Bring it to the disk and give it its name, or the next free one; where it is now.

        `replace`: instead of what has that name, in one step. Raises StoreEnvironmentError.
        """
        places = {suffix: self._folder / (_RESULT + suffix) for suffix in self._beside}
        try:
            for place in (*places.values(), self.place):
                _bring_to_disk(place)
            if replace and not places:
                final = _replaced(self.place, self._target)
            else:
                final = _given_names(self.place, self._target, places)
            _sync_folder(final.parent)
        except OSError as error:
            raise cannot_write(self._target, error) from error
        return final


@contextmanager
def making(target: Path, progress: Progress) -> Iterator[Making]:
    """A place to make `target` in; whatever is still there when the block ends is removed.

    Raises StoreEnvironmentError when the folder of `target` cannot be made or written.
    """
    target = target.expanduser().absolute()
    folder = target.parent / f".{_shortened(target.name)}.making-{uuid.uuid4().hex[:8]}"
    lock = None
    try:  # around all of it: Ctrl+C may come at any moment
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_stale(target.parent)
        progress.makes(str(folder))
        folder.mkdir()
        lock = SideCar.take(folder / _RESULT)
        yield Making(target, folder)
    except OSError as error:
        if isinstance(error, StoreEnvironmentError):
            raise
        raise cannot_write(target, error) from error
    finally:
        if lock is not None:
            lock.release()  # first: where a file that is open cannot be removed, its folder would stay
        shutil.rmtree(folder, ignore_errors=True)


def remove_stale(folder: Path) -> None:
    """Remove what killed processes left half-made in `folder`."""
    for entry in list(folder.iterdir()):
        remove_unfinished(entry)


def remove_unfinished(folder: Path) -> bool:
    """Remove the folder of a making whose process is gone; False if it is none, or somebody works in it."""
    if not _PATTERN.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
        return False
    if is_being_written(folder / _RESULT) or _is_just_begun(folder):
        return False
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def cannot_write(target: Path, error: OSError) -> StoreEnvironmentError:
    """What to tell of an error while `target` was made."""
    reason = error.strerror or str(error) or type(error).__name__
    return StoreEnvironmentError(
        f"{target.name} cannot be written into {target.parent}: {reason}. Nothing was left behind; "
        "free some space or choose another folder."
    )


def _is_just_begun(folder: Path) -> bool:
    try:
        young = SystemClock().now() - folder.stat().st_mtime_ns < _YOUNG_FOR
    except FileNotFoundError:
        return True  # it has just ended
    return young and not sidecar_path(folder / _RESULT).exists()


def _shortened(name: str) -> str:
    return name.encode("utf-8", "replace")[:_NAME_BYTES].decode("utf-8", "ignore")


def _bring_to_disk(place: Path) -> None:
    files = [path for path in place.rglob("*") if path.is_file()] if place.is_dir() else [place]
    for path in files:
        descriptor = os.open(path, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _replaced(place: Path, target: Path) -> Path:
    os.replace(place, target)
    return target


def _given_names(place: Path, target: Path, beside: dict[str, Path]) -> Path:
    """The first name that is free for all; what stands beside the result is there before it."""
    suffix = "" if place.is_dir() else target.suffix
    for name in numbered_names(target.name.removesuffix(suffix), suffix):
        final = target.with_name(name)
        moves = [(source, _companion(final, suffix, end)) for end, source in beside.items()]
        moves.append((place, final))
        if any(path.exists() or path.is_symlink() for _, path in moves):
            continue
        if _moved(moves):
            return final
    raise AssertionError("names never end")


def _companion(final: Path, suffix: str, end: str) -> Path:
    return final.with_name(final.name.removesuffix(suffix) + end)


def _moved(moves: list[tuple[Path, Path]]) -> bool:
    """Whether all could be moved; those that were are taken back if one of the names was taken by then."""
    for number, (source, final) in enumerate(moves):
        try:
            _move(source, final)
        except FileExistsError:
            for earlier, moved in moves[:number]:
                moved.rename(earlier)
            return False
    return True


def _move(place: Path, final: Path) -> None:
    if place.is_dir():
        place.rename(final)
        return
    try:
        os.link(place, final)  # fails if it exists, which rename on POSIX does not
    except FileExistsError:
        raise
    except OSError:  # no hard links here (FAT, some network drives)
        place.rename(final)
    else:
        place.unlink()


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
