"""Widgets in cycles die on the GUI thread, whatever other threads do meanwhile."""

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from studio.engine.threads import spawn
from studio.ui.garbage import GarbageOnThisThread


def _make_many(_: threading.Event) -> None:
    """Enough for Python to collect a hundred times."""
    assert len([[] for _ in range(100_000)]) == 100_000


class _Cycle(QObject):
    """Keeps itself alive, as a widget whose slot is a method of its own does."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


def test_a_widget_in_a_cycle_outlives_a_busy_thread_and_dies_soon_after_on_this_one(qtbot: QtBot) -> None:
    garbage = GarbageOnThisThread()
    gc.enable()
    garbage.begin()
    try:
        died_on: list[threading.Thread] = []
        widget = _Cycle()
        widget.destroyed.connect(lambda: None)
        weakref.finalize(widget, lambda: died_on.append(threading.current_thread()))
        del widget
        assert spawn("busy", _make_many, lambda _: None).join(10)
        assert not died_on
        qtbot.waitUntil(lambda: bool(died_on))
        assert died_on == [threading.main_thread()]
    finally:
        garbage.end()
    assert gc.isenabled()


def test_the_end_is_the_end(qtbot: QtBot) -> None:
    gc.disable()
    garbage = GarbageOnThisThread()
    garbage.begin()
    garbage.end()
    garbage.end()
    assert not gc.isenabled()
