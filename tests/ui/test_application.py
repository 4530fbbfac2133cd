"""The window process stays light, and nothing uncaught is lost."""

import os
import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot

from studio.timing import SystemClock
from studio.ui.application import report_surprises
from studio.ui.messages import Messages
from tests.lab.camera import PROJECT

HEAVY = (
    *("h5py", "cv2", "sounddevice", "av", "soundfile", "pyarrow", "pandas", "pyqtgraph", "cryptography"),
    *("typer", "rich", "send2trash", "wakepy", "studio.net", "studio.engine.message", "studio.store.reader"),
)
"""What other processes need, or this one later."""
MOST_MODULES = 470
"""Of ours: each costs a start about a millisecond. Dialogs can be imported when they are opened."""
OPENED_LATER = (
    *("studio.ui.panels.panel_contents", "studio.ui.jobs.export_dialog", "studio.ui.notes.track_dialog"),
    *("studio.ui.processing.process_dialog", "studio.ui.sync.pairing_dialog", "studio.ui.sync.gate_dialog"),
)
"""What nobody sees at a start, each with what it needs."""

SHOWN = f"""
import sys
from studio.ui.plain_imports import import_plainly
import_plainly()
from studio.app.settings import Settings
from studio.timing import SystemClock
from studio.ui.application import make_window
from studio.ui.start import make_application
from tests.ui.far_end import FarEnd
application, far_end = make_application(), FarEnd()
window = make_window(application, far_end.links(), Settings(first_start=False), SystemClock())
window.show()
application.processEvents()
print(window.isVisible(), [name for name in {HEAVY} if name in sys.modules])
print(sum(name.startswith("studio.") for name in sys.modules))
print([name for name in {OPENED_LATER} if name in sys.modules])
window.leave()
"""


def test_a_window_that_is_shown_has_imported_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHOWN],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=PROJECT,
    )
    told, count, too_early = done.stdout.splitlines()
    assert told == "True []"
    assert int(count) <= MOST_MODULES
    assert too_early == "[]"


def test_what_nobody_caught_is_shown(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # put back after the test
    messages = Messages(SystemClock())
    report_surprises(messages)
    error = ZeroDivisionError("oh")
    sys.excepthook(ZeroDivisionError, error, None)
    assert messages.log.shown is not None
    assert "ZeroDivisionError" in messages.log.shown.text
