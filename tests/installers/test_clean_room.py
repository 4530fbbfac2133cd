"""Where the bare machine gets its packages from. The room itself is the long command's own proof."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.installers.project import INSTALLERS

PROJECT = INSTALLERS.parent


@pytest.fixture
def clean_room(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, from its file."""
    spec = importlib.util.spec_from_file_location("clean_room", INSTALLERS / "clean_room.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "clean_room", module)  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("sources.list", "# a comment\ndeb http://packages.test/debian stable main\n"),
        ("sources.list", "deb [arch=amd64 signed-by=/x] http://packages.test/debian stable main\n"),
        (
            "sources.list.d/debian.sources",
            "Types: deb\nURIs: http://packages.test/debian\nSuites: stable stable-updates\n",
        ),
    ],
)
def test_the_source_of_packages_is_read_as_apt_writes_it(
    clean_room: ModuleType, tmp_path: Path, file: str, text: str
) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text)
    found = clean_room.package_source(tmp_path)
    assert (found.suite, found.address) == ("stable", "http://packages.test/debian")


def test_a_machine_without_apt_is_told_so(clean_room: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(clean_room.RoomError, match="needs Debian or Ubuntu"):
        clean_room.package_source(tmp_path)


def test_only_the_way_to_the_outside_is_passed_on(clean_room: ModuleType) -> None:
    passed = [
        name for name in ("PIP_INDEX_URL", "https_proxy", "HTTPS_PROXY", "SSL_CERT_FILE", "HOME", "PATH")
    ]
    assert [name for name in passed if clean_room.PASSED_ON.fullmatch(name)] == passed[:4]


@pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="the project is not under version control here")
def test_the_room_gets_the_tracked_files_only(clean_room: ModuleType, tmp_path: Path) -> None:
    clean_room.copy_project(tmp_path / "copy")
    assert (tmp_path / "copy" / "installers" / "bootstrap.py").exists()
    assert not (tmp_path / "copy" / ".git").exists()
    assert not (tmp_path / "copy" / ".venv").exists()
