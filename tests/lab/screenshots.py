"""Pictures of every panel in both themes and at two scales: `python -m tests.lab.screenshots [folder]`.

Records a session with simulated devices, opens it under a virtual screen once for each theme and scale, and
saves a picture of each panel and one of them all; then the panel of the clock in every state, and the card of
a pre-flight.
"""

import os
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

from tests.lab.screen import Screen
from tests.lab.shown_session import make_session

THEMES = ("dark", "light")
SCALES = (100, 150)
DEFAULT_FOLDER = Path("artefacts") / "panels"
TIMEOUT_S = 240.0


def take_all(folder: Path) -> tuple[Path, ...]:
    """All pictures; raises CalledProcessError if a window did not come to its end."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        recordings = make_session(Path(scratch) / "recordings")
        with Screen.open(Path(scratch), width=2000, height=1500) as screen:
            for theme, scale in product(THEMES, SCALES):
                _take(screen, "panel_pictures", folder, theme, scale, recordings)
                _take(screen, "clock_pictures", folder, theme, scale)
                _take(screen, "preflight_pictures", folder, theme, scale)
    return tuple(sorted(folder.glob("*.png")))


def _take(
    screen: Screen, module: str, folder: Path, theme: str, scale: int, recordings: tuple[Path, ...] = ()
) -> None:
    command = [sys.executable, "-m", f"tests.lab.{module}", str(folder), theme, str(scale)]
    environment = screen.environment() | {"QT_SCALE_FACTOR": str(scale / 100), "PYTHONPATH": os.getcwd()}
    subprocess.run([*command, *map(str, recordings)], env=environment, check=True, timeout=TIMEOUT_S)


if __name__ == "__main__":
    for picture in take_all(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER):
        sys.stdout.write(f"{picture}\n")
