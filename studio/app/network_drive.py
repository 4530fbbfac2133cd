"""Tells whether a place is on a network drive. Looks at the table of mounts, never at the drive itself.

A recording that is being written can only be followed reliably on a disk of the machine that writes it: over
a network, parts of the file may arrive in another order than they were written (HDF5 says so of its single
writer and many readers), and a lost connection loses what was on its way.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from studio.app.problems import ProblemList
from studio.app.status import Severity
from studio.app.volume import existing_folder

KINDS = {
    "nfs": "NFS",
    "nfs4": "NFS",
    "cifs": "SMB",
    "smb2": "SMB",
    "smb3": "SMB",
    "smbfs": "SMB",
    "afpfs": "AFP",
    "afs": "AFS",
    "ncpfs": "NetWare",
    "9p": "9P",
    "vboxsf": "VirtualBox folder",
    "davfs": "WebDAV",
    "webdav": "WebDAV",
    "ceph": "Ceph",
    "glusterfs": "GlusterFS",
    "lustre": "Lustre",
    "beegfs": "BeeGFS",
    "gpfs": "GPFS",
    "sshfs": "SSHFS",
    "rclone": "rclone",
    "s3fs": "S3",
}
"""File systems of other machines, and what people call them."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A volume and where it is found."""

    place: str
    kind: str
    """As the system calls its file system; programs' own ones begin with `fuse.`."""
    options: str = ""


Ask = Callable[[], Sequence[Mount]]
AskNetwork = Callable[[Path], str]
"""What kind of network drive a folder is on; empty: a disk of this machine."""


def mounts() -> tuple[Mount, ...]:
    """All volumes of this machine, in the order in which they were mounted."""
    return tuple(Mount(each.mountpoint, each.fstype, each.opts) for each in psutil.disk_partitions(all=True))


def network_drive(folder: Path, ask: Ask = mounts) -> str:
    """What kind of network drive a folder, which need not exist yet, is on: `NFS`; empty: none."""
    place = os.path.realpath(existing_folder(folder))
    if place.startswith("\\\\"):
        return "SMB"
    found = Mount("", "")
    for mount in ask():  # of several in one place the last one counts
        if _holds(mount.place, place) and len(mount.place) >= len(found.place):
            found = mount
    name = KINDS.get(found.kind.lower().removeprefix("fuse."), "")
    return name or ("network drive" if "remote" in found.options.split(",") else "")


def _holds(mounted: str, place: str) -> bool:
    top = os.path.normcase(mounted).rstrip(os.sep)
    path = os.path.normcase(place)
    return path == top or path.startswith(top + os.sep)


def warn_of_network(recording: Path | None, problems: ProblemList, ask: AskNetwork) -> None:
    """Who records to a drive of another machine should know what it may cost; None: nothing is written."""
    network = "" if recording is None else ask(recording.parent)
    if recording is not None and network:
        problems.add(
            Severity.WARNING,
            f"This recording is written to a network drive ({network}): {recording.parent}. If the network "
            "fails so does the recording, and who follows it from another computer may see it late or not at "
            "all. Better record to a disk of this computer, and move the session when it is over.",
        )
