"""A small project with the real installers in it, which can be installed without any network."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

INSTALLERS = Path(__file__).resolve().parents[2] / "installers"

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "studio"
version = "1"
"""

BACKEND = '''
"""The least that pip needs to install a folder: one line that puts it on the path."""
import os, zipfile
META = "Metadata-Version: 2.1\\nName: studio\\nVersion: 1\\nProvides-Extra: media\\nProvides-Extra: dev\\n"
INFO = "studio-1.dist-info"
def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    if os.path.exists("refuse"):
        raise SystemExit("the library cannot be had")
    with zipfile.ZipFile(os.path.join(wheel_directory, "studio-1-py3-none-any.whl"), "w") as wheel:
        wheel.writestr("studio.pth", os.getcwd() + "\\n")
        wheel.writestr(INFO + "/METADATA", META)
        wheel.writestr(INFO + "/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(INFO + "/RECORD", "")
    open("installed.log", "a").write("once\\n")
    return "studio-1-py3-none-any.whl"
build_wheel = build_editable
'''

PROGRAM = """
import os, sys
if sys.argv[1:2] == ["wait"]:
    open(sys.argv[2], "w").close()
    import time
    time.sleep(60)
print("started", sys.argv[1:], os.getcwd(), sys.prefix, "CI", os.environ.get("CI"))
sys.exit(7)
"""


@dataclass(frozen=True, slots=True)
class SmallProject:
    """A folder like ours, with a program named studio that says how it was started and exits with 7."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "SmallProject":
        """Write it into `folder`, which is made."""
        (folder / "studio").mkdir(parents=True)
        (folder / "studio" / "__init__.py").touch()
        (folder / "studio" / "__main__.py").write_text(PROGRAM)
        (folder / "pytest.py").write_text(PROGRAM)
        (folder / "pyproject.toml").write_text(PYPROJECT)
        (folder / "backend.py").write_text(BACKEND)
        shutil.copytree(INSTALLERS, folder / "installers", ignore=shutil.ignore_patterns("__pycache__"))
        return cls(folder)

    @property
    def bootstrap(self) -> Path:
        """The script of the two commands."""
        return self.folder / "installers" / "bootstrap.py"

    @property
    def stamp(self) -> Path:
        """What the environment remembers of its making."""
        return self.folder / ".venv" / "studio-stamp.json"

    @property
    def installations(self) -> int:
        """How often it was installed."""
        log = self.folder / "installed.log"
        return len(log.read_text().splitlines()) if log.exists() else 0

    def start(
        self, *arguments: str, cwd: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run bootstrap with `arguments`, anywhere."""
        return subprocess.run(
            [sys.executable, str(self.bootstrap), *arguments],
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
