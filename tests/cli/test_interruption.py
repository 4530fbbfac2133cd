"""Ctrl+C and SIGTERM become an event, whatever the main thread is at."""

import os
import signal

import pytest

from studio.cli.interruption import SIGNALS, interruptible
from tests.waiting import wait_until


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_sets_the_event_and_is_told_each_time(number: signal.Signals) -> None:
    told: list[int] = []
    with interruptible(then=lambda: told.append(1)) as interrupted:
        os.kill(os.getpid(), number)
        assert interrupted.wait(60)
        os.kill(os.getpid(), number)
        wait_until(lambda: len(told) == 2, 60, "both to be told")


def test_a_signal_while_the_main_thread_waits_on_the_event_a_thousand_times_never_blocks_it() -> None:
    for _ in range(1000):
        with interruptible() as interrupted:
            os.kill(os.getpid(), signal.SIGINT)
            while not interrupted.wait(0):
                pass


def test_afterwards_signals_mean_what_they_did_before() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with interruptible(), interruptible() as inner:
        os.kill(os.getpid(), signal.SIGTERM)
        assert inner.wait(60)
    assert [signal.getsignal(number) for number in SIGNALS] == before
    assert signal.set_wakeup_fd(-1) == -1


def test_what_fails_while_a_signal_is_told_comes_out() -> None:
    def fail() -> None:
        raise ValueError("cannot be called off")

    def is_interrupted() -> bool:
        with interruptible(then=fail) as interrupted:
            os.kill(os.getpid(), signal.SIGINT)
            return interrupted.wait(60)

    with pytest.raises(ValueError, match="called off"):
        is_interrupted()
