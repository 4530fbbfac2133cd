"""The window dies, hangs, comes twice; strangers babble; the recorder dies: what is recorded stays.

`python -m tests.soak.windows` hangs for a minute and attaches many times; `tests.soak.kills` kills recorders.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from studio.app.session_description import read_session
from studio.app.status import RecorderState
from studio.store.verification import verify
from tests.host.watched import WatchedClient, end_recorders, recorder_pid
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.soak.company import BadCompany
from tests.soak.desk import Desk, a_plot, assert_nothing_lost, recorded_for, shows_recording
from tests.soak.windows import begin_to_record, end_recording
from tests.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.story, pytest.mark.kill]


@pytest.fixture
def watch(places: Places) -> Iterator[WatchedClient]:
    """Sees what the recorder says, whatever becomes of windows."""
    client = WatchedClient()
    client.wait_until_connected()
    yield client
    client.link.close()
    end_recorders(places)


@pytest.fixture
def desk(screen: Screen, places: Places, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(screen, places, tmp_path)
    yield made
    made.close()


@pytest.mark.timeout(600)
def test_windows_die_hang_and_come_twice_and_strangers_babble_and_nothing_is_lost(
    desk: Desk, watch: WatchedClient, capsys: pytest.CaptureFixture[str]
) -> None:
    first, path = begin_to_record(desk, watch)
    pid = recorder_pid()
    first.process.kill()

    again, attaching = desk.attach()
    with capsys.disabled():
        print(f"\n  a window beside a running recording: {attaching}; load {os.getloadavg()[0]:.1f}")
    # About a second on a free machine; on a busy one as long as its own start has to wait for a processor.
    assert attaching.running_s < PATIENCE * max(2.0, 2 * attaching.cpu_s)
    desk.wait_until_moving(again, "record_button")
    desk.wait_until_moving(again, a_plot(again))

    with BadCompany() as company:
        company.come()
        again.process.freeze()
        wait_until(recorded_for(watch, 3.0), 60, "three seconds beside a window that hangs")
        again.process.kill()
        both = (desk.open(), desk.open())
        wait_until(lambda: sum(studio.process.is_alive for studio in both) == 1, 60, "one to give way")
        (kept,) = (studio for studio in both if studio.process.is_alive)
        assert {studio.process.exit_code for studio in both} == {0, None}
        kept.wait_for(lambda: shows_recording(kept), "the recording", 60.0)

    assert (recorder_pid(), watch.newest.path, watch.newest.dropped) == (pid, str(path), 0)
    end_recording(kept, watch)
    assert_nothing_lost(path)


@pytest.mark.timeout(600)
def test_a_recorder_that_dies_is_gone_on_with_by_a_key_and_devices_are_live_meanwhile(
    desk: Desk, watch: WatchedClient
) -> None:
    studio, first = begin_to_record(desk, watch)
    wait_until(lambda: watch.newest.committed_time > 0, 30, "something safe")
    psutil.Process(recorder_pid()).kill()
    studio.wait_for(lambda: "message_action" in studio.names(), "the offer to go on", 60.0)
    # Nobody answers: nothing is recorded, and the devices are seen again.
    status = watch.wait_for_state(RecorderState.PREVIEW)
    assert status.interrupted is not None
    assert status.interrupted.path == str(first)
    desk.wait_until_moving(studio, a_plot(studio))

    studio.screen.key("ctrl+shift+r")
    studio.wait_for(lambda: shows_recording(studio), "the recording that goes on", 60.0)
    second = Path(watch.wait_for_state(RecorderState.RECORDING).path)
    studio.wait_for(lambda: "message_action" not in studio.names(), "the offer to be gone")
    end_recording(studio, watch)

    assert second.parent == first.parent
    assert second != first
    assert read_session(first.parent) is not None
    assert_nothing_lost(second)
    assert verify(first, still_for=0).findings == ()
