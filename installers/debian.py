"""System libraries on Debian and its relatives: finds what is missing, installs it where it has the rights.

Never stops the start: without the rights it says which line to type, and goes on with what is there.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence

LIBRARIES = (
    "libgl1",
    "libegl1",
    "libglib2.0-0",
    "libfontconfig1",
    "libxkbcommon0",
    "libdbus-1-3",
    "libportaudio2",
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
)
"""What the studio's own libraries load: Qt, OpenCV and PortAudio."""

LABORATORY = (
    "xvfb",
    "openbox",
    "xdotool",
    "x11-utils",
    "imagemagick",
    "pulseaudio",
    "pulseaudio-utils",
    "libasound2-plugins",
    "sox",
    "espeak-ng",
    "ffmpeg",
    "hdf5-tools",
    "iproute2",
    "nftables",
)
"""What the tests need besides: a virtual screen, virtual microphones, other people's readers of our files."""

WAIT_FOR_OTHERS = ("-o", "DPkg::Lock::Timeout=120")
"""Another installation may be running; it is waited for so many seconds."""

RENAMED_SUFFIX = "t64"
"""Newer releases carry some libraries under this ending, for their 64 bit times."""


def is_debian() -> bool:
    """Whether this machine's packages are handled by apt."""
    return sys.platform == "linux" and all(map(shutil.which, ("apt-get", "dpkg-query")))


def missing(packages: Sequence[str]) -> list[str]:
    """Those of `packages` that are not installed."""
    names = [name + suffix for name in packages for suffix in ("", RENAMED_SUFFIX)]
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names]
    # It fails when it does not know one of the names, and still answers for the others.
    answer = subprocess.run(query, capture_output=True, text=True, check=False)
    installed = {line.split()[0] for line in answer.stdout.splitlines() if line.endswith(" installed")}
    return [name for name in packages if not installed & {name, name + RENAMED_SUFFIX}]


def privilege() -> list[str] | None:
    """What to put before a command to run it as root without asking anybody. None: no such right."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n"] if allowed else None


def install_command(packages: Sequence[str]) -> list[str]:
    """The command that installs `packages`."""
    return ["apt-get", *WAIT_FOR_OTHERS, "install", "-y", "--no-install-recommends", *packages]


def provide(packages: Sequence[str]) -> bool:
    """See that `packages` are installed; True if they are. Says so on the error output if they cannot be."""
    if not is_debian():
        return True
    wanted = missing(packages)
    if not wanted:
        return True
    before = privilege()
    if before is not None and _install(before, wanted):
        return True
    _explain(wanted)
    return False


def _install(before: Sequence[str], packages: Sequence[str]) -> bool:
    print(f"Installing system libraries: {' '.join(packages)}", file=sys.stderr, flush=True)
    quiet = [*before, "env", "DEBIAN_FRONTEND=noninteractive"]
    # Lists that cannot be refreshed may still be good enough: the install itself decides.
    _run([*quiet, "apt-get", "update"])
    return _run([*quiet, *install_command(packages)]) and not missing(packages)


def _run(command: Sequence[str]) -> bool:
    """Run a command; its output is shown only if it fails, and on the error output."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode != 0:
        print(done.stdout.decode(errors="replace"), file=sys.stderr, flush=True)
    return done.returncode == 0


def _explain(packages: Sequence[str]) -> None:
    line = shlex.join(install_command(packages))
    print(
        f"Some system libraries are missing and could not be installed from here. Please type\n\n"
        f"    sudo apt-get update && sudo {line}\n\n"
        f"Going on with what is there.\n",
        file=sys.stderr,
        flush=True,
    )
