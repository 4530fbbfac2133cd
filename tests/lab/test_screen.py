"""The virtual screen shows what programs draw, and hands clicks and keys to them."""

import json
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.lab.process import LabProcess
from tests.lab.screen import Screen
from tests.waiting import wait_until

PROGRAM = """
import json, sys
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
seen = []
def note(event):
    seen.append(event)
    Path(sys.argv[1]).write_text(json.dumps(seen))
app = QApplication(sys.argv)
button = QPushButton("press")
button.setWindowTitle("laboratory")
button.setStyleSheet("background: #ff0000; border: none")
button.clicked.connect(lambda: note("clicked"))
button.keyPressEvent = lambda event: note(event.text())
button.setGeometry(300, 200, 400, 300)
button.show()
app.exec()
"""


@pytest.mark.story
def test_a_window_is_seen_clicked_and_typed_into(screen: Screen, tmp_path: Path) -> None:
    events = tmp_path / "events.json"
    arguments = [sys.executable, "-c", PROGRAM, str(events)]
    with LabProcess(arguments, log=tmp_path / "log", environment=screen.environment()):
        wait_until(lambda: len(screen.windows("laboratory")) == 1, 20.0, "the window")
        screen.focus(screen.windows("laboratory")[0])
        wait_until(lambda: _red_share(screen, tmp_path) > 0.1, 20.0, "the window's picture")
        screen.click(500, 350)
        screen.key("r")
        wait_until(lambda: _events(events) == ["clicked", "r"], 10.0, "click and key")


def _events(path: Path) -> list[str]:
    try:
        return list(json.loads(path.read_text()))
    except (FileNotFoundError, json.JSONDecodeError):  # not yet, or being written
        return []


def _red_share(screen: Screen, folder: Path) -> float:
    picture = QImage(str(screen.screenshot(folder / "screen.png")))
    assert (picture.width(), picture.height()) == (1280, 800)
    points = [(x, y) for x in range(0, 1280, 40) for y in range(0, 800, 40)]
    return sum(picture.pixelColor(x, y).name() == "#ff0000" for x, y in points) / len(points)


@pytest.mark.story
def test_two_screens_take_two_displays_and_leave_none(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with Screen.open(tmp_path / "one") as one, Screen.open(tmp_path / "two") as two:
        assert one.display != two.display
