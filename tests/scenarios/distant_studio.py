"""A studio without a window, as a program on a machine of the laboratory: its recorder is told what to do.

`distant_studio reference ADDRESS AHEAD_NS` is the reference there and holds the Rendezvous; its clock is
ahead of UTC by so much. It says what that clock truly adds to the monotonic one, and goes on until its input
ends.

`distant_studio follower ADDRESS FOLDER` finds the reference through the Rendezvous at that address, follows
it and records simulated devices until the reference was asked some more times. It says, as it happens, whom
it found, when the recording was asked for and when it had ended (monotonic ns), and the recording's file.
"""

import json
import sys
import time
from pathlib import Path

from studio.app.clock_sync import ClockRole, ClockSettings, DiscoveredMachine
from studio.host.clock_protocol import SetClockSettings
from studio.host.protocol import Quit, StopRecording
from studio.host.run_directory import RunDirectory
from studio.host.shared_clock import boot_id
from studio.timing.sync_status import SyncState
from tests.host.watched import WatchedClient
from tests.waiting import wait_until

PATIENCE_S = 90.0
PROBES_WHILE_RECORDING = 12


def say(*words: object) -> None:
    """A line to whoever started this."""
    print(*words, flush=True)


def reference(address: str, ahead: int) -> None:
    """See the module."""
    offset = time.time_ns() - time.monotonic_ns() + ahead
    now = time.monotonic_ns()
    anchor = {"utc_time": now + offset, "monotonic": now}
    RunDirectory.open().file(f"clock-{boot_id()}.json").write_text(json.dumps(anchor))
    client = WatchedClient()
    client.ask(
        SetClockSettings(
            ClockSettings(role=ClockRole.REFERENCE, runs_rendezvous=True, serve_address=address)
        ),
        PATIENCE_S,
    )
    wait_until(lambda: client.newest.sync.state is SyncState.REFERENCE, PATIENCE_S, "being the reference")
    say(offset)
    sys.stdin.read()
    leave(client)


def follower(address: str, folder: Path) -> None:
    """See the module."""
    client = WatchedClient()
    meet = ClockSettings(role=ClockRole.FOLLOW, rendezvous_host=address)
    client.ask(SetClockSettings(meet), PATIENCE_S)
    wait_until(lambda: bool(others(client)), PATIENCE_S, "another machine at the Rendezvous")
    found = others(client)[0]
    client.ask(SetClockSettings(ClockSettings(meet.role, rendezvous_host=address, machine=found.key)))
    wait_until(lambda: is_exact(client), PATIENCE_S, "an open gate")
    sync = client.newest.sync
    say(sync.reference.machine if sync.reference is not None else "")
    say(time.monotonic_ns())
    path = client.record(folder)
    asked = client.newest.sync.probes + PROBES_WHILE_RECORDING
    wait_until(lambda: client.newest.sync.probes >= asked, PATIENCE_S, "more probes")
    client.ask(StopRecording())
    say(time.monotonic_ns())
    say(path)
    leave(client)


def others(client: WatchedClient) -> list[DiscoveredMachine]:
    """Machines that were found and are not this one."""
    return [machine for machine in client.newest.clock.machines if machine.is_listed and not machine.is_self]


def is_exact(client: WatchedClient) -> bool:
    """Whether a recording may start."""
    clock = client.newest.clock
    return clock.sync.bound is not None and not clock.gate


def leave(client: WatchedClient) -> None:
    """End the recorder, too."""
    client.ask(Quit())
    client.link.close()


def main() -> None:
    """See the module."""
    role, address, last = sys.argv[1:]
    if role == "reference":
        reference(address, int(last))
    else:
        follower(address, Path(last))


if __name__ == "__main__":
    main()
