"""Makes what is handed out: the wheel, a one-folder bundle with everything in it, a Debian package of that.

    python3 installers/build.py {wheel | bundle | deb | all} [--into FOLDER]

Needs nothing but Python; the tools are put into an environment beside the project. The bundle is for the
system it is made on. Says where each result is.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import debian
from debian_package import make_package
from environment import Environment, SetupError

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).resolve().parent.parent
INSTALLERS = PROJECT / "installers"
SPECS = {"linux": "linux/studio.spec", "win32": "windows/studio.spec", "darwin": "macos/studio.spec"}


class BuildError(Exception):
    """Something cannot be made; the text says why."""


class Workshop:
    """Makes things into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = Environment(PROJECT, folder=".venv-build")

    def wheel(self) -> Path:
        """The wheel: for those who have Python."""
        self._provide_tools()
        self._python("-m", "pip", "wheel", "--no-deps", "-w", str(self._folder), str(PROJECT))
        return max(self._folder.glob("studio-*.whl"), key=lambda path: path.stat().st_mtime)

    def bundle(self) -> Path:
        """The folder with the program and all it needs: for those who have nothing."""
        spec = SPECS.get(sys.platform)
        if spec is None:
            raise BuildError(f"there is no description of a bundle for {sys.platform}")
        if sys.platform == "linux":
            debian.provide(debian.LIBRARIES)
        wheel = self.wheel()
        # As people have it, not as a link to the sources: PyInstaller follows no links.
        self._python("-m", "pip", "install", "-q", "--no-deps", "--force-reinstall", str(wheel))
        places = ["--distpath", str(self._folder), "--workpath", str(self._folder / "work")]
        self._python("-m", "PyInstaller", "--noconfirm", "--log-level=WARN", *places, str(INSTALLERS / spec))
        shutil.rmtree(self._folder / "work")
        return self._folder / "studio"

    def deb(self) -> Path:
        """A package for Debian and Ubuntu, with an entry in the menu."""
        if shutil.which("dpkg-deb") is None:
            raise BuildError("a Debian package can only be made where dpkg-deb is")
        return make_package(self.bundle(), self._folder)

    def all(self) -> Path:
        """All three."""
        self.deb()
        return self._folder

    def _provide_tools(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._environment.provide(extras=("media", "bundle"))

    def _python(self, *arguments: str) -> None:
        # Not from the project's folder, or its sources would be taken for what is installed.
        command = [str(self._environment.python), *arguments]
        variables = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        if subprocess.run(command, cwd=self._folder, env=variables, check=False).returncode != 0:
            raise BuildError(f"this failed, for the reason above: {' '.join(arguments[:4])} …")


def main() -> int:
    """Make what the arguments ask for; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=("wheel", "bundle", "deb", "all"))
    parser.add_argument("--into", type=Path, default=PROJECT / "dist", help="folder of the results")
    given = parser.parse_args()
    make: Callable[[], Path] = getattr(Workshop(given.into.resolve()), given.what)
    try:
        print(make())
    except (BuildError, SetupError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
