"""Runs both commands of the README on a bare machine: a fresh minimal Debian in a folder. Needs root.

    python3 installers/clean_room.py [--keep] [--only run|test] [--folder FOLDER] [arguments of pytest]

The room gets the tracked files of this project, and from this machine only the way to the outside: where its
packages come from (the settings of apt and pip, name resolution, certificates, proxies). It has Python and
nothing else. Says what each command printed, how long it took and how it ended; `run` is started
twice, because the second start must be quick. Exits with 0 if all ended well.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PASSED_ON = re.compile(r"(PIP_.*|.*_proxy|SSL_CERT_.*|REQUESTS_CA_BUNDLE|TZ)", re.IGNORECASE)
"""Variables of this machine that lead to the outside."""

SETTINGS = (
    "/etc/apt",
    "/etc/pip.conf",
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/ssl/certs",
    "/usr/local/share/ca-certificates",
    "/usr/share/keyrings",
)
APT_ENDINGS = (".list", ".sources")
HOME_SETTINGS = (".config/pip", ".pip", ".netrc")
STUDIO = "/srv/my studio"
"""A folder with a space, as people have them."""

# The mounts live in a name space of their own and vanish with the command, whatever happens to it.
ENTER = """
set -eu
mount --bind "$1" "$1"; cd "$1"
mount -t proc proc proc
mount --rbind /dev dev
mkdir -p dev/shm && mount -t tmpfs -o mode=1777 tmpfs dev/shm
shift
exec chroot . "$@"
"""


class RoomError(Exception):
    """The room cannot be built; the text says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where this machine's packages come from."""

    suite: str
    address: str


def package_source(apt: Path = Path("/etc/apt")) -> Source:
    """The first source of packages that apt is told about, in either of its two ways of writing."""
    others = [path for path in sorted((apt / "sources.list.d").glob("*")) if path.suffix in APT_ENDINGS]
    for path in [apt / "sources.list", *others]:
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        line = re.search(r"^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)", text, re.MULTILINE)
        if line is not None:
            return Source(suite=line[2], address=line[1])
        address = re.search(r"^URIs:\s*(\S+)", text, re.MULTILINE)
        suite = re.search(r"^Suites:\s*(\S+)", text, re.MULTILINE)
        if address is not None and suite is not None:
            return Source(suite=suite[1], address=address[1])
    raise RoomError(f"no source of packages is named in {apt}; this command needs Debian or Ubuntu")


def provide_debootstrap() -> None:
    """See that the program that makes minimal systems is there."""
    if shutil.which("debootstrap") is None:
        subprocess.run(["apt-get", "update", "-q"], check=True)
        subprocess.run(["apt-get", "install", "-yq", "--no-install-recommends", "debootstrap"], check=True)


def outside() -> dict[str, str]:
    """This machine's variables that lead to the outside."""
    return {name: value for name, value in os.environ.items() if PASSED_ON.fullmatch(name)}


def build(room: Path) -> None:
    """A minimal system with Python, our way to the outside, and the project."""
    source = package_source()
    command = [
        "debootstrap",
        "--variant=minbase",
        "--include=python3",
        source.suite,
        str(room),
        source.address,
    ]
    if not Path("/usr/share/keyrings").exists():
        command.insert(1, "--no-check-gpg")
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode != 0:
        raise RoomError(f"the minimal system could not be made; see {room}/debootstrap/debootstrap.log")
    for setting in map(Path, SETTINGS):
        pass_on(setting, room / setting.relative_to("/"))
    for value in outside().values():
        if Path(value).is_file():  # a certificate
            pass_on(Path(value), room / value.removeprefix("/"))
    for name in HOME_SETTINGS:
        pass_on(Path.home() / name, room / "root" / name)
    copy_project(room / STUDIO.removeprefix("/"))


def pass_on(source: Path, target: Path) -> None:
    """Copy a file or folder of settings if there is one."""
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore_dangling_symlinks=True)
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copyfile(source, target)


def copy_project(target: Path) -> None:
    """The tracked files as they are now, and no other."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, stdout=subprocess.PIPE, check=True).stdout
    for name in listed.decode().split("\0")[:-1]:
        if (PROJECT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, target / name)


def try_command(room: Path, arguments: list[str]) -> bool:
    """Run a command of the README in the room, as a person would type it; True if it ended well."""
    variables = [f"{name}={value}" for name, value in outside().items()]
    clean = ["env", "-i", "HOME=/root", "LANG=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *variables]
    typed = ["sh", "-c", f'cd "{STUDIO}" && exec python3 installers/bootstrap.py "$@"', "sh", *arguments]
    name_space = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", ENTER, "sh"]
    print(f"\n==== python3 installers/bootstrap.py {' '.join(arguments)}", flush=True)
    began = time.monotonic()
    code = subprocess.run(
        [*name_space, str(room), *clean, *typed], stdin=subprocess.DEVNULL, check=False
    ).returncode
    print(f"==== ended with {code} after {time.monotonic() - began:.1f} s", flush=True)
    return code == 0


@contextmanager
def folder_for(room: Path | None, *, keep: bool) -> Iterator[Path]:
    """The room's folder, removed in the end unless it shall be kept."""
    folder = room if room is not None else Path(tempfile.mkdtemp(prefix="studio-room-"))
    try:
        yield folder
    finally:
        if keep:
            print(f"The room is kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Build the room and try the commands; 0 if they ended well."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--keep", action="store_true", help="leave the room for a look")
    parser.add_argument("--only", choices=("run", "test"), help="try one command only")
    parser.add_argument("--folder", type=Path, help="build the room here, on a file system of your choice")
    given, for_pytest = parser.parse_known_args()
    if os.geteuid() != 0:
        print("A room of its own can be made by root only.", file=sys.stderr)
        return 2
    commands = {"run": ["run"], "test": ["test", *for_pytest]}
    try:
        with folder_for(given.folder, keep=given.keep) as room:
            provide_debootstrap()
            build(room)
            chosen = [given.only] if given.only else ["run", "run", "test"]
            return 0 if all([try_command(room, commands[name]) for name in chosen]) else 1
    except RoomError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
