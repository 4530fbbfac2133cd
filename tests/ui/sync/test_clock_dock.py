"""The panel as a user meets it: what is shown, what can be changed, what it tells."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from studio.app.clock_sync import ClockRole, ClockSettings, ClockSyncStatus, OwnAddress, Protection, WhenLost
from studio.timing.sync_status import SyncState
from studio.ui.sync.clock_chip import LONGEST, ClockChip
from studio.ui.sync.clock_dock import ClockDock
from studio.ui.sync.clock_view import clock_view
from studio.ui.sync.measurement_view import histogram
from studio.ui.theme import Theme
from tests.lab.clock_scenes import FOLLOWING, MASTER, NOW, SCENES, SYNCHRONISED, history_of
from tests.ui.sync.test_clock_texts import plain

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
"""What the offscreen platform says of every window."""

AnyWidget = TypeVar("AnyWidget", bound=QWidget)


class Panel:
    """A dock that shows a scene, and what it told."""

    def __init__(self, application: QApplication) -> None:
        theme = Theme("dark")
        theme.apply(application)
        self.theme, self.dock = theme, ClockDock(theme)
        self.wanted: list[ClockSettings] = []
        self.asked: list[str] = []
        self.forgotten: list[str] = []
        self.dock.settings_wanted.connect(self.wanted.append)
        self.dock.follow_requested.connect(self.asked.append)
        self.dock.forget_requested.connect(self.forgotten.append)
        self.dock.resize(360, 900)
        self.dock.show()

    def show(self, name: str) -> None:
        scene = SCENES[name]
        settings = scene.clock.settings if scene.clock is not None else ClockSettings()
        self.dock.show_view(clock_view(scene.clock, settings, NOW))
        self.dock.card.show_history(history_of(scene).curve(), NOW)

    def find(self, kind: type[AnyWidget], name: str) -> AnyWidget:
        found = self.dock.findChild(kind, name)
        assert found is not None, name
        return found

    def text(self, name: str) -> str:
        label = self.find(QLabel, name)
        return plain(label.text()) if label.isVisibleTo(self.dock) else ""


def test_a_clock_that_is_days_off_is_followed_at_a_click_only(panel: Panel) -> None:
    answers: list[tuple[str, ...]] = []
    panel.dock.card.far.confirmed.connect(lambda key, name: answers.append((key, name)))
    panel.dock.card.far.declined.connect(lambda: answers.append(()))
    for name in ("synchronised", "error"):
        panel.show(name)
        assert panel.text("clock_far_question") == ""
    panel.show("far")
    assert panel.text("clock_headline") == "LAB-MASTER is 3 d 2 h ahead of this machine\u2019s clock"
    assert "unless you confirm" in panel.text("clock_reasons")
    assert panel.text("clock_far_question").startswith("Follow it all the same?")
    assert answers == []
    QTest.mouseClick(panel.find(QPushButton, "clock_far_follow"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.find(QPushButton, "clock_far_decline"), Qt.MouseButton.LeftButton)
    assert answers == [("10.0.0.2:11511", "LAB-MASTER"), ()]


def test_the_address_to_serve_at_is_picked_from_those_there_are_or_typed(panel: Panel) -> None:
    panel.show("reference")
    choice = panel.find(QComboBox, "clock_serve_choice")
    choice.show_addresses(
        (
            OwnAddress("10.0.0.5", "eth0"),
            OwnAddress("192.168.7.1", "usb0"),
            OwnAddress("127.0.0.1", "lo", True),
        )
    )
    line = panel.find(QLineEdit, "clock_serve_address")
    assert line.text() == "10.0.0.5"
    offered = [plain(choice.itemText(number)) for number in range(choice.count())]
    assert offered[:3] == ["Chosen by Studio", "10.0.0.5 \u00b7 eth0", "192.168.7.1 \u00b7 usb0"]
    assert offered[3] == "127.0.0.1 \u00b7 lo, this machine only"
    assert panel.wanted == []
    for number, address in ((2, "192.168.7.1"), (0, "")):
        choice.setCurrentIndex(number)
        choice.activated.emit(number)
        assert (line.text(), panel.wanted[-1].serve_address) == (address, address)
    line.setFocus()
    QTest.keyClicks(line, "10.9.8.7")
    choice.show_addresses((OwnAddress("10.0.0.6", "eth0"),))
    assert line.text() == "10.9.8.7"  # what is typed stays, whatever is plugged in meanwhile
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert panel.wanted[-1].serve_address == "10.9.8.7"


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication) -> Iterator[Panel]:
    made = Panel(qapp)
    yield made
    # The next test gives everything that is still there its colours: that takes time.
    made.dock.deleteLater()
    qtbot.waitUntil(lambda: not isValid(made.dock))


@pytest.mark.parametrize("name", list(SCENES))
def test_every_state_is_shown_in_words_and_fits_its_width(panel: Panel, name: str) -> None:
    panel.show(name)
    QApplication.processEvents()
    assert panel.text("clock_headline")
    page = panel.find(QWidget, "clock_area")
    assert page.minimumSizeHint().width() <= page.width()
    for label in panel.dock.findChildren(QLabel):
        if label.isVisible() and label.text() and not label.wordWrap() and type(label) is QLabel:
            assert label.width() >= label.minimumSizeHint().width(), label.text()
    assert not panel.dock.grab().isNull()
    assert panel.wanted == []  # showing is not choosing


def test_the_curve_is_told_in_words_too(panel: Panel) -> None:
    panel.show("held-step")
    described = panel.dock.card.plot.accessibleDescription()
    assert "1 step of the reference" in described
    panel.show("connecting")
    assert "Nothing measured yet" in panel.dock.card.plot.accessibleDescription()


def test_a_role_is_chosen_by_a_click_or_by_keys(panel: Panel, qtbot: QtBot) -> None:
    panel.show("own")
    panel.find(QAbstractButton, "clock_role_follow").click()
    assert panel.wanted[-1].role is ClockRole.FOLLOW
    follow = panel.find(QAbstractButton, "clock_role_follow")
    panel.dock.activateWindow()
    follow.setFocus()
    qtbot.waitUntil(follow.hasFocus)
    QTest.keyClick(follow, Qt.Key.Key_Down)
    assert panel.wanted[-1].role is ClockRole.REFERENCE


def test_role_and_addresses_are_locked_while_recording_and_the_gate_is_not(panel: Panel) -> None:
    panel.show("recording")
    for name in ("clock_role_own", "clock_through_rendezvous", "clock_follow_1", "clock_runs_rendezvous"):
        assert not panel.find(QAbstractButton, name).isEnabled(), name
    for line in ("clock_rendezvous_host", "clock_serve_address", "clock_allow"):
        assert not panel.find(QLineEdit, line).isEnabled(), line
    assert "recording" in panel.text("clock_lock")
    assert "recording" in panel.find(QAbstractButton, "clock_role_own").toolTip()
    for field in ("clock_period", "clock_limit"):
        assert panel.find(QDoubleSpinBox, field).isEnabled() == (field == "clock_limit"), field
    for name in ("clock_gate", "clock_measure", "clock_lost_stop"):
        assert panel.find(QAbstractButton, name).isEnabled(), name


def test_a_machine_is_followed_or_forgotten_by_its_button(panel: Panel) -> None:
    panel.show("synchronised")
    assert not panel.find(QPushButton, "clock_follow_0").isVisibleTo(panel.dock)
    panel.find(QPushButton, "clock_follow_1").click()
    panel.find(QAbstractButton, "clock_forget_2").click()
    assert (panel.asked, panel.forgotten) == (["10.0.0.7:11511"], ["192.168.178.123:11511"])
    assert panel.find(QPushButton, "clock_follow_1").accessibleName() == "Follow CAM-PC"


def test_an_address_counts_when_it_is_typed_in_full_and_is_not_disturbed_meanwhile(panel: Panel) -> None:
    panel.show("fixed-address")
    line = panel.find(QLineEdit, "clock_host")
    panel.dock.activateWindow()
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "10.0.0.44")
    panel.show("fixed-address")
    assert line.text() == "10.0.0.44"
    assert panel.wanted == []
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert [wanted.host for wanted in panel.wanted] == ["10.0.0.44"]


def test_a_fixed_address_is_asked_for_before_it_is_followed(panel: Panel) -> None:
    panel.show("no-rendezvous")
    line = panel.find(QLineEdit, "clock_host")
    assert not line.isVisible()
    panel.find(QAbstractButton, "clock_fixed_address").click()
    panel.show("no-rendezvous")
    assert line.isVisible()
    assert panel.wanted == []
    line.setText("10.0.0.44")
    line.editingFinished.emit()
    assert panel.wanted == [ClockSettings(role=ClockRole.FOLLOW, use_rendezvous=False, host="10.0.0.44")]
    panel.find(QAbstractButton, "clock_through_rendezvous").click()
    panel.show("no-rendezvous")
    assert not line.isVisible()


def test_to_follow_without_an_address_begins_with_a_rendezvous(panel: Panel) -> None:
    settings = ClockSettings(role=ClockRole.REFERENCE, use_rendezvous=False)
    panel.dock.show_view(clock_view(ClockSyncStatus(settings=settings), settings, NOW))
    panel.find(QAbstractButton, "clock_role_follow").click()
    assert panel.wanted == [ClockSettings(role=ClockRole.FOLLOW)]


def test_ports_limits_and_choices_are_told_once_each(panel: Panel) -> None:
    panel.show("synchronised")
    panel.find(QSpinBox, "clock_rendezvous_port").setValue(13400)
    assert panel.wanted[-1] == replace(FOLLOWING, rendezvous_port=13400)
    panel.show("synchronised")
    panel.find(QDoubleSpinBox, "clock_limit").setValue(0.5)
    assert panel.wanted[-1] == replace(FOLLOWING, bound_limit_ns=500_000)
    panel.show("synchronised")
    panel.find(QAbstractButton, "clock_gate").click()
    assert panel.wanted[-1] == replace(FOLLOWING, gate=False)
    panel.show("synchronised")
    panel.find(QAbstractButton, "clock_lost_stop").click()
    assert panel.wanted[-1] == replace(FOLLOWING, when_lost=WhenLost.STOP)
    assert len(panel.wanted) == 4


def test_advanced_choices_are_folded_away_and_work(panel: Panel) -> None:
    panel.show("reference-protected")
    allow = panel.find(QLineEdit, "clock_allow")
    assert not allow.isVisible()
    panel.find(QAbstractButton, "clock_advanced").click()
    assert allow.isVisible()
    allow.setText(" 10.0.0.0/24, 192.168.1.0/24 ,")
    allow.editingFinished.emit()
    assert panel.wanted[-1].allow == ("10.0.0.0/24", "192.168.1.0/24")
    box = panel.find(QComboBox, "clock_protection")
    box.setCurrentIndex(0)
    box.activated.emit(0)
    assert panel.wanted[-1].protection is Protection.PLAIN


def test_every_control_can_be_reached_by_keys_and_has_a_name(panel: Panel) -> None:
    panel.show("synchronised")
    panel.find(QAbstractButton, "clock_advanced").click()
    for kind in (QAbstractButton, QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox):
        for control in panel.dock.widget().findChildren(kind):  # type: ignore[union-attr]
            if control.isVisible() and not control.objectName().startswith("qt_"):
                text = control.text() if isinstance(control, QAbstractButton) else ""
                assert control.accessibleName() or text, control.objectName()
                assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control.objectName()


def test_figures_can_be_selected(panel: Panel) -> None:
    panel.show("synchronised")
    for name in ("clock_bound", "clock_headline", "clock_safety", "clock_reasons"):
        flags = panel.find(QLabel, name).textInteractionFlags()
        assert flags & Qt.TextInteractionFlag.TextSelectableByMouse, name


def test_both_themes_colour_the_state(panel: Panel) -> None:
    panel.show("lost")
    bound = panel.find(QLabel, "clock_bound")
    dark = bound.palette().color(bound.foregroundRole())
    assert dark == panel.theme.colour("error")
    panel.theme.choose("light")
    assert bound.palette().color(bound.foregroundRole()) == panel.theme.colour("error") != dark


def test_a_measurement_shows_how_long_replies_took(panel: Panel) -> None:
    panel.show("synchronised-protected")
    words = " ".join(plain(label.text()) for label in panel.dock.findChildren(QLabel))
    assert "15 of 16 replies, round trip 190 \u00b5s to 431 \u00b5s" in words
    assert histogram((1, 1, 2, 10), 3) == (3, 0, 1)
    assert histogram((), 3) == (0, 0, 0)
    assert histogram((7,), 3) == (1, 0, 0)


def test_the_chip_has_icon_and_words_and_shortens_names_not_bounds(qtbot: QtBot, qapp: QApplication) -> None:
    chip = ClockChip(Theme("dark"))
    qtbot.addWidget(chip)
    chip.show_sync(None, NOW)
    assert chip.isHidden()
    chip.show_sync(SYNCHRONISED, NOW)
    assert plain(chip.text()) == "LAB-MASTER \u00b1 178 \u00b5s"
    assert not chip.icon().isNull()
    assert chip.accessibleName() == "Clock: Synchronised with LAB-MASTER"
    long = replace(SYNCHRONISED, reference=replace(MASTER, machine="M" * 200), state=SyncState.LOST)
    chip.show_sync(long, NOW)
    assert len(chip.text()) <= LONGEST
    assert plain(chip.text()).endswith("lost \u00b1 178 \u00b5s")
