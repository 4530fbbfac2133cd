"""Machines with a network and a host name of their own, and what joins two of them."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Self

import pytest

from tests.lab.network.program import LabProgram
from tests.lab.network.way import CUT, Way

TOOLS = ("ip", "nft", "unshare", "nsenter", "hostname")
_BEGIN = 'hostname "$0" && ip link set lo up && echo ready && exec cat >/dev/null'


class Machine:
    """Holds a network and a host name for as long as it is open. `inside` puts a program there."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.address = "127.0.0.1"
        """Where the other one reaches it, once they are joined."""
        self._holder: LabProgram | None = None

    @property
    def pid(self) -> int:
        """The process that holds it."""
        assert self._holder is not None, f"{self.name} is not open"
        return self._holder.pid

    def open(self) -> None:
        """Make it. Raises AssertionError where the rights for that are missing."""
        self._holder = LabProgram(["unshare", "--net", "--uts", "sh", "-c", _BEGIN, self.name])
        self._holder.heard()

    def inside(self, *command: str) -> list[str]:
        """The command by which a program runs on this machine."""
        places = (f"--net=/proc/{self.pid}/ns/net", f"--uts=/proc/{self.pid}/ns/uts")
        return ["nsenter", *places, "--", *command]

    def run(self, *command: str) -> str:
        """Run a program there to its end; what it said."""
        done = subprocess.run(self.inside(*command), check=True, capture_output=True, text=True, timeout=60)
        return done.stdout

    def program(self, module: str, *arguments: str) -> LabProgram:
        """A module of the tests as a program on this machine."""
        return LabProgram.of_module(module, *arguments, inside=self.inside())

    def lose(self, share: float) -> None:
        """From now on that share of the packets that come in is lost in its kernel."""
        some = f"numgen random mod 10000 < {round(share * 10_000)}" if share < 1.0 else ""
        rules = [
            "add table inet lab",
            "flush table inet lab",
            "add chain inet lab lost { type filter hook input priority 0; }",
            f"add rule inet lab lost {some} counter drop",
        ]
        self.run("nft", "; ".join(rules if share > 0.0 else rules[:2]))

    def plug(self, *, is_in: bool) -> None:
        """Put the plug of its cable in, or pull it out: the machine itself sees that."""
        self.run("ip", "link", "set", "eth0", "up" if is_in else "down")

    def close(self) -> None:
        """Let go of it; idempotent. Its network goes when the last program there has ended."""
        if self._holder is not None:
            self._holder.close()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class TwoMachines:
    """`a` and `b`, joined."""

    a: Machine
    b: Machine
    relay: LabProgram | None = None

    def change(self, there: Way, back: Way) -> None:
        """From now on packets from `a` to `b` go `there`, and those from `b` to `a` go `back`."""
        assert self.relay is not None, "a cable cannot be changed"
        self.relay.say(f"{there.to_text()}\t{back.to_text()}")
        assert self.relay.heard() == "changed"

    def cut(self) -> None:
        """From now on nothing arrives."""
        self.change(CUT, CUT)


@contextmanager
def two_machines(
    names: Sequence[str] = ("lab-a", "lab-b"), *, there: Way | None = None, back: Way | None = None
) -> Iterator[TwoMachines]:
    """Two machines joined by a cable, or, if a way is given, by a relay (`back` as `there` if not given)."""
    with ExitStack() as stack:
        a, b = (stack.enter_context(Machine(name)) for name in names)
        a.address, b.address = "10.78.0.1", "10.78.0.2"
        if there is None:
            _lay_cable(a, b)
            yield TwoMachines(a, b)
            return
        ends = (str(a.pid), a.address, str(b.pid), b.address)
        ways = (there.to_text(), (back if back is not None else there).to_text())
        relay = stack.enter_context(LabProgram.of_module("tests.lab.network.relay", *ends, *ways))
        assert relay.heard() == "ready"
        yield TwoMachines(a, b, relay)


def _lay_cable(a: Machine, b: Machine) -> None:
    ends = f"eth0 netns {a.pid} type veth peer name eth0 netns {b.pid}"
    subprocess.run(["ip", "link", "add", *ends.split()], check=True)
    for machine in (a, b):
        machine.run("ip", "addr", "add", f"{machine.address}/24", "dev", "eth0")
        machine.run("ip", "link", "set", "eth0", "up")


def missing_for_networks() -> str:
    """Why machines cannot be made here; empty: they can."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    asked = subprocess.run(["unshare", "--net", "--uts", "true"], capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        return f"no right to make networks: {asked.stderr.strip()}"
    try:
        with open("/dev/net/tun", "r+b", buffering=0):
            return ""
    except OSError as error:
        return f"no tunnel devices: {error}"


def skip_without_networks() -> None:
    """Skip the test where machines cannot be made (with `CI` set, that skip fails: decision 39)."""
    reason = missing_for_networks()
    if reason:
        pytest.skip(reason)
