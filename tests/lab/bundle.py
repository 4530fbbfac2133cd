"""Tries what is handed out, as somebody does who has nothing: a bare home, no Python, a screen.

    python -m tests.lab.bundle [--built FOLDER]

Builds wheel, bundle and Debian package (or takes those of FOLDER), unpacks the package, starts the window
from it on a virtual screen, records, kills the window, opens it again, stops, and verifies the recording.
Says what it found; pictures go to `artefacts/bundle/`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.lab.studio_window import StudioWindow
from tests.scenarios.story import ARTEFACTS
from tests.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]
NOWHERE = "/nonexistent"
"""The PATH of somebody who has no programs at all."""
SCREEN_SETTINGS = ("DISPLAY", "QT_QPA_PLATFORM", "QT_XCB_GL_INTEGRATION")


def main() -> int:
    """Build, unpack, try; 0 if all went well."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--built", type=Path, help="folder in which the package lies already")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="st-") as folder, Places.make() as places:
        built = given.built or build(Path(folder) / "dist")
        program = unpack(built, Path(folder) / "system")
        screen = Screen.open(Path(folder))
        try:
            record_through_a_death(program, screen, places, Path(folder))
        finally:
            screen.close()
    return 0


def build(target: Path) -> Path:
    """Make everything."""
    command = [sys.executable, "installers/build.py", "all", "--into", str(target)]
    subprocess.run(command, cwd=PROJECT, check=True, stdout=sys.stderr)
    return target


def unpack(built: Path, system: Path) -> Path:
    """The Debian package as it would lie on a machine; the program in it, by the way a shell finds it."""
    if not (package := next(built.glob("studio_*.deb"), None)):
        raise SystemExit(f"There is no Debian package in {built}; make it with installers/build.py deb.")
    subprocess.run(["dpkg-deb", "-x", str(package), str(system)], check=True)
    entry = system / "usr/share/applications/studio.desktop"
    icon = system / "usr/share/icons/hicolor/scalable/apps/studio.svg"
    assert "Exec=studio" in entry.read_text()
    assert icon.stat().st_size > 0
    print(f"{package.name}: {package.stat().st_size / 1e6:.0f} MB")
    return (system / "usr/bin/studio").resolve()


def bare(places: Places, screen: Screen | None = None) -> dict[str, str]:
    """An empty home and no program on the path; with a screen if one is given."""
    shown = screen.environment() if screen is not None else {}
    return {"PATH": NOWHERE} | places.environment() | {k: shown[k] for k in SCREEN_SETTINGS if k in shown}


def record_through_a_death(program: Path, screen: Screen, places: Places, folder: Path) -> None:
    """The main story, with the window killed in the middle."""
    first = StudioWindow(screen, folder, program=(str(program),), environment=bare(places, screen))
    pictures = ARTEFACTS / "bundle"
    pictures.mkdir(parents=True, exist_ok=True)
    with first:
        first.wait_for("timeline", 60)
        first.click("record_button")
        first.wait_for("status_size", 30)
        screen.screenshot(pictures / "1-recording.png")
        first.kill()
        print("window killed while it recorded")
        second = StudioWindow(screen, folder, program=(str(program),), environment=bare(places, screen))
        with second:
            second.wait_for("status_size", 30)
            screen.screenshot(pictures / "2-met-again.png")
            print("opened again: the recording goes on")
            second.click("stop_button")
            wait_until(lambda: "status_size" not in second.rectangles(), 30, "the end of the recording")
            screen.screenshot(pictures / "3-stopped.png")
    (recording,) = places.home.rglob("*.h5")
    verify(program, recording, bare(places))
    assert not any(_is_of(each, program) for each in psutil.process_iter()), "a process was left"


def verify(program: Path, recording: Path, environment: dict[str, str]) -> None:
    """By the same bundle, without a screen."""
    for verb in ("verify", "info"):
        subprocess.run([str(program), verb, str(recording)], env=environment, check=True)


def _is_of(process: psutil.Process, program: Path) -> bool:
    try:
        return str(os.path.realpath(process.exe())) == str(program)
    except psutil.Error:
        return False


if __name__ == "__main__":
    raise SystemExit(main())
