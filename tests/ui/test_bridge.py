"""What other threads say arrives on the GUI thread, newest first in importance, and never after the end."""

import gc
import threading
import weakref

from pytestqt.qtbot import QtBot

from studio.app.status import RecorderState, RecorderStatus
from studio.errors import RoleError
from studio.host.protocol import GetStatus, ListSessions
from studio.ui.bridge import Bridge
from tests.ui.far_end import FarEnd, elsewhere


class Answer:
    """Something large."""


def make_bridge() -> tuple[Bridge, FarEnd]:
    far_end = FarEnd()
    return far_end.bridge(), far_end


def test_an_answer_arrives_on_the_gui_thread(qtbot: QtBot) -> None:
    bridge, link = make_bridge()
    arrived: list[tuple[object, threading.Thread]] = []
    bridge.send(GetStatus(), lambda value: arrived.append((value, threading.current_thread())))
    elsewhere(lambda: link.asked[0][1].set_result("fine"))
    assert arrived == []  # not before the event loop of this thread runs
    qtbot.waitUntil(lambda: bool(arrived))
    assert arrived == [("fine", threading.main_thread())]
    bridge.close()


def test_an_answer_dies_when_it_has_been_taken_without_a_collection_of_garbage(qtbot: QtBot) -> None:
    bridge, link = make_bridge()
    taken: list[weakref.ref[object]] = []
    gc.disable()  # as in the window, which collects what is old twice a minute
    try:
        bridge.ask(ListSessions("/here"), lambda answer: taken.append(weakref.ref(answer)))
        elsewhere(lambda: link.asked.pop()[1].set_result(Answer()))
        qtbot.waitUntil(lambda: bool(taken))
        qtbot.waitUntil(lambda: taken[0]() is None)
    finally:
        gc.enable()
    bridge.close()


def test_who_waited_for_an_answer_is_let_go_of_on_this_thread(qtbot: QtBot) -> None:
    bridge, link = make_bridge()
    told: list[object] = []
    let_go: list[threading.Thread] = []

    class Waiting:
        def take(self, answer: object) -> None:
            told.append(answer)

        def __del__(self) -> None:
            let_go.append(threading.current_thread())

    def answer_slowly() -> None:
        link.asked[0][1].set_result("fine")
        shown.wait(10)
        link.asked.clear()  # the last that is held of the question, after everybody else

    shown = threading.Event()
    bridge.ask(ListSessions("/here"), Waiting().take)
    answering = threading.Thread(target=answer_slowly)
    answering.start()
    qtbot.waitUntil(lambda: bool(told))
    shown.set()
    answering.join()
    qtbot.waitUntil(lambda: bool(let_go))
    assert let_go == [threading.main_thread()]
    bridge.close()


def test_a_failure_is_told_in_its_own_words(qtbot: QtBot) -> None:
    bridge, link = make_bridge()
    told: list[str] = []
    bridge.ask(ListSessions("/nowhere"), told.append, told.append)
    elsewhere(lambda: link.asked[0][1].set_exception(RoleError("The folder is not there.")))
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["The folder is not there."]
    bridge.close()


def test_a_failure_nobody_asked_about_is_not_lost(qtbot: QtBot) -> None:
    bridge, link = make_bridge()
    bridge.send(GetStatus())
    with qtbot.waitSignal(bridge.failed) as told:
        elsewhere(lambda: link.asked[0][1].set_exception(ZeroDivisionError("oh")))
    assert "ZeroDivisionError" in told.args[0]
    bridge.close()


def test_a_link_that_refuses_is_a_failure_not_a_crash(qtbot: QtBot) -> None:
    bridge, link = make_bridge()
    link.closed = 1
    with qtbot.waitSignal(bridge.failed) as told:
        bridge.send(GetStatus())
    assert told.args == ["The connection is closed."]
    bridge.close()


def test_of_many_status_only_the_newest_is_shown(qtbot: QtBot) -> None:
    bridge, link = make_bridge()
    shown: list[RecorderStatus] = []
    bridge.status_changed.connect(shown.append)
    assert link.callbacks is not None
    on_status = link.callbacks.on_status
    statuses = [RecorderStatus(state=RecorderState.IDLE, time=n) for n in range(50)]
    elsewhere(*[lambda status=status: on_status(status) for status in statuses])
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == [statuses[-1]]
    elsewhere(lambda: on_status(statuses[3]))
    qtbot.waitUntil(lambda: len(shown) == 2)
    bridge.close()


def test_connecting_and_losing_are_told(qtbot: QtBot) -> None:
    bridge, link = make_bridge()
    with qtbot.waitSignal(bridge.recorder_connected):
        bridge.open()
    assert link.callbacks is not None
    on_lost = link.callbacks.on_lost
    with qtbot.waitSignal(bridge.recorder_lost) as lost:
        elsewhere(lambda: on_lost("The recorder ended."))
    assert lost.args == ["The recorder ended."]
    bridge.close()


def test_nothing_arrives_after_the_end(qtbot: QtBot) -> None:
    bridge, link = make_bridge()
    arrived: list[object] = []
    bridge.send(GetStatus(), arrived.append, arrived.append)
    bridge.close()
    bridge.close()
    assert link.closed == 3  # recorder, reader and search, each once
    elsewhere(lambda: link.asked[0][1].set_result("late"))
    qtbot.wait(20)
    assert arrived == []


def test_devices_are_looked_for(qtbot: QtBot) -> None:
    bridge, _ = make_bridge()
    found: list[object] = []
    with qtbot.waitSignal(bridge.noted) as noted:
        bridge.discover(found.append)
    qtbot.waitUntil(lambda: found == [()])
    assert noted.args == ["There is nothing."]
    bridge.close()
