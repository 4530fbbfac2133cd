"""Kills and hangs windows beside a recording, with strangers at its door: `python -m tests.soak.windows`.

Prints how long each new window took from the start of its process until it showed the recording that runs.
Ends with exit code 1 if the recording lost anything.
"""

import argparse
import compileall
import os
import signal
import statistics
import tempfile
from pathlib import Path

from studio.app.status import RecorderState
from tests.host.watched import WatchedClient, end_recorders
from tests.lab.camera import PROJECT
from tests.lab.places import Places
from tests.lab.screen import Screen
from tests.soak.company import BadCompany
from tests.soak.desk import Attaching, Desk, assert_nothing_lost, has_plots, recorded_for, shows_recording
from tests.ui.running_studio import RunningStudio
from tests.waiting import wait_until


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.windows", description=__doc__)
    parser.add_argument("--windows", type=int, default=20, help="how many are killed")
    parser.add_argument("--hang-s", type=float, default=60.0, help="how long one hangs")
    options = parser.parse_args()
    compileall.compile_dir(PROJECT / "studio", quiet=2)  # as installing does
    with Places.make() as places, tempfile.TemporaryDirectory(prefix="windows-") as folder:
        os.environ.update(places.environment())
        with Screen.open(Path(folder)) as screen:
            watch, desk = WatchedClient(), Desk(screen, places, Path(folder))
            try:
                _run(desk, watch, options.windows, options.hang_s)
            finally:
                desk.close()
                watch.link.close()
                end_recorders(places)


def _run(desk: Desk, watch: WatchedClient, windows: int, hang_s: float) -> None:
    watch.wait_until_connected()
    studio, path = begin_to_record(desk, watch)
    with BadCompany() as company:
        company.come()
        attached = []
        for _ in range(windows):
            studio.process.kill()
            studio, attaching = desk.attach()
            attached.append(attaching)
            print(f"  {attaching}; load {os.getloadavg()[0]:.1f}", flush=True)
        if attached:
            print(_median(attached), flush=True)
        studio.process.freeze()
        wait_until(recorded_for(watch, hang_s), hang_s + 60, "the window to hang")
        studio.process.thaw()
    end_recording(studio, watch)
    assert_nothing_lost(path)
    print(f"{windows} windows killed, one hung for {hang_s:.0f} s, strangers all the while: nothing lost")


def _median(attached: list[Attaching]) -> str:
    parts = (
        ("running time, streams, account and Stop", "first_s"),
        ("whole window", "running_s"),
        ("streams drawn", "live_s"),
        ("computing", "cpu_s"),
    )
    medians = ((what, statistics.median(getattr(one, name) for one in attached)) for what, name in parts)
    found = ", ".join(f"{what} {median:.2f} s" for what, median in medians)
    return f"median from the start of the process: {found}"


def begin_to_record(desk: Desk, watch: WatchedClient) -> tuple[RunningStudio, Path]:
    """A window that records, by its key; the recording."""
    studio = desk.open()
    studio.wait_for(lambda: has_plots(studio), "the live view", 60.0)
    studio.screen.key("r")
    studio.wait_for(lambda: shows_recording(studio), "the recording", 60.0)
    return studio, Path(watch.wait_for_state(RecorderState.RECORDING).path)


def end_recording(studio: RunningStudio, watch: WatchedClient) -> None:
    """Press Stop, see it end, and close the window."""
    studio.press("stop_button")
    studio.wait_for(lambda: not shows_recording(studio), "the end of the recording", 60.0)
    wait_until(lambda: watch.newest.state is not RecorderState.FINISHING, 60, "the end of the recording")
    assert studio.end(signal.SIGTERM) == 0, studio.log.read_text()


if __name__ == "__main__":
    main()
