"""A Debian package of a bundle: the program under /opt, a command, an entry in the menu, an icon."""

import platform
import re
import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
NEEDED = ("libasound2 | libasound2t64", "libgl1", "libegl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1")
"""Libraries that must be those of the system: graphics, sound, fonts."""


def make_package(bundle: Path, folder: Path) -> Path:
    """Pack `bundle` into `folder`; returns the package. Replaces one of the same name."""
    version = re.search(r'^version = "(.+)"', (PROJECT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None  # it is our own file
    architecture = ARCHITECTURES.get(platform.machine(), platform.machine())
    package = folder / f"studio_{version[1]}_{architecture}.deb"
    tree = folder / "package"
    shutil.rmtree(tree, ignore_errors=True)
    _fill(tree, bundle)
    _describe(tree, version[1], architecture)
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", str(tree), str(package)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    shutil.rmtree(tree)
    return package


def _fill(tree: Path, bundle: Path) -> None:
    shutil.copytree(bundle, tree / "opt" / "studio", symlinks=True)
    command = tree / "usr" / "bin" / "studio"
    command.parent.mkdir(parents=True)
    command.symlink_to("../../opt/studio/studio")
    share = tree / "usr" / "share"
    _put(PROJECT / "installers" / "linux" / "studio.desktop", share / "applications" / "studio.desktop")
    _put(
        PROJECT / "resources" / "icons" / "studio.svg",
        share / "icons" / "hicolor" / "scalable" / "apps" / "studio.svg",
    )


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o644)


def _describe(tree: Path, version: str, architecture: str) -> None:
    size = sum(path.lstat().st_size for path in tree.rglob("*")) // 1024
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(
        f"""Package: studio
Version: {version}
Architecture: {architecture}
Maintainer: Studio <studio@localhost>
Installed-Size: {size}
Depends: {", ".join(NEEDED)}
Recommends: pulseaudio | pipewire-pulse
Section: science
Priority: optional
Description: recorder of cameras, microphones and other sensors
 Records cameras, microphones and other sensors together on one time axis, shows them
 live, and lets you scrub, select, replay, process and export what was recorded.
"""
    )
