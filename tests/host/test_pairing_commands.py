"""Pairing from a window: commands reach the recorder, and statuses tell how it goes."""

import pytest

from studio.app.clock_sync import PairingStep
from studio.errors import RemoteFailure
from studio.host.pairing_protocol import AnswerPairing, BeginPairing, EndPairing, ForgetPaired
from studio.host.protocol import Quit
from tests.host.conftest import MakeClient
from tests.waiting import wait_until


def test_a_recorder_waits_to_be_paired_and_stops_when_told(new_client: MakeClient) -> None:
    client = new_client()
    assert client.newest.clock.pairing is None
    client.ask(BeginPairing(port=0))
    wait_until(lambda: client.newest.clock.pairing is not None, 20, "a status that tells of it")
    pairing = client.newest.clock.pairing
    assert pairing is not None
    assert (pairing.step, pairing.is_caller) == (PairingStep.WAITING, False)
    assert pairing.port > 0
    with pytest.raises(RemoteFailure, match="no code to compare") as refused:
        client.ask(AnswerPairing(is_equal=True))
    assert refused.value.kind == "PairingError"
    client.ask(ForgetPaired("nobody"))
    client.ask(EndPairing())
    wait_until(lambda: client.newest.clock.pairing is None, 20, "the end of it")
    client.ask(Quit())
