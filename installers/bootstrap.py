"""The two commands of the README: makes the environment, then becomes the studio or its tests.

    python3 installers/bootstrap.py run [arguments of the studio]
    python3 installers/bootstrap.py test [arguments of pytest]

Needs nothing but Python. A second start finds everything done and adds a fraction of a second.
"""

import sys

MINIMUM = (3, 11)

if sys.version_info < MINIMUM:  # before the imports: what follows cannot be read by an old Python
    sys.exit(
        f"Studio needs Python {MINIMUM[0]}.{MINIMUM[1]} or newer, this is {sys.version.split()[0]}"
        f" ({sys.executable}).\nInstall a newer one and start with it, for example: python3.12"
        f" {' '.join(sys.argv)}"
    )

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import debian
from bytecode import compile_ahead
from environment import Environment, SetupError

PROJECT = Path(__file__).resolve().parent.parent
USAGE = "usage: python3 installers/bootstrap.py {run [arguments of the studio] | test [arguments of pytest]}"
INTERRUPTED = 130
SIDE_BY_SIDE = ("-n", "auto", "--dist", "loadgroup")
"""Most tests wait for processes most of the time. `-n 0` behind `test` runs them one after another."""


def prepare(command: str) -> Environment:
    """Everything that `command` needs: system libraries where we may, environment, compiled program."""
    debian.provide(debian.LIBRARIES if command == "run" else debian.LIBRARIES + debian.LABORATORY)
    environment = Environment(PROJECT)
    environment.provide(extras=("media",) if command == "run" else ("media", "dev"))
    compile_ahead(PROJECT / "studio", environment.marker)
    return environment


def become(arguments: list[str]) -> int:
    """Replace this process, so that signals and the exit code need no messenger; returns only on Windows."""
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(arguments[0], arguments)
    return subprocess.call(arguments)


def start(command: str, arguments: Sequence[str]) -> int:
    """Prepare, then run the studio here or its tests in the project's folder."""
    python = str(prepare(command).python)
    if command == "run":
        # -P: a file of the current folder must not pass for a module of the studio.
        return become([python, "-P", "-m", "studio", *arguments])
    os.chdir(PROJECT)
    return become([python, "-m", "pytest", *SIDE_BY_SIDE, *arguments])


def main() -> int:
    """Do what the arguments ask for; returns the exit code."""
    command, *arguments = sys.argv[1:] or [""]
    if command not in ("run", "test"):
        print(USAGE, file=sys.stderr)
        return 2
    try:
        return start(command, arguments)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The next start goes on from here.", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
