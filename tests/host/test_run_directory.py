"""Where processes find each other: short, private, shared by nobody else, swept of what the dead left."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from studio.errors import RoleError
from studio.host.endpoint import Endpoint, find_endpoint
from studio.host.file_lock import FileLock
from studio.host.run_directory import SOCKET_PATH_BYTES, RunDirectory
from tests.lab.places import Places


def test_the_folders_are_made_for_this_user_only(places: Places) -> None:
    directory = RunDirectory.open()
    assert directory.path.is_relative_to(places.runtime)
    assert stat.S_IMODE(directory.path.stat().st_mode) == 0o700
    assert directory == RunDirectory.open()


def test_a_folder_that_others_could_look_into_is_closed_to_them(places: Places) -> None:
    (places.runtime / "studio").mkdir(mode=0o755)
    assert stat.S_IMODE(RunDirectory.open().path.stat().st_mode) == 0o700


def test_a_long_path_gives_way_to_a_short_one(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("x" * 90)
    deep.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    short = places.root / "t"
    monkeypatch.setattr("tempfile.tempdir", str(short))
    directory = RunDirectory.open()
    address = Endpoint.new(directory.path, "recorder").address
    assert len(os.fsencode(address)) < SOCKET_PATH_BYTES
    assert directory.path == short / f"studio-{os.getuid()}"
    assert directory.memory.is_relative_to(deep)  # rings have no need to be short


def test_a_link_in_its_place_is_not_trusted(places: Places, tmp_path: Path) -> None:
    (places.runtime / "studio").symlink_to(tmp_path)
    with pytest.raises(RoleError, match="does not trust"):
        RunDirectory.open()


def test_a_folder_of_another_user_is_not_trusted(places: Places) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs the right to give files away")
    folder = places.runtime / "studio"
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    with pytest.raises(RoleError, match="another user"):
        RunDirectory.open()


def test_a_place_that_cannot_be_made_is_a_clear_error(places: Places) -> None:
    (places.runtime / "studio").write_text("a file where the folder should be")
    with pytest.raises(RoleError, match="cannot be made"):
        RunDirectory.open()


def test_what_dead_recorders_left_is_swept() -> None:
    directory = RunDirectory.open()
    (directory.rings_folder(123) / "1-frames.ring").write_bytes(b"x")
    directory.file("recorder-0.sock").touch()
    directory.file("recorder.json").touch()
    directory.file("window-0.sock").touch()
    directory.sweep()
    assert {path.name for path in directory.path.iterdir()} == {"window-0.sock"}


def test_one_holds_the_lock_until_it_ends_however_it_ends() -> None:
    path = RunDirectory.open().file("recorder.lock")
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path; from studio.host.file_lock import FileLock\n"
            "lock = FileLock.try_take(Path(sys.argv[1]))\n"
            "print(lock is not None, flush=True); time.sleep(60)",
            str(path),
        ],
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"True\n"
        assert FileLock.try_take(path) is None
        holder.kill()
        holder.wait()
        lock = FileLock.try_take(path)
        assert lock is not None
        assert FileLock.try_take(path) is None
        lock.release()
        lock.release()
    again = FileLock.try_take(path)
    assert again is not None
    again.release()


def test_an_endpoint_is_published_for_this_user_only_and_withdrawn() -> None:
    directory = RunDirectory.open()
    path = directory.file("recorder.json")
    assert find_endpoint(path) is None
    first, second = (Endpoint.new(directory.path, "recorder") for _ in range(2))
    first.publish(path)
    assert find_endpoint(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    second.publish(path)
    first.withdraw(path)  # must not take back what is another's
    assert find_endpoint(path) == second
    second.withdraw(path)
    second.withdraw(path)
    assert list(directory.path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b'{"address": 1, "authkey": "xy", "pid": 1}', b"\xff"]
)
def test_a_damaged_endpoint_is_as_good_as_none(content: bytes) -> None:
    path = RunDirectory.open().file("recorder.json")
    path.write_bytes(content)
    assert find_endpoint(path) is None
