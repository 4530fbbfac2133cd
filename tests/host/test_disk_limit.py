"""What the user calls a full disk reaches the recording that runs."""

from pathlib import Path

from studio.app.forecast import VolumeSpace
from studio.app.recorder import Recorder
from studio.app.status import Severity
from studio.host.commands import answer
from studio.host.protocol import Reply, Request, WarnOfDisk
from studio.timing import SystemClock
from tests.app.recording_devices import device
from tests.waiting import wait_until

SPACE = VolumeSpace(free=10**12, total=2 * 10**12)
"""For years of what is recorded here."""


def test_a_limit_that_is_raised_while_recording_counts_at_once(tmp_path: Path) -> None:
    with Recorder(SystemClock(), ask_space=lambda _: lambda: SPACE) as recorder:
        recorder.record((device("imu"),), tmp_path)
        wait_until(lambda: recorder.status().disk_seconds_left is not None, 20.0)
        assert not recorder.status().problems
        assert answer(recorder, Request(7, WarnOfDisk(1e12))) == Reply(7, None)
        wait_until(lambda: bool(recorder.status().problems), 20.0)
        (problem,) = recorder.status().problems
        recorder.stop()
    assert problem.severity is Severity.WARNING
    assert "nearly full" in problem.text
