"""A folder of sessions is a dataset: said what it is, shown in numbers, and taken back like any change."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from studio.app.dataset_description import DATASET_FILE
from studio.ui.sessions.dataset_dialog import DatasetDialog
from studio.ui.sessions.session_model import ROW_ROLE
from studio.ui.sessions.session_rows import Row
from tests.store.recordings import small_recording
from tests.ui.sessions.test_sessions_window import AtOnce, Scene, opened

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise", "grabbing")


@pytest.fixture
def scene(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Scene]:
    for name in ("P01", "P02"):
        (tmp_path / "lab" / name).mkdir(parents=True)
        small_recording(tmp_path / "lab" / name / "lab.h5")
    with opened(qtbot, qapp, tmp_path / "lab", AtOnce()) as made:
        yield made


def row(scene: Scene) -> Row:
    found = scene.dock.model.index(0, 0).data(ROW_ROLE)
    assert isinstance(found, Row)
    return found


def test_a_dataset_is_described_shown_in_numbers_and_taken_back(scene: Scene, qtbot: QtBot) -> None:
    place, window = scene.folder / DATASET_FILE, scene.window
    qtbot.waitUntil(lambda: "2.0" in row(scene).detail, timeout=20_000)  # a second each
    assert row(scene).title == "lab"
    scene.dock.list.pick(scene.dock.model.index(0, 0))
    qtbot.keyClick(scene.dock.list, Qt.Key.Key_F2)
    dialog = window.findChild(DatasetDialog)
    assert dialog is not None
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert str(scene.folder) in said
    assert any("Nov 2023" in text for text in said)
    dialog.name.setText("Gait, second year")
    dialog.description.setPlainText("Walking on a treadmill")
    dialog._on_accepted()
    qtbot.waitUntil(lambda: row(scene).title == "Gait, second year", timeout=20_000)
    assert "Walking on a treadmill" in row(scene).tooltip
    assert json.loads(place.read_text())["name"] == "Gait, second year"
    assert window.actions_by_name["undo"].text() == "&Undo description of lab"
    window.undo.undo()
    qtbot.waitUntil(lambda: row(scene).title == "lab", timeout=20_000)
    assert not place.exists()
    window.undo.redo()
    qtbot.waitUntil(lambda: row(scene).title == "Gait, second year", timeout=20_000)
