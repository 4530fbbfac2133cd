"""Panel, chip and start gate in the whole window, with the recorder played by the test."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from studio.app.clock_sync import ClockRole, ClockSettings, ClockSyncStatus
from studio.app.settings import Settings
from studio.app.status import RecorderState
from studio.host.clock_protocol import (
    ForgetMachine,
    LookAtMachines,
    MeasureNow,
    ReadClockPast,
    SetClockSettings,
)
from studio.host.protocol import StartRecording
from studio.timing import NS_PER_S, monotonic_ns
from studio.timing.sync_status import SyncState
from studio.ui.sync.wiring import SyncWiring
from tests.lab.clock_scenes import FOLLOWED, FOLLOWING, GATE, NOW, SCENES, history_of
from tests.ui.sync.test_clock_texts import plain
from tests.ui.test_window import PATH, Scene

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)")


class ClockStudio(Scene):
    """The window, told of clocks."""

    def clock(self, clock: ClockSyncStatus, state: RecorderState = RecorderState.IDLE) -> None:
        fresh = replace(clock.sync, last_reply=monotonic_ns()) if clock.sync.last_reply else clock.sync
        self.status(
            state, clock=replace(clock, sync=fresh), path=PATH if state is RecorderState.RECORDING else ""
        )

    @property
    def wiring(self) -> SyncWiring:
        found = self.window.findChild(SyncWiring)
        assert found is not None
        return found

    @property
    def asked_settings(self) -> list[ClockSettings]:
        return [body.settings for body in self.far_end.bodies() if isinstance(body, SetClockSettings)]

    @property
    def starts(self) -> list[StartRecording]:
        return [body for body in self.far_end.bodies() if isinstance(body, StartRecording)]

    def open_panel(self) -> None:
        self.window.status_bar.chip.click()
        self.qtbot.waitUntil(self.window.clock_dock.isVisible)

    def click(self, name: str) -> None:
        button = self.window.findChild(QAbstractButton, name)
        assert button is not None, name
        button.click()

    def label(self, name: str) -> str:
        label = self.window.findChild(QLabel, name)
        return plain(label.text()) if label is not None else ""

    def meet_gate(self) -> None:
        self.clock(replace(SCENES["degraded"].clock or FOLLOWED))
        self.press("record_button")
        self.far_end.refuse(GATE, kind="ClockGateError")
        self.qtbot.waitUntil(lambda: self.wiring.gate.dialog is not None)

    def dialog_closed(self) -> None:
        self.qtbot.waitUntil(lambda: self.wiring.gate.dialog is None)


@pytest.fixture
def studio(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[ClockStudio]:
    made = ClockStudio(qtbot, qapp, Settings(recordings_folder=str(tmp_path)))
    yield made
    made.end()


def test_the_chip_says_how_it_stands_and_a_click_opens_the_panel(studio: ClockStudio) -> None:
    chip = studio.window.status_bar.chip
    assert chip.isHidden()
    studio.clock(FOLLOWED)
    studio.qtbot.waitUntil(lambda: plain(chip.text()) == "LAB-MASTER \u00b1 178 \u00b5s")
    assert not studio.window.clock_dock.isVisible()
    studio.open_panel()
    assert studio.label("clock_headline") == "Synchronised with LAB-MASTER"
    studio.clock(SCENES["holdover"].clock or FOLLOWED)
    studio.qtbot.waitUntil(lambda: studio.label("clock_headline").startswith("LAB-MASTER is silent"))
    studio.far_end.lose("The recorder does not answer.")
    studio.qtbot.waitUntil(chip.isHidden)
    assert "Waiting for the recorder" in studio.label("clock_headline")


def test_a_window_that_is_opened_later_shows_what_the_recorder_saw_before(studio: ClockStudio) -> None:
    long_before = history_of(SCENES["synchronised"])
    shift = monotonic_ns() - NOW
    points = tuple(replace(one, monotonic=one.monotonic + shift) for one in long_before.past().points)
    studio.clock(FOLLOWED)
    studio.open_panel()
    studio.far_end.answer_to(ReadClockPast(), replace(long_before.past(), points=points))
    studio.qtbot.waitUntil(lambda: len(studio.wiring.history.past().points) > 500)
    times = studio.wiring.history.curve().times
    assert times[-1] - times[0] >= 590 * NS_PER_S
    assert "Corrections up to" in studio.window.clock_dock.card.plot.accessibleDescription()


def test_the_machines_are_looked_at_only_while_somebody_looks(studio: ClockStudio) -> None:
    studio.clock(FOLLOWED)
    assert LookAtMachines() not in studio.far_end.bodies()
    studio.open_panel()
    assert LookAtMachines() in studio.far_end.bodies()


def test_a_choice_is_shown_at_once_and_stays_when_the_recorder_says_so(studio: ClockStudio) -> None:
    studio.clock(ClockSyncStatus())
    studio.open_panel()
    studio.click("clock_role_reference")
    wanted = ClockSettings(role=ClockRole.REFERENCE)
    assert studio.asked_settings == [wanted]
    studio.clock(ClockSyncStatus())  # was sent before the recorder heard of it
    assert studio.wiring.choice.settings == wanted
    studio.far_end.answer_to(SetClockSettings(wanted), None)
    studio.clock(ClockSyncStatus(settings=wanted))
    assert studio.wiring.choice.settings == wanted
    other = replace(wanted, serve_port=12000)
    studio.clock(ClockSyncStatus(settings=other))  # another window's choice
    assert studio.wiring.choice.settings == other


def test_two_quick_choices_add_up(studio: ClockStudio) -> None:
    studio.clock(FOLLOWED)
    studio.open_panel()
    studio.click("clock_gate")
    studio.click("clock_lost_stop")
    last = studio.asked_settings[-1]
    assert (last.gate, last.when_lost) == (False, "stop")


def test_what_the_recorder_refuses_is_told_and_taken_back(studio: ClockStudio) -> None:
    studio.clock(FOLLOWED)
    studio.open_panel()
    studio.click("clock_role_own")
    studio.far_end.refuse("The role cannot change while a recording runs.", kind="ClockRoleError")
    studio.qtbot.waitUntil(lambda: studio.text("message_text").startswith("The role cannot change"))
    follow = studio.window.findChild(QAbstractButton, "clock_role_follow")
    assert follow is not None
    assert follow.isChecked()


def test_measure_follow_and_forget_reach_the_recorder(studio: ClockStudio) -> None:
    studio.clock(FOLLOWED)
    studio.open_panel()
    studio.click("clock_measure")
    studio.click("clock_forget_2")
    studio.click("clock_follow_1")
    assert MeasureNow() in studio.far_end.bodies()
    assert ForgetMachine("192.168.178.123:11511") in studio.far_end.bodies()
    assert studio.asked_settings == [replace(FOLLOWING, machine="10.0.0.7:11511")]


def test_each_change_of_state_is_announced_once(studio: ClockStudio) -> None:
    said: list[str] = []
    studio.wiring.announced.connect(said.append)
    for name in ("own", "synchronised", "synchronised", "holdover", "holdover", "synchronised"):
        studio.clock(SCENES[name].clock or FOLLOWED)
    assert [words.split(".")[0] for words in said] == [
        "Synchronised with LAB-MASTER",
        "LAB-MASTER is silent",
        "Synchronised with LAB-MASTER",
    ]


def test_a_closed_gate_asks_and_cancel_records_nothing(studio: ClockStudio) -> None:
    studio.meet_gate()
    assert "7.9 ms" in studio.label("gate_text")
    studio.click("gate_cancel_button")
    studio.dialog_closed()
    studio.clock(FOLLOWED)
    assert [start.despite_clock for start in studio.starts] == [False]
    assert studio.window.transport.view.record_enabled


def test_record_anyway_records_despite_the_clock(studio: ClockStudio) -> None:
    studio.meet_gate()
    studio.click("gate_record_button")
    studio.dialog_closed()
    assert [start.despite_clock for start in studio.starts] == [False, True]


def test_wait_says_how_it_stands_and_records_by_itself_when_the_gate_opens(studio: ClockStudio) -> None:
    studio.meet_gate()
    studio.click("gate_wait_button")
    degraded = SCENES["degraded"].clock
    assert degraded is not None
    studio.clock(replace(degraded, gate="Not synchronised well enough: \u00b1 5.2 ms, limit 5 ms."))
    assert "5.2 ms" in studio.label("gate_text")
    assert len(studio.starts) == 1
    studio.clock(FOLLOWED)
    assert [start.despite_clock for start in studio.starts] == [False, False]
    studio.far_end.answer_to(studio.starts[-1], PATH)
    studio.clock(FOLLOWED, RecorderState.RECORDING)
    studio.dialog_closed()


def test_a_gate_that_closes_again_meanwhile_goes_on_waiting(studio: ClockStudio) -> None:
    studio.meet_gate()
    studio.click("gate_wait_button")
    studio.clock(FOLLOWED)
    studio.far_end.refuse("Not synchronised well enough: \u00b1 6 ms, limit 5 ms.", kind="ClockGateError")
    studio.qtbot.waitUntil(lambda: "6 ms" in studio.label("gate_text"))
    assert studio.wiring.gate.dialog is not None
    assert studio.wiring.gate.dialog.is_waiting


def test_record_pressed_again_asks_no_second_question(studio: ClockStudio) -> None:
    studio.meet_gate()
    first = studio.wiring.gate.dialog
    studio.press("record_button")
    studio.far_end.refuse(GATE, kind="ClockGateError")
    studio.qtbot.waitUntil(lambda: studio.window.transport.view.record_enabled)
    assert studio.wiring.gate.dialog is first


def test_the_report_is_copied(studio: ClockStudio) -> None:
    studio.clock(FOLLOWED)
    studio.open_panel()
    studio.click("clock_report")
    assert "Synchronised with LAB-MASTER" in QApplication.clipboard().text()
    assert "copied" in studio.text("message_text")


def test_the_panel_is_opened_by_a_key_and_by_the_menu(studio: ClockStudio) -> None:
    studio.clock(FOLLOWED)
    studio.window.actions_by_name["clock_panel"].trigger()
    assert studio.window.clock_dock.isVisible()
    assert studio.wiring.choice.clock is not None
    assert studio.wiring.choice.clock.sync.state is SyncState.SYNCHRONISED
