"""The recorder process and its clock: commands set it, statuses tell it, to a window that comes later too."""

import time
from pathlib import Path

import pytest

from studio.app.clock_sync import ClockRole, ClockSettings
from studio.app.status import RecorderState
from studio.errors import RemoteFailure
from studio.host.clock_protocol import ForgetMachine, LookAtMachines, MeasureNow, SetClockSettings
from studio.host.protocol import (
    Quit,
    StartPreview,
    StartRecording,
    StopRecording,
)
from studio.host.run_directory import RunDirectory
from studio.host.shared_clock import shared_clock
from studio.timing.segments import SegmentLine
from tests.app.clock_keeping import following, other_clock, other_machine
from tests.host.conftest import MakeClient
from tests.host.watched import WatchedClient, devices, recorder_pid, wait_for_end
from tests.lab.network.manners import Manner
from tests.waiting import wait_until


def follow(client: WatchedClient, port: int) -> None:
    """Follow whoever exports there, and wait until a recording may start."""
    client.ask(SetClockSettings(following(port)))

    def is_followed() -> bool:
        clock = client.newest.clock
        return clock.sync.bound is not None and not clock.gate

    wait_until(is_followed, 60, "an open gate")


def test_a_window_that_attaches_later_is_told_the_clock_of_the_recording(
    new_client: MakeClient, tmp_path: Path
) -> None:
    first = new_client()
    truth = other_clock(shared_clock(RunDirectory.open()))
    with other_machine(truth) as machine:
        follow(first, machine.port)
        first.record(tmp_path, "signal")
        first.link.close()
        second = new_client()
        status = second.wait_for_state(RecorderState.RECORDING)
        now = time.monotonic_ns()
        assert status.sync.bound is not None
        assert abs(SegmentLine(status.clock_line).time_at(now) - truth.time_at(now)) <= status.sync.bound
        assert status.clock.settings.role is ClockRole.FOLLOW
        assert status.clock.is_frozen
        with pytest.raises(RemoteFailure, match="A recording is running") as refused:
            second.ask(SetClockSettings(ClockSettings()))
        assert refused.value.kind == "ClockRoleError"
        second.ask(StopRecording())


def test_a_closed_gate_is_told_as_such_and_can_be_passed(new_client: MakeClient, tmp_path: Path) -> None:
    client = new_client()
    with other_machine(other_clock(shared_clock(RunDirectory.open())), manner=Manner.SILENT) as machine:
        client.ask(SetClockSettings(following(machine.port)))
        record = StartRecording(devices("signal"), str(tmp_path / "recordings"))
        with pytest.raises(RemoteFailure, match="Not synchronised") as refused:
            client.ask(record)
        assert refused.value.kind == "ClockGateError"
        assert not (tmp_path / "recordings").exists()
        client.ask(StartRecording(record.devices, record.folder, despite_clock=True))
        client.wait_for_state(RecorderState.RECORDING)
        client.ask(StopRecording())


def test_what_was_chosen_is_there_when_the_recorder_starts_anew(new_client: MakeClient) -> None:
    first = new_client()
    first.wait_until_connected()
    with other_machine(other_clock(shared_clock(RunDirectory.open()))) as machine:
        follow(first, machine.port)
        pid = recorder_pid()
        first.ask(StartPreview(devices("signal")))
        first.ask(MeasureNow())
        first.ask(LookAtMachines())
        first.ask(Quit())
        first.link.close()
        wait_for_end(pid)
        second = new_client()
        wait_until(lambda: second.newest.sync.bound is not None, 60, "the clock followed again")
        (listed,) = second.newest.clock.machines
        assert listed.machine == "LAB-MASTER"
        second.ask(SetClockSettings(ClockSettings()))
        second.ask(ForgetMachine(listed.key))
        wait_until(lambda: second.newest.clock.machines == (), 60, "nobody remembered")
