"""Theme, layout, choices, signals: the small parts, each alone."""

import json
import os
import signal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from studio.app.settings import Settings
from studio.app.settings_file import settings_path
from studio.ui.actions import ACTIONS
from studio.ui.layout_report import LayoutReport
from studio.ui.settings.choices import Choices
from studio.ui.settings.layout_memory import layout_of, restore_layout
from studio.ui.termination import Termination
from studio.ui.theme import Theme, figures_font
from studio.ui.theme_tokens import ROLES, ThemeName


def test_the_theme_can_be_switched_and_tells(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme("dark")
    theme.apply(qapp)
    assert theme.name is ThemeName.DARK
    dark = theme.colour("background").lightness()
    with qtbot.waitSignal(theme.changed):
        theme.choose("light")
    assert theme.colour("background").lightness() > dark
    assert all(theme.colour(role).isValid() for role in ROLES)
    theme.choose("light")  # changes nothing


@pytest.mark.parametrize("name", sorted({action.icon for action in ACTIONS.values() if action.icon}))
def test_every_icon_of_an_action_is_there_and_visible(qapp: QApplication, name: str) -> None:
    image = Theme("dark").icon(name).pixmap(24, 24).toImage()
    inked = sum(image.pixelColor(x, y).alpha() > 128 for x in range(24) for y in range(24))
    assert inked > 20


def test_figures_are_all_equally_wide(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(figures_font(qapp.font()))
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_a_layout_comes_back_and_a_damaged_one_does_no_harm(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(640, 480)
    layout = layout_of(window)
    window.resize(300, 200)
    assert restore_layout(window, layout)
    assert not restore_layout(window, {"geometry": "no base64 \u00e4", "state": "AAAA"})
    assert not restore_layout(window, {})


def test_choices_are_written_soon_after_a_change(qtbot: QtBot) -> None:
    choices = Choices(Settings.load())
    choices.change(participant="P03")
    qtbot.waitUntil(settings_path().exists)
    assert Settings.load().participant == "P03"


def test_choices_that_cannot_be_written_are_told_once(qtbot: QtBot) -> None:
    settings_path().parent.parent.mkdir(parents=True, exist_ok=True)
    settings_path().parent.write_text("a file where the folder should be")
    choices = Choices(Settings.load())
    told: list[str] = []
    choices.failed.connect(told.append)
    choices.change(participant="P03")
    choices.save()
    choices.save()
    assert len(told) == 1
    assert "settings" in told[0]


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_where_things_stand_is_written_for_tests(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "layout.json"
    report = LayoutReport(qapp, path)
    button = QPushButton("Press")
    button.setObjectName("press_button")
    qtbot.addWidget(button)
    button.show()
    qtbot.waitUntil(lambda: path.exists() and "press_button" in json.loads(path.read_text()))
    _, _, width, height = json.loads(path.read_text())["press_button"]
    assert (width, height) == (button.width(), button.height())
    button.hide()
    qtbot.waitUntil(lambda: "press_button" not in json.loads(path.read_text()))
    qapp.removeEventFilter(report)
    report.deleteLater()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_reach_the_event_loop_and_are_given_back(qtbot: QtBot, number: signal.Signals) -> None:
    before = signal.getsignal(number)
    termination = Termination()
    try:
        with qtbot.waitSignal(termination.requested):
            os.kill(os.getpid(), number)
    finally:
        termination.close()
        termination.close()
    assert signal.getsignal(number) is before


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_where_things_stand_is_not_written_again_when_nothing_has_moved(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    path = tmp_path / "layout.json"
    report = LayoutReport(qapp, path)
    button = QPushButton("Press")
    button.setObjectName("press_button")
    qtbot.addWidget(button)
    button.show()
    qtbot.waitUntil(lambda: path.exists() and "press_button" in json.loads(path.read_text()))
    report.write()
    path.unlink()
    report.write()
    assert not path.exists()
    button.resize(button.width() + 10, button.height())
    qtbot.waitUntil(path.exists)
    qapp.removeEventFilter(report)
    report.deleteLater()
