"""Whatever an exporter does, a probe ends in time with what was measured or with what was wrong."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.net.clock_probing import (
    FIRST_BACK_OFF,
    GAP,
    LONGEST_BACK_OFF,
    Prober,
    ProbeResult,
    Schedule,
    Target,
    probe,
)
from studio.timing import NS_PER_S, SystemClock
from studio.timing.sync_status import ProbeOutcome
from tests.net.clock_peers import (
    HUGE_NAME,
    PATIENCE_S,
    Manner,
    drips,
    exporter_that,
    is_silent,
    our_exporter,
    resets,
    says,
    tells,
)
from tests.waiting import wait_until


def probed(port: int, outcome: ProbeOutcome) -> ProbeResult:
    """A probe with that outcome; the first one, unless this machine was too busy to ask within a second."""
    results: list[ProbeResult] = []

    def is_so() -> bool:
        results.append(probe(Target("127.0.0.1", port), (socket.AF_INET, "127.0.0.1", port)))
        return results[-1].record.outcome is outcome

    wait_until(is_so, PATIENCE_S)
    return results[-1]


def test_an_answer_lies_between_asking_and_hearing() -> None:
    clock = SystemClock()
    with our_exporter(clock) as server:
        result = probed(server.port, ProbeOutcome.ANSWERED)
        record = result.record
        assert record.outcome is ProbeOutcome.ANSWERED
        assert (
            clock.from_monotonic(record.sent) - 100 <= record.stamp <= clock.from_monotonic(record.received)
        )
        assert result.machine
        assert result.problem == ""


@pytest.mark.parametrize(
    ("manner", "outcome"),
    [
        (resets, ProbeOutcome.REFUSED),
        (says(HUGE_NAME), ProbeOutcome.UNREADABLE),
        (says(b"\xff" * 8 + b"\2vm"), ProbeOutcome.UNREADABLE),
        (says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), ProbeOutcome.UNREADABLE),
        (says(bytes(8) + b"\2vm"), ProbeOutcome.UNREADABLE),
    ],
)
def test_an_exporter_that_does_it_wrong_is_told_at_once(manner: Manner, outcome: ProbeOutcome) -> None:
    with exporter_that(manner) as exporter:
        result = probed(exporter.port, outcome)
        assert result.problem
        assert result.record.stamp == 0


def test_who_is_silent_or_drips_costs_no_more_than_the_time_for_a_probe() -> None:
    with (
        exporter_that(is_silent) as silent,
        exporter_that(drips) as dripping,
        exporter_that(says(b"")) as speechless,
        ThreadPoolExecutor(3) as pool,
    ):
        ports = (silent.port, dripping.port, speechless.port)
        results = list(pool.map(lambda port: probed(port, ProbeOutcome.SILENT), ports))
    assert {result.problem for result in results} == {"it does not answer in time"}


def test_half_an_answer_is_none() -> None:
    def ends_early(peer: socket.socket, ending: threading.Event) -> None:
        peer.recv(2)
        peer.sendall(b"\0" * 7)

    with exporter_that(ends_early) as exporter:
        assert probed(exporter.port, ProbeOutcome.REFUSED).problem


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert probed(port, ProbeOutcome.REFUSED).problem


def test_the_first_burst_is_sixteen_then_it_calms_down() -> None:
    schedule = Schedule(burst=4, period_s=5.0, draw=lambda: 0.5)
    assert [schedule.pause_after(schedule.burst, 0) for _ in range(4)] == [GAP, GAP, GAP, NS_PER_S]
    assert schedule.pause_after(4, 9 * NS_PER_S) == NS_PER_S
    assert schedule.pause_after(4, 11 * NS_PER_S) == 2_500_000_000
    assert schedule.pause_after(4, 61 * NS_PER_S) == 5 * NS_PER_S


def test_in_doubt_the_next_bursts_come_soon() -> None:
    schedule = Schedule(burst=4, period_s=5.0, draw=lambda: 0.5)
    for _ in range(4):
        schedule.pause_after(4, 0)
    schedule.hurry()
    pauses = [schedule.pause_after(4, 100 * NS_PER_S) for _ in range(5)]
    assert pauses == [NS_PER_S] * 3 + [5 * NS_PER_S] * 2


def test_over_a_path_that_jitters_twice_as_many_are_asked_until_it_is_quiet_again() -> None:
    schedule = Schedule(burst=4, period_s=5.0, draw=lambda: 0.5)
    ms = 1_000_000
    schedule.took([10 * ms, 14 * ms, 12 * ms, 16 * ms])
    assert schedule.burst == 4, "the first burst has a length of its own"
    for _ in range(4):
        schedule.pause_after(4, 0)
    assert schedule.burst == 8
    schedule.took([])
    assert schedule.burst == 8, "no answer says nothing of the path"
    schedule.took([10 * ms, 10 * ms, 11 * ms, 200 * ms])
    assert schedule.burst == 4, "one that was lost and sent again is no jitter"


def test_without_an_answer_single_probes_come_more_and_more_rarely() -> None:
    schedule = Schedule(burst=4, period_s=5.0, draw=lambda: 0.5)
    pauses = [schedule.pause_after(0, 0) for _ in range(8)]
    assert pauses[0] == FIRST_BACK_OFF
    assert pauses[-1] == LONGEST_BACK_OFF
    assert pauses == sorted(pauses)
    assert schedule.burst == 1
    schedule.pause_after(1, 0)
    assert schedule.burst == 4


@given(st.floats(0, 1), st.lists(st.integers(0, 4), max_size=30), st.integers(1, 60))
def test_a_pause_is_never_nothing_and_never_too_long(drawn: float, answers: list[int], period: int) -> None:
    schedule = Schedule(burst=4, period_s=float(period), draw=lambda: drawn)
    for number, answered in enumerate(answers):
        pause = schedule.pause_after(answered, number * NS_PER_S)
        assert 0.8 * GAP <= pause <= 1.2 * max(LONGEST_BACK_OFF, period * NS_PER_S)


class Running:
    """A prober in a thread of its own, and what it has told."""

    def __init__(self, port: int, period_s: float = 5.0, host: str = "127.0.0.1") -> None:
        self.bursts: list[tuple[tuple[ProbeResult, ...], object, bool]] = []
        schedule = Schedule(burst=4, period_s=period_s)
        self.prober = Prober(Target(host, port), schedule, lambda *told: self.bursts.append(told))
        self.cancelled = threading.Event()
        self.thread = threading.Thread(target=self.prober.run, args=(self.cancelled,))
        self.thread.start()

    def answers(self) -> int:
        return sum(
            result.record.outcome is ProbeOutcome.ANSWERED for told in self.bursts for result in told[0]
        )

    def close(self) -> None:
        self.prober.stop(self.cancelled)
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()


def test_a_prober_measures_sixteen_times_at_once_and_more_when_asked() -> None:
    with our_exporter() as server:
        running = Running(server.port, period_s=3600.0)
        wait_until(lambda: running.answers() >= 16, PATIENCE_S)
        running.prober.measure(10)
        wait_until(lambda: any(told[2] for told in running.bursts), PATIENCE_S)
        assert len(next(told for told in running.bursts if told[2])[0]) == 10
        running.close()


def test_a_prober_goes_on_when_the_exporter_comes_back() -> None:
    clock = SystemClock()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    running = Running(port)
    wait_until(lambda: len(running.bursts) >= 1, PATIENCE_S)
    assert running.answers() == 0
    with exporter_that(tells(clock.now), port):
        wait_until(lambda: running.answers() >= 8, PATIENCE_S)
    running.close()


def test_a_name_that_nobody_knows_is_told_and_asked_again() -> None:
    running = Running(11511, host="no-such-machine.invalid")
    wait_until(lambda: len(running.bursts) >= 1, PATIENCE_S)
    results, place, _ = running.bursts[0]
    assert place is None
    assert results[0].problem
    running.close()
