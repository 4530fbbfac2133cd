"""Volumes of their own that get into trouble in earnest: hanging, read-only. Skips without the rights."""

import gc
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

MEGABYTE = 1 << 20
LONGEST_S = 120


@dataclass(frozen=True, slots=True)
class Volume:
    """A file system in a file, mounted at `place`."""

    place: Path

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Whoever writes waits in the kernel, as on a disk that does not answer, until the block ends.

        What of h5py dies in a thread meanwhile makes it wait, too, for the one lock of HDF5: so what earlier
        tests left has to be gone. Should ours wait all the same, another process lets the disk go on.
        """
        gc.collect()
        _run("fsfreeze", "--freeze", str(self.place))
        line = f"sleep {LONGEST_S}; fsfreeze --unfreeze '{self.place}'"
        ender = subprocess.Popen(["sh", "-c", line], start_new_session=True)
        try:
            yield
        finally:
            os.killpg(ender.pid, signal.SIGKILL)
            ender.wait()
            _run("fsfreeze", "--unfreeze", str(self.place))

    def fail(self) -> None:
        """The journal has failed: from now on the file system is read-only, also for files that are open."""
        _run("mount", "-o", "remount,abort", str(self.place))


@contextmanager
def ext4(folder: Path, megabytes: int = 400) -> Iterator[Volume]:
    """An ext4 of that size, sparse: of the disk below it takes what is written."""
    image, place = folder / "disk.img", folder / "disk"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(megabytes * MEGABYTE)
    made = subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], capture_output=True, check=False)
    if made.returncode == 0:
        made = subprocess.run(
            ["mount", "-o", "loop", str(image), str(place)], capture_output=True, check=False
        )
    if made.returncode:
        pytest.skip("a volume of its own needs ext4 and the right to mount")
    try:
        yield Volume(place)
    finally:
        _run("umount", str(place))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=60)
