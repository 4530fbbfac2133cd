"""One clock for all processes of the studio on this machine (decision 5).

The first process that asks reads UTC once and keeps it in the run directory, together with the monotonic
clock; the others read it there. The monotonic clock does not count while the machine sleeps, and the wall
clock may be set: so a recorder that starts, and only that, renews an anchor that is off by more than a
second. Nothing is recorded at that moment, so no step can reach a recording.
"""

import json
from pathlib import Path

import psutil

from studio.host.own_files import claim_file, replace_file
from studio.host.run_directory import RunDirectory
from studio.timing import NS_PER_S, ClockAnchor, SystemClock, monotonic_ns

RENEW_ABOVE = NS_PER_S
"""ns between anchored and wall clock from which on a starting recorder takes a new anchor."""


def shared_clock(directory: RunDirectory) -> SystemClock:
    """The clock that all processes of this start-up of the machine share. Raises OSError."""
    path = _anchor_file(directory)
    claim_file(path, _encoded(ClockAnchor.read()))
    anchor = _read(path)
    if anchor is None:  # damaged: as everything here is renamed into place, only by a disk or a hand
        anchor = ClockAnchor.read()
        replace_file(path, _encoded(anchor))
    return SystemClock(anchor)


def renewed_clock(directory: RunDirectory) -> SystemClock:
    """The shared clock, put right first if it is off; only for the holder of the recorder's lock."""
    clock = shared_clock(directory)
    fresh = ClockAnchor.read()
    if abs(clock.from_monotonic(fresh.monotonic) - fresh.utc_time) <= RENEW_ABOVE:
        return clock
    replace_file(_anchor_file(directory), _encoded(fresh))
    return SystemClock(fresh)


def _anchor_file(directory: RunDirectory) -> Path:
    """Named after the start-up of the machine, so that an old anchor is never taken for ours."""
    return directory.file(f"clock-{boot_id()}.json")


def _encoded(anchor: ClockAnchor) -> bytes:
    return json.dumps({"utc_time": anchor.utc_time, "monotonic": anchor.monotonic}).encode()


def _read(path: Path) -> ClockAnchor | None:
    """The anchor kept at `path`; None if there is none, or one that cannot be."""
    try:
        found = json.loads(path.read_bytes())
        anchor = ClockAnchor(utc_time=int(found["utc_time"]), monotonic=int(found["monotonic"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return anchor if anchor.monotonic <= monotonic_ns() else None


def boot_id() -> str:
    """Names this start-up of the machine."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return str(round(psutil.boot_time() / 10))
