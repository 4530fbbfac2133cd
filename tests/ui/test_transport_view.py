"""What may be pressed, and what is said, in every situation."""

from dataclasses import replace

import pytest

from studio.app.status import RecorderState, RecorderStatus
from studio.timing import NS_PER_S
from studio.ui.empty_state import invitation
from studio.ui.transport_view import Pending, Situation, elapsed, transport_view


def situation(
    state: RecorderState | None, *, devices: int = 2, pending: Pending = Pending.NOTHING
) -> Situation:
    written = state in (RecorderState.RECORDING, RecorderState.FINISHING)
    path = "/r/a.h5" if written else ""
    status = None if state is None else RecorderStatus(state=state, time=1, path=path)
    return Situation(status=status, device_count=devices, pending=pending)


@pytest.mark.parametrize(
    ("state", "record", "stop", "preview"),
    [
        (None, False, False, True),
        (RecorderState.IDLE, True, False, True),
        (RecorderState.PREVIEW, True, False, True),
        (RecorderState.RECORDING, False, True, False),
        (RecorderState.FINISHING, False, False, False),
    ],
)
def test_what_can_be_pressed(state: RecorderState | None, record: bool, stop: bool, preview: bool) -> None:
    view = transport_view(situation(state))
    assert (view.record_enabled, view.stop_enabled, view.preview_enabled) == (record, stop, preview)


def test_without_a_ticked_device_there_is_nothing_to_record_and_it_says_so() -> None:
    view = transport_view(situation(RecorderState.IDLE, devices=0))
    assert not view.record_enabled
    assert "Tick" in view.record_hint


@pytest.mark.parametrize("state", [RecorderState.IDLE, RecorderState.PREVIEW])
def test_record_cannot_be_pressed_twice(state: RecorderState) -> None:
    view = transport_view(situation(state, pending=Pending.START))
    assert not view.record_enabled
    assert not view.preview_enabled
    assert view.state_text.startswith("Starting")


def test_stop_cannot_be_pressed_twice_and_says_finishing() -> None:
    view = transport_view(situation(RecorderState.RECORDING, pending=Pending.STOP))
    assert not view.stop_enabled
    assert view.state_text.startswith("Finishing")
    assert view.recording


@pytest.mark.parametrize("state", list(RecorderState))
def test_red_is_for_recording_only(state: RecorderState) -> None:
    view = transport_view(situation(state))
    assert (view.state_role == "record") == (state is RecorderState.RECORDING)


@pytest.mark.parametrize("pending", [Pending.NOTHING, Pending.START])
def test_the_end_of_a_preview_is_not_taken_for_a_recording(pending: Pending) -> None:
    ending = RecorderStatus(state=RecorderState.FINISHING, time=1)
    view = transport_view(Situation(status=ending, device_count=2, pending=pending))
    assert not view.recording
    assert view.live
    assert not view.stop_enabled
    assert view.holds_window == (pending is Pending.START)


def test_the_clock_runs_on_between_two_status_but_not_for_ever() -> None:
    status = RecorderStatus(state=RecorderState.RECORDING, time=12 * NS_PER_S, started_time=2 * NS_PER_S)
    assert elapsed(status, NS_PER_S // 10) == 10 * NS_PER_S + NS_PER_S // 10
    assert elapsed(status, 60 * NS_PER_S) == 11 * NS_PER_S


def test_the_clock_stands_while_finishing_and_before_a_start() -> None:
    finishing = RecorderStatus(state=RecorderState.FINISHING, time=5 * NS_PER_S, started_time=NS_PER_S)
    assert elapsed(finishing, NS_PER_S) == 4 * NS_PER_S
    assert elapsed(RecorderStatus(state=RecorderState.IDLE, time=5), NS_PER_S) == 0


def test_the_empty_middle_always_says_what_to_do() -> None:
    nothing_ticked = invitation(situation(RecorderState.IDLE, devices=0), looking=False)
    assert "Tick" in nothing_ticked.title
    assert "recorder" in invitation(situation(None), looking=True).title
    assert "devices" in invitation(situation(RecorderState.IDLE, devices=0), looking=True).title
    off = Situation(
        status=RecorderStatus(state=RecorderState.IDLE, time=1), device_count=1, preview_wanted=False
    )
    assert "P" in invitation(off, looking=False).text


def test_devices_that_could_not_be_opened_are_not_said_to_be_opening() -> None:
    failed = replace(situation(RecorderState.IDLE), preview_failed=True)
    assert "could not be opened" in invitation(failed, looking=False).title
