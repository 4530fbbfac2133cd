"""The Python environment beside the project: made, filled, remembered in a stamp, made anew when broken."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import debian

PYTHON = sys.implementation.cache_tag
"""This Python up to what libraries are built for: a mere bug fix release of it changes nothing."""
STAMP = "studio-stamp.json"


class SetupError(Exception):
    """The environment cannot be made; the text says what to do."""


class Environment:
    """A folder of a project, usually `.venv`. A constructor only; `provide` does the work."""

    def __init__(self, project: Path, *, folder: str = ".venv") -> None:
        self._project = project
        self._folder = project / folder

    @property
    def python(self) -> Path:
        """Its interpreter."""
        if os.name == "nt":
            return self._folder / "Scripts" / "python.exe"
        return self._folder / "bin" / "python"

    @property
    def marker(self) -> Path:
        """A file that is as old as what was compiled last; made by who compiles."""
        return self._folder / "studio-compiled"

    def provide(self, *, extras: Sequence[str]) -> None:
        """See that the studio and `extras` are installed in it; does nothing if they are.

        Raises SetupError when that is not possible.
        """
        key = self._key()
        done = self._stamped(key)
        if done.issuperset(extras) and self.python.exists():
            return
        if not self._is_sound():
            done = frozenset()
            self._make()
        wanted = sorted(done.union(extras))
        self._install(wanted)
        self._write_stamp(key, wanted)

    def _key(self) -> str:
        """Changes when something changes that the environment was made from."""
        made_from = (self._project / "pyproject.toml").read_bytes()
        here = f"{self._project}\n{PYTHON}"
        return hashlib.sha256(made_from + here.encode()).hexdigest()

    def _stamped(self, key: str) -> frozenset[str]:
        """The extras that were installed from what `key` stands for."""
        try:
            stamp = json.loads((self._folder / STAMP).read_text(encoding="utf-8"))
            return frozenset(stamp["extras"]) if stamp["key"] == key else frozenset()
        except (OSError, ValueError, KeyError, TypeError):
            return frozenset()  # no stamp, or a torn one: install again, which harms nothing

    def _write_stamp(self, key: str, extras: Sequence[str]) -> None:
        pending = self._folder / (STAMP + ".pending")
        pending.write_text(json.dumps({"key": key, "extras": list(extras)}), encoding="utf-8")
        pending.replace(self._folder / STAMP)

    def _is_sound(self) -> bool:
        """Whether its interpreter runs, is of the same Python as this one, and has pip."""
        ask = "import sys, pip; print(sys.implementation.cache_tag)"
        try:
            answer = subprocess.run(
                [str(self.python), "-c", ask], capture_output=True, text=True, check=False, timeout=60
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return answer.returncode == 0 and answer.stdout.strip() == PYTHON

    def _make(self) -> None:
        if self._folder.exists() or self._folder.is_symlink():
            self._remove()
        if importlib.util.find_spec("ensurepip") is None:
            self._provide_ensurepip()
        print(f"Making the environment {self._folder}", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "venv", str(self._folder)]
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode != 0:
            raise SetupError(
                f"The environment {self._folder} could not be made; the reason stands above.\n"
                "Check that the folder may be written and that the disk has 2 GB free, then start again."
            )

    def _remove(self) -> None:
        if (
            not (self._folder / "pyvenv.cfg").exists()
            and not self._folder.is_symlink()
            and self._has_content()
        ):
            raise SetupError(
                f"{self._folder} is in the way: it is not an environment of Python. "
                "Please move it elsewhere, then start again."
            )
        print(f"Replacing {self._folder}: it is broken or of another Python.", file=sys.stderr, flush=True)
        if self._folder.is_symlink():
            self._folder.unlink()
        else:
            shutil.rmtree(self._folder)

    def _has_content(self) -> bool:
        return not self._folder.is_dir() or any(self._folder.iterdir())

    def _provide_ensurepip(self) -> None:
        """Debian ships Python without the module that puts pip into an environment."""
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not debian.is_debian() or not debian.provide([package]):
            raise SetupError(
                f"This Python ({sys.executable}) lacks ensurepip, without which no environment can be made.\n"
                f"Install it (on Debian and Ubuntu: the package {package}), then start again."
            )

    def _install(self, extras: Sequence[str]) -> None:
        print(f"Installing the studio ({', '.join(extras)}) into {self._folder}", file=sys.stderr, flush=True)
        target = f"{self._project}[{','.join(extras)}]"
        pip = [str(self.python), "-m", "pip", "--disable-pip-version-check", "install", "-e", target]
        # A setting that sends every installation to the user's folder would miss the environment.
        variables = {**os.environ, "PIP_USER": "0"}
        if subprocess.run(pip, stdout=sys.stderr, env=variables, check=False).returncode != 0:
            raise SetupError(
                "The studio's libraries could not be installed; pip's own reason stands above.\n"
                "Check the network connection and the settings of pip (pip config list), then start again."
            )
