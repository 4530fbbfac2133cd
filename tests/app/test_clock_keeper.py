"""A recorder that follows another machine's clock: what is recorded is stamped with it, whatever happens."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from studio.app.clock_keeper import ClockKeeper
from studio.app.clock_memory import RememberedMachine, read_clock_memory
from studio.app.clock_sync import ClockRole, ClockSettings, address_key
from studio.app.recorder import Recorder
from studio.app.status import RecorderState, RecorderStatus
from studio.errors import ClockGateError, ClockRoleError, SettingsError
from studio.net.clock_roles import ClockRoles
from studio.store.reader import StoreReader
from studio.timing import NS_PER_MS, NS_PER_S, SystemClock
from studio.timing.segments import SegmentLine
from studio.timing.sync_status import SyncState
from tests.app.clock_keeping import (
    AHEAD,
    following,
    other_clock,
    other_machine,
    wait_for_state,
    wait_until_exact,
)
from tests.app.recording_devices import device
from tests.lab.network.manners import Manner
from tests.lab.network.synthetic_clock import SyntheticClock
from tests.waiting import wait_until

SIGNAL = (device("signal"),)


@pytest.fixture
def own() -> SystemClock:
    return SystemClock()


@pytest.fixture
def recorder(own: SystemClock, tmp_path: Path) -> Iterator[Recorder]:
    with Recorder(own, clocks=ClockKeeper(own, tmp_path / "clock.json")) as made:
        made.clocks.open()
        yield made


@contextmanager
def followed(recorder: Recorder, clock: SyntheticClock) -> Iterator[None]:
    """The recorder follows that clock, well enough to record."""
    with other_machine(clock) as machine:
        recorder.clocks.set(following(machine.port))
        wait_until_exact(recorder.clocks)
        yield


def test_a_clock_that_is_days_off_is_followed_when_somebody_confirms_it_and_remembered_for_it_alone(
    own: SystemClock, tmp_path: Path
) -> None:
    truth, path = other_clock(own, ahead=-3 * 86400 * NS_PER_S), tmp_path / "clock.json"
    with other_machine(truth) as machine, kept(own, path) as keeper:
        keeper.set(following(machine.port))
        key = address_key("127.0.0.1", machine.port)
        wait_until(lambda: keeper.status().sync.far != 0, 60, "the question")
        status = keeper.status()
        assert abs(status.sync.far + 3 * 86400 * NS_PER_S) < NS_PER_S
        assert status.gate.startswith("Not synchronised: The clock of LAB-MASTER is 3 days behind")
        for other in ((key, "SOMEBODY-ELSE"), ("127.0.0.1:1", "LAB-MASTER")):
            with pytest.raises(ClockRoleError, match="is not asked for its time now"):
                keeper.follow_far(*other)
        keeper.follow_far(key, "LAB-MASTER")
        keeper.follow_far(key, "LAB-MASTER")  # said twice is no mistake
        wait_until_exact(keeper)
        assert abs(keeper.now() - truth.time_at(time.monotonic_ns())) < NS_PER_S
        keeper.close()
        with kept(own, path) as again:
            again.open()
            wait_until_exact(again)
            again.forget(key)
            wait_until(lambda: again.status().sync.far != 0, 60, "the question once more")


@contextmanager
def kept(own: SystemClock, path: Path) -> Iterator[ClockKeeper]:
    """A keeper with that memory, in a program of its own as far as roles go."""
    keeper = ClockKeeper(own, path, roles=ClockRoles())
    try:
        yield keeper
    finally:
        keeper.close()


def wait_for_data(recorder: Recorder) -> RecorderStatus:
    """Until something has been produced; the status."""

    def produced() -> int:
        return sum(stream.produced for device in recorder.status().devices for stream in device.streams)

    wait_until(lambda: produced() > 100, 60, "some data")
    return recorder.status()


def error_of(status: RecorderStatus, truth: SyntheticClock) -> int:
    """How far the clock of the run is from the true one just now."""
    now = time.monotonic_ns()
    return abs(SegmentLine(status.clock_line).time_at(now) - truth.time_at(now))


def test_a_recording_is_stamped_with_the_clock_that_is_followed(
    recorder: Recorder, own: SystemClock, tmp_path: Path
) -> None:
    truth = other_clock(own)
    with followed(recorder, truth):
        before = truth.time_at(time.monotonic_ns())
        path = recorder.record(SIGNAL, tmp_path)
        status = wait_for_data(recorder)
        bound = status.sync.bound
        assert bound is not None
        assert error_of(status, truth) <= bound
        pressed = time.monotonic_ns()
        note = recorder.mark("a", pressed)
        recorder.stop()
        after = truth.time_at(time.monotonic_ns())
    assert abs(note.time - truth.time_at(pressed)) <= bound
    with StoreReader(path) as reader:
        (stream,) = reader.info().streams
        assert before - bound <= stream.first_time < stream.last_time <= after + bound
        (log,) = reader.clock_logs()
    line = SegmentLine(log.segments)
    assert abs(line.time_at(pressed) - note.time) <= 1000, "the map of the certificate is what was used"
    assert log.references[0].machine == "LAB-MASTER"
    assert log.terms is not None
    assert log.terms.own_offset == own.from_monotonic(0)
    assert len(log.probes) >= 16
    assert log.changes[0].monotonic <= pressed
    assert bound < 100 * NS_PER_MS < AHEAD


def test_a_preview_from_before_the_first_offset_keeps_the_own_clock_and_the_recording_does_not(
    recorder: Recorder, own: SystemClock, tmp_path: Path
) -> None:
    truth = other_clock(own)
    recorder.preview(SIGNAL)
    assert wait_for_data(recorder).clock_line == ()
    with followed(recorder, truth):
        status = recorder.status()
        assert status.clock_line == ()
        assert abs(status.time - own.now()) < AHEAD // 2
        recorder.record(SIGNAL, tmp_path)
        status = wait_for_data(recorder)
        assert status.sync.bound is not None
        assert error_of(status, truth) <= status.sync.bound
        recorder.stop()


def test_while_recording_the_role_stays_and_limits_may_change(
    recorder: Recorder, own: SystemClock, tmp_path: Path
) -> None:
    with followed(recorder, other_clock(own)):
        settings = recorder.clocks.status().settings
        recorder.record(SIGNAL, tmp_path)
        for change in (
            ClockSettings(),
            replace(settings, port=settings.port % 65535 + 1),
            ClockSettings(role=ClockRole.REFERENCE, serve_address="127.0.0.1", serve_port=0),
        ):
            with pytest.raises(ClockRoleError, match="A recording is running"):
                recorder.clocks.set(change)
        assert recorder.clocks.status().is_frozen
        recorder.clocks.set(replace(settings, bound_limit_ns=123_000_000))
        assert recorder.clocks.status().settings.bound_limit_ns == 123_000_000
        recorder.stop()
        recorder.clocks.set(ClockSettings())
        wait_for_state(recorder.clocks, SyncState.OWN)
        assert not recorder.clocks.status().is_frozen


def test_an_exporter_that_dies_leaves_the_recording_untouched(
    recorder: Recorder, own: SystemClock, tmp_path: Path
) -> None:
    truth = other_clock(own)
    with other_machine(truth) as machine:
        recorder.clocks.set(following(machine.port, period_s=0.5))
        wait_until_exact(recorder.clocks)
        path = recorder.record(SIGNAL, tmp_path)
        wait_for_data(recorder)
        machine.program.close()
        answered = recorder.clocks.status().sync.answered
        wait_until(
            lambda: recorder.clocks.status().sync.probes > recorder.clocks.status().sync.answered >= answered,
            60,
            "a probe that nobody answers",
        )
        status = recorder.status()
        assert status.state is RecorderState.RECORDING
        assert status.clock_line
        assert status.sync.bound is not None
        assert error_of(status, truth) <= status.sync.bound
        finished = recorder.stop()
    assert finished is not None
    with StoreReader(path) as reader:
        (stream,) = reader.info().streams
        assert stream.message_count > 0
    assert finished.streams[0].produced == finished.streams[0].stored


def test_the_gate_refuses_a_recording_and_leaves_nothing_behind(
    recorder: Recorder, own: SystemClock, tmp_path: Path
) -> None:
    folder = tmp_path / "recordings"
    with other_machine(other_clock(own), manner=Manner.SILENT) as machine:
        recorder.clocks.set(following(machine.port))
        with pytest.raises(ClockGateError, match="Not synchronised"):
            recorder.record(SIGNAL, folder)
        assert not folder.exists()
        assert recorder.status().state is RecorderState.IDLE
        path = recorder.record(SIGNAL, folder, despite_clock=True)
        assert wait_for_data(recorder).clock_line == ()
        wait_until(lambda: bool(recorder.status().problems), 60, "the problem")
        assert "own clock to its end" in recorder.status().problems[-1].text
        recorder.stop()
    assert path.exists()


def test_a_host_that_is_silent_delays_neither_commands_nor_statuses(
    recorder: Recorder, own: SystemClock
) -> None:
    with other_machine(other_clock(own), manner=Manner.SILENT) as machine:
        recorder.clocks.set(
            following(
                machine.port,
                use_rendezvous=True,
                machine=f"127.0.0.1:{machine.port}",
                rendezvous_host="127.0.0.1",
                rendezvous_port=machine.port,
            )
        )
        recorder.clocks.look_at_machines()
        wait_for_state(recorder.clocks, SyncState.CONNECTING)
        began = time.monotonic()
        for _ in range(300):
            recorder.status()
            recorder.clocks.look_at_machines()
        # A single one that waited for the silent machine would take a second.
        assert time.monotonic() - began < 30
        recorder.clocks.set(ClockSettings())
        wait_for_state(recorder.clocks, SyncState.OWN)


def test_what_cannot_be_is_refused_and_changes_nothing(recorder: Recorder) -> None:
    with pytest.raises(SettingsError, match="There is no address to follow"):
        recorder.clocks.set(ClockSettings(role=ClockRole.FOLLOW, use_rendezvous=False))
    assert recorder.clocks.status().settings == ClockSettings()
    with pytest.raises(ClockRoleError, match="No machine is followed"):
        recorder.clocks.measure()


def test_a_machine_that_was_followed_is_remembered_at_the_next_start_and_may_be_forgotten(
    own: SystemClock, tmp_path: Path
) -> None:
    place = tmp_path / "clock.json"
    with other_machine(other_clock(own)) as machine:
        settings = following(machine.port)
        with Recorder(own, clocks=ClockKeeper(own, place)) as first:
            first.clocks.set(settings)
            wait_until_exact(first.clocks)
            kept = RememberedMachine("LAB-MASTER", "127.0.0.1", machine.port)
            wait_until(lambda: read_clock_memory(place)[0].machines == (kept,), 60, "the memory")
        with Recorder(own, clocks=ClockKeeper(own, place)) as second:
            second.clocks.open()
            wait_until_exact(second.clocks)
            (listed,) = second.clocks.status().machines
            assert (listed.machine, listed.is_followed, listed.is_remembered) == ("LAB-MASTER", True, True)
            second.clocks.set(ClockSettings())
            second.clocks.forget(listed.key)
            wait_until(lambda: read_clock_memory(place)[0].machines == (), 60, "the memory")


def test_measuring_now_tells_sixteen_round_trips(recorder: Recorder, own: SystemClock) -> None:
    with followed(recorder, other_clock(own)):
        recorder.clocks.measure()
        wait_until(lambda: recorder.clocks.status().measurement is not None, 60, "the measurement")
        measurement = recorder.clocks.status().measurement
        assert measurement is not None
        assert measurement.asked == len(measurement.round_trips) == 16
        assert measurement.offset is not None
        assert abs(measurement.offset - AHEAD) < 100 * NS_PER_MS


def test_two_find_each_other_where_one_of_them_holds_the_rendezvous(own: SystemClock) -> None:
    reference, follower = (ClockKeeper(own, roles=ClockRoles()) for _ in range(2))
    try:
        reference.set(
            ClockSettings(
                role=ClockRole.REFERENCE,
                runs_rendezvous=True,
                rendezvous_port=0,
                serve_address="127.0.0.1",
                serve_port=0,
            )
        )
        wait_until(lambda: reference.status().is_rendezvous_connected, 60, "the Rendezvous")
        port = int(reference.status().rendezvous.partition(" (")[0].rpartition(":")[2])
        looking = ClockSettings(role=ClockRole.FOLLOW, rendezvous_host="127.0.0.1", rendezvous_port=port)
        follower.set(looking)
        follower.look_at_machines()
        status = wait_for_state(follower, SyncState.DISCOVERING)
        assert "No machine is chosen" in status.sync.text
        wait_until(lambda: any(m.round_trip for m in follower.status().machines), 60, "a preview")
        (found,) = follower.status().machines
        assert found.key == reference.status().sync.serving
        assert found.is_listed
        assert found.is_self
        follower.set(replace(looking, machine=found.key))
        # It is this very machine, so there is nothing to follow.
        status = wait_for_state(follower, SyncState.SELF)
        assert status.gate == ""
        wait_until(lambda: reference.status().sync.clients == 1, 60, "one who asked")
        reference.set(ClockSettings())
        wait_until(lambda: not follower.status().is_rendezvous_connected, 60, "the end of the Rendezvous")
    finally:
        follower.close()
        reference.close()


def test_an_address_that_cannot_be_served_at_is_said(own: SystemClock) -> None:
    keeper = ClockKeeper(own)
    try:
        keeper.set(ClockSettings(role=ClockRole.REFERENCE, serve_address="192.0.2.77", use_rendezvous=False))
        assert "192.0.2.77" in wait_for_state(keeper, SyncState.ERROR).sync.text
    finally:
        keeper.close()


def test_what_else_this_program_promised_is_not_broken(own: SystemClock) -> None:
    roles = ClockRoles()
    keeper = ClockKeeper(own, roles=roles)
    export = roles.export("127.0.0.1", 0)
    try:
        keeper.set(following(9, host="192.0.2.77"))
        text = wait_for_state(keeper, SyncState.ERROR).sync.text
        assert "192.0.2.77:9" in text
        assert f"127.0.0.1:{export.port}" in text
    finally:
        keeper.close()
        export.release()
