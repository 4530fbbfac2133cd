"""Events tell everybody, in order, whatever one of them does (decision 10)."""

import pytest

from studio.engine import Event


def test_handlers_are_called_in_the_order_they_were_connected() -> None:
    event: Event[int] = Event()
    calls: list[str] = []
    event.connect(lambda value: calls.append(f"first {value}"))
    event.connect(lambda value: calls.append(f"second {value}"))
    assert event.emit(3) == ()
    assert calls == ["first 3", "second 3"]


def test_one_that_fails_does_not_stop_the_others_and_its_error_comes_back() -> None:
    event: Event[int] = Event()
    calls: list[int] = []
    error = RuntimeError("no")

    def fail(_value: int) -> None:
        raise error

    event.connect(fail)
    event.connect(calls.append)
    assert event.emit(1) == (error,)
    assert calls == [1]


def test_a_handler_connected_while_the_event_is_told_hears_it_too() -> None:
    event: Event[int] = Event()
    calls: list[int] = []
    event.connect(lambda _value: event.connect(calls.append) if not calls else None)
    event.emit(7)
    assert calls == [7]


def test_a_handler_disconnected_meanwhile_is_not_called() -> None:
    event: Event[int] = Event()
    calls: list[int] = []
    event.connect(lambda _value: event.disconnect(calls.append))
    event.connect(calls.append)
    event.emit(1)
    assert calls == []
    assert event.has_handlers


def test_the_same_handler_twice_is_called_twice() -> None:
    event: Event[int] = Event()
    calls: list[int] = []
    event.connect(calls.append)
    event.connect(calls.append)
    event.emit(1)
    assert calls == [1, 1]


def test_disconnecting_a_stranger_is_an_error() -> None:
    with pytest.raises(ValueError, match="not connected"):
        Event[int]().disconnect(print)


def test_handlers_are_held_strongly() -> None:
    class Listener:
        heard = 0

        def listen(self, _value: int) -> None:
            Listener.heard += 1

    event: Event[int] = Event()
    event.connect(Listener().listen)
    event.emit(1)
    assert Listener.heard == 1


def test_a_replayed_event_tells_newcomers_what_they_missed() -> None:
    event: Event[int] = Event(is_replayed=True)
    event.emit(1)
    event.emit(2)
    heard: list[int] = []
    event.connect(heard.append)
    event.emit(3)
    assert heard == [1, 2, 3]
