"""Machines that are paired, or shall be: each with a folder of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.net.tls_identity import Identity
from studio.net.tls_pairing import PairingSession, PairingState
from studio.net.tls_store import PairedMachine, PairedMachines

LOCAL = "127.0.0.1"
PATIENCE_S = 20.0


class Machine:
    """A machine with its name and its store."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.folder = folder / name
        self.store = PairedMachines(self.folder)

    @property
    def identity(self) -> Identity:
        """What it proves itself with."""
        return self.store.identity(self.name)

    def trust(self, *others: "Machine", address: str = LOCAL) -> None:
        """As if they had been paired."""
        assert self.identity
        for other in others:
            self.store.add(PairedMachine(other.name, address, other.identity.certificate, 1))


def paired(folder: Path, *names: str) -> tuple[Machine, ...]:
    """Machines of which each trusts all others."""
    machines = tuple(Machine(folder, name) for name in names)
    for machine in machines:
        machine.trust(*(other for other in machines if other is not machine))
    return machines


@contextmanager
def waiting(machine: Machine) -> Iterator[PairingSession]:
    """It waits to be called."""
    session = PairingSession(machine.store, machine.name, LOCAL, 0, is_caller=False)
    session.start()
    try:
        yield session
    finally:
        session.close()


@contextmanager
def calling(machine: Machine, port: int) -> Iterator[PairingSession]:
    """It has called, and has a code to compare."""
    session = PairingSession(machine.store, machine.name, LOCAL, port, is_caller=True)
    session.start()
    try:
        status = session.wait_code(PATIENCE_S)
        assert status.state is PairingState.COMPARING, status.text
        yield session
    finally:
        session.close()
