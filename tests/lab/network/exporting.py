"""Exporters of the laboratory, running."""

import sys
from dataclasses import dataclass
from typing import Self

from tests.lab.network.machines import Machine
from tests.lab.network.manners import Manner
from tests.lab.network.program import LabProgram
from tests.lab.network.synthetic_clock import SyntheticClock

MODULE = "tests.lab.network.exporter"
STUDIO_MODULE = "tests.lab.network.studio_exporter"
_NAMED = ("unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"')


@dataclass(slots=True)
class Exporting:
    """One that runs; `with` closes it."""

    program: LabProgram
    port: int

    def behave(self, manner: Manner) -> None:
        """From now on it treats those who ask in that manner."""
        self.program.say(manner.value)
        assert self.program.heard() == "changed"

    def set_clock(self, clock: SyntheticClock) -> None:
        """From now on it has that clock; ours only. It should show what the old one does, for a while."""
        self.program.say(clock.to_text())
        assert self.program.heard() == "changed"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.program.close()


def exporter(
    machine: Machine | None,
    clock: SyntheticClock,
    *,
    port: int = 0,
    manner: Manner = Manner.HONEST,
    name: str = "",
) -> Exporting:
    """Start one on a machine of the laboratory, or without one on 127.0.0.1; it listens."""
    host = machine.address if machine is not None else "127.0.0.1"
    name = name or (machine.name if machine is not None else "lab-exporter")
    inside = machine.inside() if machine is not None else []
    arguments = (host, str(port), name, manner.value, clock.to_text())
    program = LabProgram([*inside, sys.executable, "-m", MODULE, *arguments])
    return Exporting(program, int(program.heard()))


def studio_exporter(
    machine: Machine | None, clock: SyntheticClock, *, port: int = 0, name: str = "lab-exporter"
) -> Exporting:
    """Start our own exporter, on a machine or on 127.0.0.1 under another name; it listens."""
    host = machine.address if machine is not None else "127.0.0.1"
    inside = machine.inside() if machine is not None else [*_NAMED, name]
    program = LabProgram.of_module(STUDIO_MODULE, host, str(port), clock.to_text(), inside=inside)
    return Exporting(program, int(program.heard()))
