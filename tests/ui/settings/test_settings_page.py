"""A page of settings, whatever it is filled with."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from studio.ui.settings.settings_page import SettingsPage
from studio.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it


def test_words_stand_at_the_setting_they_explain_however_high_the_page_is(qtbot: QtBot) -> None:
    page = SettingsPage(Theme("dark"))
    qtbot.addWidget(page)
    combo = page.add_combo("Make", {"csv": "Tables"}, "export_choice")
    page.add_hint("Offered first.")
    below = page.add_combo("Theme", {"dark": "Dark"}, "theme")
    page.resize(500, 700)
    page.show()
    (hint,) = (label for label in page.findChildren(QLabel) if label.text() == "Offered first.")
    qtbot.waitUntil(lambda: below.y() > hint.y() > combo.y())
    assert hint.y() - combo.geometry().bottom() <= 12
    assert below.y() - hint.geometry().bottom() <= 12
