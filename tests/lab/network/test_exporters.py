"""The laboratory's clocks and exporters themselves: what is true, and how each manner treats who asks."""

import socket
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.network.exporting import exporter
from tests.lab.network.manners import TICKS_AT_1970, VERSION, Manner
from tests.lab.network.program import LabProgram
from tests.lab.network.synthetic_clock import SyntheticClock
from tests.lab.network.way import Way
from tests.waiting import wait_until

CLOCK = SyntheticClock(offset=1_700_000_000 * 10**9, ppm=50.0)
S = 10**9


@given(
    st.builds(
        SyntheticClock,
        offset=st.integers(-(2**60), 2**60),
        ppm=st.floats(-500, 500),
        wander=st.integers(0, S),
        steps=st.lists(st.tuples(st.integers(0, 2**50), st.integers(-S, S))).map(tuple),
        tick=st.sampled_from((1, 100, 15_625_000)),
    )
)
def test_a_clock_goes_through_a_command_line_unchanged(clock: SyntheticClock) -> None:
    assert SyntheticClock.from_text(clock.to_text()) == clock


def test_rate_steps_and_ticks_of_a_clock_are_as_it_says() -> None:
    clock = SyntheticClock(offset=5, begin=0, ppm=50.0, steps=((100 * S, 8_000_000),))
    assert [clock.offset_at(at) for at in (0, 10 * S, 100 * S)] == [5, 500_005, 13_000_005]
    coarse = SyntheticClock(offset=0, tick=15_625_000)
    assert len({coarse.time_at(at) for at in range(0, S, 1_000_000)}) == 64
    swaying = SyntheticClock(offset=0, wander=1000, wander_period_s=4.0)
    assert [swaying.offset_at(at * S) for at in range(5)] == [0, 1000, 0, -1000, 0]


def asked(port: int, *, timeout_s: float = 20.0) -> bytes:
    """All that an exporter answers."""
    with socket.create_connection(("127.0.0.1", port), timeout_s) as connection:
        connection.sendall(VERSION)
        said = b""
        while more := connection.recv(4096):
            said += more
    return said


def stamp(said: bytes) -> int:
    """The time in an answer."""
    return int((struct.unpack("<q", said[:8])[0] - TICKS_AT_1970) * 100)


@pytest.mark.parametrize("manner", [Manner.HONEST, Manner.ONE_AT_A_TIME])
def test_those_that_answer_tell_their_true_time_in_the_end(manner: Manner) -> None:
    with exporter(None, CLOCK, manner=manner, name="lab") as exporting:
        before = CLOCK.time_at(time.monotonic_ns())
        said = asked(exporting.port)
        after = CLOCK.time_at(time.monotonic_ns())
    assert said[8:] == b"\x03lab"
    assert before - 100 <= stamp(said) <= after


def test_an_honest_one_serves_beside_a_silent_client() -> None:
    with (
        exporter(None, CLOCK) as exporting,
        socket.create_connection(("127.0.0.1", exporting.port)),
    ):
        assert asked(exporting.port)


def test_one_as_the_original_resets_who_waits_while_it_serves() -> None:
    with (
        exporter(None, CLOCK, manner=Manner.ONE_AT_A_TIME) as exporting,
        socket.create_connection(("127.0.0.1", exporting.port)) as first,
    ):
        wait_until(lambda: is_refused(exporting.port), 20.0, "the door to be closed")
        first.sendall(VERSION)
        assert first.recv(8)


def is_refused(port: int) -> bool:
    """Whether a client that only waits is reset, or finds nobody."""
    try:
        with socket.create_connection(("127.0.0.1", port), 0.2) as waiting:
            waiting.recv(1)
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return False


def test_the_bad_ones_never_answer_in_full_and_change_when_they_are_told() -> None:
    with exporter(None, CLOCK, manner=Manner.SILENT) as exporting:
        with pytest.raises(TimeoutError):
            asked(exporting.port, timeout_s=0.2)
        exporting.behave(Manner.RESETTING)
        with pytest.raises(ConnectionError):
            asked(exporting.port)
        exporting.behave(Manner.ENDLESS)
        with socket.create_connection(("127.0.0.1", exporting.port)) as connection:
            connection.sendall(VERSION)
            assert sum(len(connection.recv(65536)) for _ in range(40)) > 4096
        exporting.behave(Manner.DRIPPING)
        with socket.create_connection(("127.0.0.1", exporting.port)) as connection:
            connection.sendall(VERSION)
            assert sum(len(connection.recv(100)) for _ in range(3)) < 8, "not even the stamp at once"
        exporting.behave(Manner.HONEST)
        assert asked(exporting.port)


def test_a_proxy_delays_each_way_and_breaks_what_it_loses() -> None:
    with exporter(None, CLOCK) as exporting:
        ways = (Way(delay_ms=50.0).to_text(), Way(delay_ms=10.0).to_text())
        arguments = ("127.0.0.1", str(exporting.port), *ways)
        with LabProgram.of_module("tests.lab.network.proxy", *arguments) as proxy:
            port = int(proxy.heard())
            began = time.monotonic_ns()
            said = asked(port)
            sent = CLOCK.time_at(began)
        assert stamp(said) - sent >= 50_000_000
        assert time.monotonic_ns() - began >= 60_000_000
        lossy = ("127.0.0.1", str(exporting.port), Way(loss=1.0).to_text(), Way().to_text())
        with LabProgram.of_module("tests.lab.network.proxy", *lossy) as proxy:
            assert asked(int(proxy.heard())) == b""
