"""Two studios on two machines find each other; one records with the other's clock, and can prove it."""

import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from studio.store.verification import verify
from tests.lab.network.machines import Machine, skip_without_networks, two_machines
from tests.lab.network.program import LabProgram
from tests.lab.network.way import Way
from tests.lab.places import MARK, Places

pytestmark = [pytest.mark.namespace, pytest.mark.timeout(300)]

PROGRAM = "tests.scenarios.distant_studio"
AHEAD = 700_000_000
"""The reference's clock is ahead of the follower's by that, ns."""
STAMP = 100
"""Stamps are in steps of so many ns."""
PATIENCE_S = 120.0


def test_a_recording_made_with_the_clock_of_another_machine_holds_what_its_certificate_promises(
    places: Places, tmp_path: Path
) -> None:
    skip_without_networks()
    way = Way(delay_ms=1.0, jitter_ms=0.3)
    with two_machines(("lab-master", "lab-camera"), there=way) as machines, Places.make() as elsewhere:
        master, camera = machines.a, machines.b
        with studio(master, elsewhere, places, "reference", master.address, str(AHEAD)) as reference:
            truth = int(reference.heard(PATIENCE_S))
            with studio(camera, places, places, "follower", master.address, str(tmp_path)) as follower:
                assert follower.heard(PATIENCE_S) == "lab-master", "found through the Rendezvous"
                begin, end = (int(follower.heard(PATIENCE_S)) for _ in range(2))
                path = Path(follower.heard(PATIENCE_S))
                assert follower.rest() == ""
            reference.close_input()
            assert reference.rest() == ""
    assert verify(path).is_sound
    check_certificate(path, truth)
    check_times(path, begin + truth, end + truth)
    told = subprocess.run(
        [sys.executable, "-m", "studio", "verify", str(path)], capture_output=True, text=True, check=True
    )
    assert "lab-master" in told.stdout


def studio(machine: Machine, own: Places, of_test: Places, *arguments: str) -> LabProgram:
    """A studio there, with folders of its own, marked as this test's."""
    mark, value = of_test.mark
    variables = [f"{name}={value}" for name, value in own.environment().items() if name != MARK]
    inside = machine.inside("env", *variables, f"{mark}={value}")
    return LabProgram.of_module(PROGRAM, *arguments, inside=inside)


def check_certificate(path: Path, truth: int) -> None:
    """At each moment at which a bound was promised, the times of the file were no farther from the truth."""
    with h5py.File(path) as file:
        segments, bounds, probes = (file[f"clock/{name}"][:] for name in ("segments", "bounds", "probes"))
        machine = file["clock/references"][-1]["machine"]
    assert machine == b"lab-master"
    assert len(bounds) >= 2
    answered = probes[probes["outcome"] == 0]
    assert len(answered) >= 12
    assert np.all(answered["stamp"] >= answered["sent"] + truth - STAMP)
    assert np.all(answered["stamp"] <= answered["received"] + truth)
    errors = [time_at(segments, moment) - (moment + truth) for moment in bounds["monotonic"].tolist()]
    assert np.all(np.abs(errors) <= bounds["bound"] + STAMP)
    assert 0 < np.median(bounds["bound"]) < 5_000_000


def time_at(segments: np.ndarray, monotonic: int) -> int:
    """As the file explains it: from `monotonic` on, in integers, rounded down."""
    valid: list[tuple[int, int, int]] = []
    for begin, time, rate in segments.tolist():
        valid = [row for row in valid if row[0] < begin]
        valid.append((begin, time, rate))
    begin, time, rate = next((row for row in reversed(valid) if row[0] <= monotonic), valid[0])
    elapsed = monotonic - begin
    return int(time + elapsed + (elapsed * rate >> 40))


def check_times(path: Path, begin: int, end: int) -> None:
    """What was recorded carries times of the reference's clock from when it was recorded."""
    slack = 50_000_000  # how early and late devices may stamp, and the bound; the clocks are 700 ms apart
    with h5py.File(path) as file:
        for name, stream in file["streams"].items():
            times = stream["time"][:]
            assert len(times), name
            assert begin - slack <= times[0] <= times[-1] <= end + slack, name
