"""The button, the key and the card in the window; the recorder is played by the test."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from studio.app.preflight.card import PreflightStatus
from studio.app.settings import Settings
from studio.app.status import RecorderState
from studio.host.preflight_protocol import CancelPreflight, StartPreflight
from studio.host.protocol import StartRecording
from studio.ui.key_groups import key_list
from studio.ui.preflight.preflight_card import PreflightDialog
from tests.lab.preflight_scenes import SCENES
from tests.ui.test_window import Scene

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def scene(qtbot: QtBot, qapp: QApplication) -> Iterator[Scene]:
    made = Scene(qtbot, qapp, Settings(theme="dark"))
    made.status(RecorderState.PREVIEW)
    yield made
    made.window.leave()


def card_of(scene: Scene) -> PreflightDialog:
    found = scene.window.findChild(PreflightDialog, "preflight_dialog")
    assert found is not None
    return found


def scened(name: str) -> PreflightStatus:
    """A pre-flight of the pictures."""
    status = SCENES[name]
    assert status is not None
    return status


def command_of(scene: Scene) -> StartPreflight:
    """What was asked for last."""
    return next(body for body in reversed(scene.far_end.bodies()) if isinstance(body, StartPreflight))


def begin(scene: Scene) -> PreflightDialog:
    """By its key; the recorder answers that it is number 1."""
    QTest.keyClick(scene.window, Qt.Key.Key_F)
    scene.wait_for_command(StartPreflight)
    command = command_of(scene)
    assert command.devices == scene.window.devices.book.chosen
    assert command.folder == scene.window.choices.settings.recordings_folder
    scene.far_end.answer_to(command, 1)
    return card_of(scene)


def asked(scene: Scene, kind: type) -> int:
    return sum(isinstance(body, kind) for body in scene.far_end.bodies())


def headline(card: PreflightDialog) -> str:
    label = card.findChild(QLabel, "preflight_headline")
    assert isinstance(label, QLabel)
    return label.text()


def test_from_the_key_to_the_card_to_the_recording(scene: Scene) -> None:
    card = begin(scene)
    assert headline(card) == "Beginning\u2026"
    scene.status(RecorderState.PREVIEW, preflight=scened("running"))
    scene.qtbot.waitUntil(lambda: "6 s left" in headline(card))
    assert not card.record.isEnabled()
    assert card.close_button.text() == "Cancel"
    scene.status(RecorderState.PREVIEW, preflight=scened("failed"))
    scene.qtbot.waitUntil(lambda: headline(card) == "Not ready: 7 reasons")
    said = [label.text() for label in card.rows.findChildren(QLabel, "preflight_reason")]
    assert any("digital silence" in text for text in said)
    assert card.record.text() == "Record anyway"
    card.copy.click()
    assert QGuiApplication.clipboard().text().startswith("Pre-flight: Not ready: 7 reasons")
    card.again.click()
    assert (asked(scene, StartPreflight), headline(card)) == (2, "Beginning\u2026")
    scene.far_end.answer_to(command_of(scene), 2)
    scene.status(RecorderState.PREVIEW, preflight=replace(scened("passed"), number=2))
    scene.qtbot.waitUntil(lambda: headline(card) == "Ready to record")
    card.record.click()
    assert asked(scene, StartRecording) == 1
    scene.qtbot.waitUntil(lambda: scene.window.findChild(PreflightDialog) is None)


def test_what_others_ran_before_is_not_shown_as_ours(scene: Scene) -> None:
    QTest.keyClick(scene.window, Qt.Key.Key_F)
    scene.wait_for_command(StartPreflight)
    scene.status(RecorderState.PREVIEW, preflight=scened("failed"))
    assert headline(card_of(scene)) == "Beginning\u2026"


def test_cancel_asks_the_recorder_and_the_card_says_how_it_ended(scene: Scene) -> None:
    card = begin(scene)
    scene.status(RecorderState.PREVIEW, preflight=scened("running"))
    scene.qtbot.waitUntil(lambda: "left" in headline(card))
    card.close_button.click()
    assert asked(scene, CancelPreflight) == 1
    scene.status(RecorderState.PREVIEW, preflight=scened("called-off"))
    scene.qtbot.waitUntil(lambda: headline(card) == "No result")
    assert not card.copy.isEnabled()
    assert card.again.isEnabled()


def test_closing_the_card_calls_it_off(scene: Scene) -> None:
    card = begin(scene)
    card.close()
    assert asked(scene, CancelPreflight) == 1
    scene.qtbot.waitUntil(lambda: scene.window.findChild(PreflightDialog) is None)


def test_a_refusal_and_a_lost_recorder_are_told_on_the_card(scene: Scene) -> None:
    QTest.keyClick(scene.window, Qt.Key.Key_F)
    scene.wait_for_command(StartPreflight)
    scene.far_end.lose("The recorder process ended unexpectedly.")
    card = card_of(scene)
    scene.qtbot.waitUntil(lambda: headline(card) == "No result")
    assert "ended unexpectedly" in card.view.summary
    assert not card.again.isEnabled()


def test_while_recording_there_is_none_and_the_button_says_why(scene: Scene) -> None:
    action = scene.window.actions_by_name["preflight"]
    assert action.isEnabled()
    scene.status(RecorderState.RECORDING, path="/recordings/a.h5")
    assert not action.isEnabled()
    assert "recording is running" in action.toolTip()


def test_its_key_is_in_the_list() -> None:
    assert ("F", "Pre-flight") in key_list()
