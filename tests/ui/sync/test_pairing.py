"""The dialog that makes two machines trust each other."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QListWidget

from studio.app.clock_sync import ClockSyncStatus, PairedView, PairingStep, PairingView
from studio.host.pairing_protocol import AnswerPairing, BeginPairing, EndPairing, ForgetPaired
from studio.ui.sync.pairing_dialog import address_of
from studio.ui.sync.pairing_words import pairing_page
from tests.lab.clock_scenes import FOLLOWED
from tests.ui.sync.test_clock_window import ClockStudio, studio

__all__ = ["studio"]
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)")

VIEW = PairingView(PairingStep.WAITING, is_caller=False, host="10.0.0.5", port=11513)
COMPARING = replace(VIEW, step=PairingStep.COMPARING, code="123 456", machine="CAM-PC", address="10.0.0.7")
PAIRED = PairedView("CAM-PC", "10.0.0.7", "ab" * 32)


def told(pairing: PairingView | None, *paired: PairedView) -> ClockSyncStatus:
    return replace(FOLLOWED, pairing=pairing, paired=paired)


def open_dialog(studio: ClockStudio, clock: ClockSyncStatus = FOLLOWED) -> None:
    studio.clock(clock)
    studio.open_panel()
    studio.click("clock_advanced")
    studio.click("clock_pair")
    studio.qtbot.waitUntil(lambda: studio.wiring.pairing.dialog is not None)


def is_shown(studio: ClockStudio, name: str) -> bool:
    button = studio.window.findChild(QAbstractButton, name)
    return button is not None and button.isVisible()


def test_every_step_has_words() -> None:
    for step in PairingStep:
        for is_caller in (False, True):
            view = replace(COMPARING, step=step, is_caller=is_caller, text="It was called off.")
            assert pairing_page(view).words
    assert "10.0.0.5:11513" in pairing_page(VIEW).words
    assert pairing_page(COMPARING).is_asking
    assert not pairing_page(replace(COMPARING, is_answered=True)).is_asking


def test_wait_compare_and_say_that_the_codes_are_the_same(studio: ClockStudio) -> None:
    open_dialog(studio)
    studio.click("pairing_wait_button")
    assert BeginPairing("", 11513) in studio.far_end.bodies()
    studio.clock(told(VIEW))
    assert not is_shown(studio, "pairing_wait_button")
    studio.clock(told(COMPARING))
    assert studio.label("pairing_code") == "123 456"
    dialog = studio.wiring.pairing.dialog
    assert dialog is not None
    assert dialog.focusWidget().objectName() == "pairing_differs_button"  # a habit must trust nobody
    studio.click("pairing_same_button")
    assert AnswerPairing(True) in studio.far_end.bodies()
    studio.clock(told(replace(COMPARING, step=PairingStep.PAIRED), PAIRED))
    assert "Paired with CAM-PC" in studio.label("pairing_words")
    assert not is_shown(studio, "pairing_same_button")
    studio.click("pairing_close_button")
    studio.qtbot.waitUntil(lambda: EndPairing() in studio.far_end.bodies())
    assert studio.wiring.pairing.dialog is None


def test_a_call_goes_to_the_address_that_was_typed(studio: ClockStudio) -> None:
    open_dialog(studio)
    studio.click("pairing_call_button")
    assert not any(isinstance(body, BeginPairing) for body in studio.far_end.bodies())
    line = studio.window.findChild(QLineEdit, "pairing_address")
    assert line is not None
    line.setText("10.0.0.5:12000")
    studio.click("pairing_call_button")
    assert BeginPairing("10.0.0.5", 12000) in studio.far_end.bodies()


def test_codes_that_differ_are_told_and_one_can_go_back(studio: ClockStudio) -> None:
    open_dialog(studio, told(COMPARING))
    studio.click("pairing_differs_button")
    assert AnswerPairing(False) in studio.far_end.bodies()
    studio.clock(told(replace(COMPARING, step=PairingStep.REFUSED, text="The codes differ.", code="")))
    assert studio.label("pairing_words") == "The codes differ."
    studio.click("pairing_again_button")
    assert EndPairing() in studio.far_end.bodies()


def test_a_trusted_machine_can_be_forgotten(studio: ClockStudio) -> None:
    open_dialog(studio, told(None, PAIRED))
    rows = studio.window.findChild(QListWidget, "pairing_list")
    assert rows is not None
    assert rows.count() == 1
    rows.setCurrentRow(0)
    studio.click("pairing_forget_button")
    assert ForgetPaired(PAIRED.fingerprint) in studio.far_end.bodies()
    assert studio.window.findChild(QLabel, "pairing_words") is not None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" 10.0.0.2 ", ("10.0.0.2", 11513)),
        ("cam-pc:12000", ("cam-pc", 12000)),
        ("[fe80::1]:12000", ("fe80::1", 12000)),
        ("fe80::1", ("fe80::1", 11513)),
        ("a:99999", ("a:99999", 11513)),
        ("", ("", 11513)),
    ],
)
def test_an_address_is_read_as_it_is_usually_written(text: str, address: tuple[str, int]) -> None:
    assert address_of(text) == address
