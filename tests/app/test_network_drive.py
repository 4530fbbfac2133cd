"""Recording to a drive of another machine, and following a recording there, is said in words."""

import os
from pathlib import Path

import pytest

from studio.app.browse import Browser
from studio.app.network_drive import Mount, mounts, network_drive
from studio.app.recorder import Recorder
from studio.app.status import Severity
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from studio.timing import SystemClock
from tests.app.recording_devices import device
from tests.store.recordings import SCALAR, small_recording
from tests.waiting import wait_until


def table(folder: Path, kind: str, options: str = "rw") -> list[Mount]:
    """A volume of this kind at the folder, among others."""
    return [
        Mount(os.sep, "ext4", "rw"),
        Mount(f"{folder}-other", "nfs4", "rw"),
        Mount(str(folder), "autofs", "rw"),
        Mount(str(folder), kind, options),
        Mount(str(folder.parent), "ext4", "rw"),
    ]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("nfs4", "NFS"), ("cifs", "SMB"), ("fuse.sshfs", "SSHFS"), ("9p", "9P"), ("ext4", ""), ("tmpfs", "")],
)
def test_the_volume_that_holds_a_folder_counts(tmp_path: Path, kind: str, name: str) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    assert network_drive(drive / "not" / "yet", lambda: table(drive, kind)) == name
    assert network_drive(tmp_path, lambda: table(drive, kind)) == ""
    (tmp_path / "link").symlink_to(drive)
    assert network_drive(tmp_path / "link", lambda: table(drive, kind)) == name


def test_a_drive_that_is_only_known_to_be_remote_counts_too(tmp_path: Path) -> None:
    assert network_drive(tmp_path, lambda: table(tmp_path, "NTFS", "rw,remote")) == "network drive"


def test_the_disks_of_this_machine_are_none(tmp_path: Path) -> None:
    assert any(mount.place == os.sep for mount in mounts()) or os.name == "nt"
    assert network_drive(tmp_path) == ""


def test_who_records_to_one_is_warned_once(tmp_path: Path) -> None:
    def warnings(recorder: Recorder) -> list[str]:
        return [each.text for each in recorder.status().problems if each.severity is Severity.WARNING]

    with Recorder(SystemClock(), ask_network=lambda _: "NFS") as recorder:
        recorder.preview((device("imu"),))
        recorder.stop()
        assert not warnings(recorder)
        path = recorder.record((device("imu"),), tmp_path)
        wait_until(lambda: bool(warnings(recorder)), 20.0)
        recorder.stop()
        (text,) = warnings(recorder)
    assert f"network drive (NFS): {path.parent}" in text
    assert "disk of this computer" in text


def test_who_opens_one_that_grows_is_told_and_of_a_closed_one_nothing(tmp_path: Path) -> None:
    asked: list[Path] = []

    def ask(folder: Path) -> str:
        asked.append(folder)
        return "SMB"

    browser = Browser(ask_network=ask)
    writer = StoreWriter.create(tmp_path / "grows.h5")
    writer.add_streams([NewStream("numbers", SCALAR)])
    writer.flush()
    for _ in range(3):
        assert browser.open_recording(str(tmp_path / "grows.h5")).network == "SMB"
    assert asked == [tmp_path]  # once, not each time it has grown
    writer.close()
    assert browser.open_recording(str(tmp_path / "grows.h5")).network == ""
    assert browser.open_recording(str(small_recording(tmp_path / "closed.h5"))).network == ""
    browser.close()
