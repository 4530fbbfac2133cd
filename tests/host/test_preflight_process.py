"""A pre-flight in the recorder process, as a window asks for it and sees it in the status."""

from pathlib import Path

import pytest

from studio.app.preflight.card import PreflightPhase, PreflightStatus, Verdict
from studio.app.status import RecorderState
from studio.devices.simulated_devices import simulated_devices
from studio.errors import RemoteFailure
from studio.host.preflight_protocol import CancelPreflight, StartPreflight
from studio.host.protocol import GetStatus, StartRecording, StopRecording
from tests.host.conftest import MakeClient
from tests.host.watched import WatchedClient
from tests.waiting import wait_until


def preflight_of(client: WatchedClient) -> PreflightStatus:
    """As a status says."""
    status: PreflightStatus = client.ask(GetStatus()).preflight
    return status


def test_it_is_begun_watched_judged_and_gives_way_to_a_recording(
    new_client: MakeClient, tmp_path: Path
) -> None:
    client, devices = new_client(), simulated_devices()
    number = client.ask(StartPreflight(devices, str(tmp_path), 1.0))
    assert preflight_of(client).number == number
    wait_until(lambda: preflight_of(client).phase is PreflightPhase.DONE, 20.0, "its end")
    card = preflight_of(client).card
    assert card is not None
    assert [device.id for device in card.devices] == [device.id for device in devices]
    assert [each.text for each in card.findings if each.verdict is Verdict.FAIL] == []
    assert card.bytes_per_second > 200_000
    client.wait_for_state(RecorderState.IDLE)

    assert client.ask(StartPreflight(devices, str(tmp_path), 60.0)) == number + 1
    client.ask(StartRecording(devices, str(tmp_path)))
    assert preflight_of(client).phase is PreflightPhase.CALLED_OFF
    with pytest.raises(RemoteFailure, match="A recording is running"):
        client.ask(StartPreflight(devices, str(tmp_path)))
    client.ask(CancelPreflight())
    assert client.ask(GetStatus()).state is RecorderState.RECORDING
    client.ask(StopRecording())
    assert len(list(tmp_path.rglob("*.h5"))) == 1
