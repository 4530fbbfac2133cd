"""`SESSION@TIME`: a time of any session in the list is gone to, and the cursor's is copied in that form."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from studio.ui.timeline.go_to_dialog import GoToDialog
from tests.store.recordings import MS
from tests.ui.sessions.test_sessions_window import Scene, folder, scene

__all__ = ["folder", "scene"]  # fixtures

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise", "grabbing")


def ask_for(scene: Scene, qtbot: QtBot, text: str) -> GoToDialog:
    scene.window.actions_by_name["go_to_time"].trigger()
    dialog = scene.window.findChildren(GoToDialog)[-1]
    dialog.line.setText(text)
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    return dialog


def test_a_copied_place_is_gone_to_from_another_session_and_a_name_nobody_knows_is_told(
    scene: Scene, qtbot: QtBot
) -> None:
    window, navigator = scene.window, scene.window.timeline.navigator
    first, second = (str(scene.folder / name / "lab.h5") for name in ("P01", "P02"))
    scene.wait_for("P02")
    window.stage.show_recording(first)
    qtbot.waitUntil(lambda: window.timeline.session is not None)
    assert navigator.extent is not None
    wanted = navigator.extent.left + 30 * MS + 345
    navigator.move_cursor(wanted)
    window.actions_by_name["copy_session_time"].trigger()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("P01@20")
    assert copied.endswith("345Z")

    window.stage.show_recording(second)
    qtbot.waitUntil(lambda: window.timeline.recordings[0].path == second)
    dialog = ask_for(scene, qtbot, "P77@0.02")
    problem = dialog.findChild(QLabel, "go_to_problem")
    assert problem is not None
    assert "P77" in problem.text()
    dialog.reject()
    ask_for(scene, qtbot, copied.replace("P01", "p01"))
    qtbot.waitUntil(lambda: window.timeline.recordings[0].path == first and navigator.cursor_time == wanted)

    ask_for(scene, qtbot, "P01@0.02")
    assert navigator.cursor_time == navigator.origin_time + 20 * MS, "it is on screen already"
