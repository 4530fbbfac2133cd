"""The window process stays light, and nothing uncaught is lost."""

import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot

from studio.timing import SystemClock
from studio.ui.application import report_surprises
from studio.ui.messages import Messages


def test_the_window_process_imports_no_store_no_camera_and_no_sound() -> None:
    code = (
        "import sys, studio.ui.application; "
        "print([name for name in ('h5py', 'cv2', 'sounddevice') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_nobody_caught_is_shown(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # put back after the test
    messages = Messages(SystemClock())
    report_surprises(messages)
    error = ZeroDivisionError("oh")
    sys.excepthook(ZeroDivisionError, error, None)
    assert messages.log.shown is not None
    assert "ZeroDivisionError" in messages.log.shown.text
