"""Two machines trust each other when both users saw the same code; commands and views of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.app.clock_pairing import ClockPairing
from studio.app.clock_sync import PairingStep, PairingView
from studio.errors import PairingError
from studio.net.tls_store import PairedMachines
from tests.waiting import wait_until

TIMEOUT_S = 20.0


class Pair:
    """Two of them, with a store each; one waits, the other one calls."""

    def __init__(self, folder: Path) -> None:
        self.waiting = ClockPairing(PairedMachines(folder / "a"))
        self.calling = ClockPairing(PairedMachines(folder / "b"))

    def meet(self) -> None:
        self.waiting.begin("", 0)
        at = view_of(self.waiting)
        assert (at.step, at.is_caller) == (PairingStep.WAITING, False)
        self.calling.begin(at.host, at.port)
        for one in (self.waiting, self.calling):
            wait_for(one, lambda view: view.step is PairingStep.COMPARING)


def view_of(pairing: ClockPairing) -> PairingView:
    view = pairing.view()
    assert view is not None
    return view


def wait_for(pairing: ClockPairing, is_so: Callable[[PairingView], bool]) -> PairingView:
    wait_until(lambda: is_so(view_of(pairing)), TIMEOUT_S, f"{pairing.view()}")
    return view_of(pairing)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    yield made
    made.waiting.end()
    made.calling.end()


def test_both_see_one_code_and_trust_each_other_when_both_say_so(pair: Pair) -> None:
    pair.meet()
    assert view_of(pair.waiting).code == view_of(pair.calling).code != ""
    pair.waiting.answer(is_equal=True)
    assert view_of(pair.waiting).is_answered
    assert pair.waiting.paired() == ()
    pair.calling.answer(is_equal=True)
    for one in (pair.waiting, pair.calling):
        wait_for(one, lambda view: view.step is PairingStep.PAIRED)
        assert len(one.paired()) == 1
    (known,) = pair.calling.paired()
    pair.calling.forget(known.fingerprint)
    assert pair.calling.paired() == ()


def test_codes_that_differ_make_nobody_trusted(pair: Pair) -> None:
    pair.meet()
    pair.calling.answer(is_equal=False)
    assert wait_for(pair.calling, lambda view: view.step is PairingStep.REFUSED).text
    wait_for(pair.waiting, lambda view: view.step in (PairingStep.REFUSED, PairingStep.FAILED))
    assert pair.waiting.paired() == pair.calling.paired() == ()


def test_what_is_called_off_is_not_shown_any_more(pair: Pair) -> None:
    pair.waiting.begin("", 0)
    pair.waiting.end()
    assert pair.waiting.view() is None
    with pytest.raises(PairingError, match="No pairing"):
        pair.waiting.answer(is_equal=True)


def test_to_begin_anew_ends_what_was_under_way(pair: Pair) -> None:
    pair.waiting.begin("", 0)
    first = view_of(pair.waiting)
    pair.waiting.begin("", 0)
    pair.calling.begin(first.host, first.port)
    failed = wait_for(pair.calling, lambda view: view.step is not PairingStep.WAITING)
    assert failed.step is PairingStep.FAILED
    assert "Begin on the other machine first" in failed.text
