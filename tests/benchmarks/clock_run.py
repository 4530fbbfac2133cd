"""One scenario, run and compared with the truth: exporter, importer, single shots, and what befalls them."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.benchmarks.clock_scenarios import Load, Misfortune, Scenario
from tests.lab.network.exporting import Exporting, exporter, studio_exporter
from tests.lab.network.machines import Machine, TwoMachines, two_machines
from tests.lab.network.manners import Manner
from tests.lab.network.program import LabProgram
from tests.lab.network.synthetic_clock import NS_PER_S, SyntheticClock

SINGLE_SHOT = "tests.lab.network.single_shot"
PROXY = "tests.lab.network.proxy"
FOLLOWER = "tests.benchmarks.clock_follower"
SINGLE_SHOT_PERIOD_S = 1.0
TRUE_TO = 101
"""Stamps are in steps of 100 ns."""
MISFORTUNE_SHARE = 0.2
"""Of the time; it begins after a third of it."""
BUSY_PROCESSES = 4
START_TIMEOUT_S = 120.0
"""Until there is an offset; a machine that has much to do takes its time to start programs."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to; all times ns."""

    scenario: Scenario
    moments: Ints
    """When our clock was read; the first one is when there was an offset at all."""
    errors: Ints
    """Of our clock: what it shows more than the truth."""
    bounds: Ints
    """Promised then."""
    round_trips: Ints
    """Medians of the newest bursts then."""
    is_told: npt.NDArray[np.bool_]
    """Whether the exporter has been heard since its clock was set; before, nobody can know of that."""
    states: tuple[str, ...]
    shots: Ints
    """Errors of single shots at once."""
    held_shots: Ints
    """Errors of single shots that are believed for the rest of the run."""

    def after(self, second: float) -> npt.NDArray[np.bool_]:
        """Which moments come after that second from the first offset on."""
        return self.moments - self.moments[:1] >= second * NS_PER_S

    def errors_from(self, second: float) -> Ints:
        """How far off our clock was from that second on."""
        return np.abs(self.errors[self.after(second)])

    def share_within(self, second: float = 0.0) -> float:
        """The share of moments at which the truth was within what was promised."""
        counted = self.after(second) & self.is_told
        within = np.abs(self.errors) <= self.bounds + TRUE_TO
        return float(within[counted].mean()) if counted.any() else float("nan")


def run(scenario: Scenario, duration_s: float, folder: Path, *, with_machines: bool = True) -> Outcome:
    """Run it; `folder` takes a file. Without machines: on loopback, through a proxy if there is a way."""
    readings = folder / f"{abs(hash(scenario.name))}.txt"
    with ExitStack() as stack:
        scenario = scenario if with_machines else scenario.poorer()
        machines = stack.enter_context(_machines(scenario)) if with_machines else None
        clock = scenario.clock()
        exporting = _Exporter(scenario, machines, clock)
        stack.callback(exporting.close)
        start = _starter(machines)
        place = (exporting.host, str(exporting.port))
        if scenario.there is not None and machines is None:
            ways = (scenario.there.to_text(), (scenario.back or scenario.there).to_text())
            proxy = stack.enter_context(LabProgram.of_module(PROXY, *place, *ways))
            place = ("127.0.0.1", proxy.heard())
        stack.enter_context(_load(scenario))
        threads = "2" if scenario.load is Load.THREADS else "0"
        follower = stack.enter_context(start(FOLLOWER, *place, str(duration_s), str(readings), threads))
        assert follower.heard(START_TIMEOUT_S) == "ready"
        begin = time.monotonic_ns()
        if scenario.step:
            clock = scenario.stepped(clock, begin, duration_s)
            exporting.set_clock(clock)
        single = stack.enter_context(start(SINGLE_SHOT, *place, str(SINGLE_SHOT_PERIOD_S)))
        _befall(scenario, exporting, begin, duration_s)
        follower.rest()
        single.close_input()
        return _compare(scenario, clock, readings.read_text(), single.rest())


@contextmanager
def _machines(scenario: Scenario) -> Iterator[TwoMachines | None]:
    if not scenario.needs_network:
        yield None
        return
    with two_machines(there=scenario.there, back=scenario.back) as machines:
        yield machines


def _starter(machines: TwoMachines | None) -> Callable[..., LabProgram]:
    return machines.a.program if machines is not None else LabProgram.of_module


