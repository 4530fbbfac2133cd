"""The Debian package: what it puts where, and how the system is told of it."""

import importlib.util
import shutil
import subprocess
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.installers.project import INSTALLERS

PROJECT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    shutil.which("dpkg-deb") is None, reason="only where Debian packages are made"
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Of a bundle with one program that says hello."""
    bundle = tmp_path / "bundle"
    (bundle / "_internal").mkdir(parents=True)
    (bundle / "_internal" / "library").write_text("something")
    program = bundle / "studio"
    program.write_text("#!/bin/sh\necho hello from $(basename $(dirname $(readlink -f $0)))\n")
    program.chmod(0o755)
    spec = importlib.util.spec_from_file_location("debian_package", INSTALLERS / "debian_package.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Path(module.make_package(bundle, tmp_path))


def test_it_is_named_after_version_and_kind_of_machine(package: Path) -> None:
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    asked = ["dpkg-deb", "-f", str(package), "Package", "Version", "Architecture"]
    fields = dict(line.split(": ") for line in subprocess.check_output(asked, text=True).splitlines())
    assert fields["Package"] == "studio"
    assert fields["Version"] == version
    assert package.name == f"studio_{version}_{fields['Architecture']}.deb"


def test_the_command_runs_the_program_of_the_bundle(package: Path, tmp_path: Path) -> None:
    system = tmp_path / "system"
    subprocess.run(["dpkg-deb", "-x", str(package), str(system)], check=True)
    assert subprocess.check_output([str(system / "usr/bin/studio")], text=True) == "hello from studio\n"
    assert (system / "opt/studio/_internal/library").read_text() == "something"


def test_the_menu_gets_an_entry_with_an_icon_that_is_there(package: Path, tmp_path: Path) -> None:
    system = tmp_path / "system"
    subprocess.run(["dpkg-deb", "-x", str(package), str(system)], check=True)
    entry = ConfigParser(interpolation=None)
    entry.read(system / "usr/share/applications/studio.desktop")
    desktop = entry["Desktop Entry"]
    assert desktop["type"] == "Application"
    assert (system / "usr/bin" / desktop["exec"].split()[0]).is_symlink()
    (icon,) = (system / "usr/share/icons").rglob(f"{desktop['icon']}.svg")
    assert icon.stat().st_mode & 0o444 == 0o444


def test_nothing_is_left_beside_it(package: Path) -> None:
    assert {path.name for path in package.parent.iterdir()} == {"bundle", package.name}
