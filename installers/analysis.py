"""What goes into a bundle, the same on every system; the specs of the systems call this.

Runs inside PyInstaller, in an environment in which the studio is installed as people install it.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from PyInstaller.utils.hooks import collect_data_files, collect_submodules, copy_metadata

INSTALLERS = Path(__file__).resolve().parent
NAME = "studio"
TITLE = "Studio"

LEFT_OUT = frozenset(
    {
        *(
            "tkinter",
            "turtle",
            "turtledemo",
            "idlelib",
            "ensurepip",
            "test",
            "lib2to3",
            "antigravity",
            "this",
        ),
        *("setuptools", "pip", "pytest", "PyInstaller"),
    }
)
"""What no chain will miss: it is large, or does something when imported, or only builds programs."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What PyInstaller is told, by the names it has for it."""

    scripts: list[str]
    datas: list[tuple[str, str]]
    hiddenimports: list[str]
    runtime_hooks: list[str]
    excludes: list[str] = field(default_factory=lambda: sorted(LEFT_OUT))


def contents() -> Contents:
    """Everything of the studio: roles and verbs are imported by name, chains may use the standard library."""
    return Contents(
        scripts=[str(INSTALLERS / "bundled.py")],
        datas=[*collect_data_files("studio.resources"), *copy_metadata(NAME), *_examples()],
        hiddenimports=[*collect_submodules(NAME), *_by_name(), *_standard_library()],
        runtime_hooks=[str(INSTALLERS / "libraries_of_bundle.py")],
    )


def _examples() -> list[tuple[str, str]]:
    """The worked examples are there to be read and copied."""
    return list(collect_data_files("studio.app.chains.examples", include_py_files=True))


def _by_name() -> list[str]:
    """What the studio imports by name only when somebody asks for it: the extra `media`."""
    return [*collect_submodules("av"), "soundfile"]


def _standard_library() -> list[str]:
    """Its public modules, for chains that users write."""
    return sorted(name for name in sys.stdlib_module_names - LEFT_OUT if not name.startswith("_"))