class _Exporter:
    """The exporter of a run, which may come and go."""

    def __init__(self, scenario: Scenario, machines: TwoMachines | None, clock: SyntheticClock) -> None:
        self.scenario = scenario
        self.machines = machines
        self._clock = clock
        self._machine: Machine | None = machines.b if machines is not None else None
        self.host = self._machine.address if self._machine is not None else "127.0.0.1"
        self.port = 0
        self._running: Exporting | None = None
        misbehaves = scenario.misfortune is Misfortune.MISBEHAVES
        self.manner = Manner.HONEST if misbehaves else scenario.manner
        self.start()

    def start(self) -> None:
        """Come, or come back to the same port."""
        manner = self.manner
        if manner is None:
            self._running = studio_exporter(self._machine, self._clock, port=self.port)
        else:
            self._running = exporter(self._machine, self._clock, port=self.port, manner=manner)
        self.port = self._running.port

    def set_clock(self, clock: SyntheticClock) -> None:
        """Have another clock from now on."""
        assert self._running is not None
        self._clock = clock
        self._running.set_clock(clock)

    def behave(self, manner: Manner) -> None:
        """Treat who asks in that manner."""
        assert self._running is not None
        self._running.behave(manner)

    def close(self) -> None:
        """Go. Idempotent."""
        if self._running is not None:
            self._running.program.close()


def _befall(scenario: Scenario, exporting: _Exporter, begin: int, duration_s: float) -> None:
    """Let the misfortune begin and end in time."""
    if scenario.misfortune is None:
        return
    third = begin + round(duration_s * NS_PER_S / 3)
    _wait_for(third)
    _strike(scenario, exporting)
    _wait_for(third + round(MISFORTUNE_SHARE * duration_s * NS_PER_S))
    _mend(scenario, exporting)


def _strike(scenario: Scenario, exporting: _Exporter) -> None:
    if scenario.misfortune is Misfortune.RESTARTS:
        exporting.close()
    elif scenario.misfortune is Misfortune.VANISHES:
        assert exporting.machines is not None
        exporting.machines.cut()
    elif scenario.misfortune is Misfortune.UNPLUGGED:
        assert exporting.machines is not None
        exporting.machines.b.plug(is_in=False)
    else:
        exporting.behave(scenario.bad_manner)


def _mend(scenario: Scenario, exporting: _Exporter) -> None:
    if scenario.misfortune is Misfortune.RESTARTS:
        exporting.start()
    elif scenario.misfortune is Misfortune.VANISHES:
        assert exporting.machines is not None
        assert scenario.there is not None
        exporting.machines.change(scenario.there, scenario.back or scenario.there)
    elif scenario.misfortune is Misfortune.UNPLUGGED:
        assert exporting.machines is not None
        exporting.machines.b.plug(is_in=True)
    else:
        exporting.behave(Manner.HONEST)


def _wait_for(monotonic: int) -> None:
    time.sleep(max(0, monotonic - time.monotonic_ns()) / NS_PER_S)


@contextmanager
def _load(scenario: Scenario) -> Iterator[None]:
    count = BUSY_PROCESSES if scenario.load is Load.PROCESSES else 0
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def _compare(scenario: Scenario, clock: SyntheticClock, readings: str, shots: str) -> Outcome:
    rows = [line.split() for line in readings.splitlines()]
    numbers = np.array([[int(word) for word in row[:5]] for row in rows], np.int64).reshape(-1, 5)
    moments, offsets, bounds, heard, round_trips = numbers.T
    truth = np.array([clock.offset_at(int(moment)) for moment in moments], np.int64)
    set_at = clock.steps[0][0] if clock.steps else 0
    at_once, held = _errors_of_shots(clock, shots, moments)
    return Outcome(
        scenario=scenario,
        moments=moments,
        errors=offsets - truth,
        bounds=bounds,
        round_trips=round_trips,
        is_told=(moments < set_at) | (heard >= set_at),
        states=tuple(row[5] for row in rows),
        shots=at_once,
        held_shots=held,
    )


def _errors_of_shots(clock: SyntheticClock, said: str, moments: Ints) -> tuple[Ints, Ints]:
    """Of each shot at once, and at every moment after it as long as it is believed."""
    shots = [tuple(map(int, line.split())) for line in said.splitlines() if line[:1].isdigit()]
    at_once = np.array([abs(offset - clock.offset_at(at)) for at, offset in shots], np.int64)
    sampled = moments[:: max(1, len(moments) // 200)]
    truths = [(int(moment), clock.offset_at(int(moment))) for moment in sampled]
    held = [abs(offset - truth) for at, offset in shots for moment, truth in truths if moment >= at]
    return at_once, np.array(held, np.int64)
