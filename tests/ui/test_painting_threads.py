"""On few processors nobody helps the GUI thread to paint: it would wait for those who wait for one."""

import os
import subprocess
import sys

import pytest

from studio.ui.painting_threads import FEWEST_PROCESSORS, paint_alone_on_few_processors
from tests.lab.camera import PROJECT

CHOICE = "QT_NO_GUI_THREADPOOL"
PAINTED = """
import sys
from pathlib import Path
from studio.ui.painting_threads import paint_alone_on_few_processors
paint_alone_on_few_processors(int(sys.argv[1]))
from PySide6.QtGui import QGuiApplication, QImage
application = QGuiApplication(["painting"])
QImage(2000, 2000, QImage.Format.Format_BGR888).convertToFormat(QImage.Format.Format_RGB32)
def name(thread):
    try:
        return (thread / "comm").read_text()
    except OSError:  # it has just ended
        return ""
print(any("pooled" in name(thread) for thread in Path("/proc/self/task").iterdir()))
"""


def pooled_threads_beside(processors: int) -> bool:
    """Whether Qt has made threads to paint with in a program that was told of so many processors."""
    environment = {name: value for name, value in os.environ.items() if name != CHOICE}
    done = subprocess.run(
        [sys.executable, "-c", PAINTED, str(processors)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=environment | {"QT_QPA_PLATFORM": "offscreen"},
        cwd=PROJECT,
    )
    return done.stdout.strip() == "True"


@pytest.mark.skipif(sys.platform != "linux", reason="threads have names there that can be read")
def test_a_large_picture_is_painted_by_one_thread_where_processors_are_few() -> None:
    assert not pooled_threads_beside(FEWEST_PROCESSORS - 1)


def test_with_many_processors_qt_does_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CHOICE, raising=False)
    assert not paint_alone_on_few_processors(FEWEST_PROCESSORS)
    assert CHOICE not in os.environ


def test_who_has_chosen_by_the_environment_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CHOICE, "chosen")
    assert paint_alone_on_few_processors(1)
    assert os.environ[CHOICE] == "chosen"
