"""Carries packets between two machines as late as it is told.

`relay PID_A ADDRESS_A PID_B ADDRESS_B WAY_THERE WAY_BACK`

It makes a tunnel device in each machine's network and reads packets from one and writes them to the other.
Each packet is as late as chance has it, and may overtake others, as on networks that jitter in earnest: if
they kept their order, an acknowledgement would hold up the answer just behind it, and every answer would take
longer than the way is said to. A line on its input, two ways with a tab between, changes both
from that moment on; it answers "changed". It ends at the end of its input.
"""

import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab.network.way import Way

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
CLONE_NEWNET = 0x40000000
PR_SET_TIMERSLACK = 29
DEVICE = "eth0"
PACKET_BYTES = 65536
MOST_WAITING = 20_000
"""More packets are under way only when somebody floods."""

_libc = ctypes.CDLL(None, use_errno=True)


def enter_network(path: str) -> None:
    """This thread uses the network of that machine from now on."""
    with Path(path).open("rb") as place:
        if _libc.setns(place.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {path}")


def tunnel(pid: int, address: str) -> int:
    """A tunnel device in the network that a process holds; the file descriptor is its other end."""
    enter_network(f"/proc/{pid}/ns/net")
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22s", DEVICE.encode(), IFF_TUN | IFF_NO_PI, b""))
    for words in (f"addr add {address}/24 dev {DEVICE}", f"link set {DEVICE} up"):
        subprocess.run(["ip", *words.split()], check=True)
    return descriptor


@dataclass(slots=True)
class Direction:
    """Packets under way from one tunnel to the other."""

    source: int
    target: int
    way: Way
    random_: random.Random
    waiting: list[tuple[int, int, bytes]] = field(default_factory=list)
    """By when they are due, then by when they came: a heap."""
    count: int = 0

    def take(self, now: int) -> None:
        """All packets that have come."""
        while True:
            try:
                packet = os.read(self.source, PACKET_BYTES)
            except BlockingIOError:
                return
            takes = self.way.takes(self.random_)
            if takes is not None and len(self.waiting) < MOST_WAITING:
                self.count += 1
                heapq.heappush(self.waiting, (now + takes, self.count, packet))

    def give(self, now: int) -> None:
        """All packets that are due."""
        while self.waiting and self.waiting[0][0] <= now:
            os.write(self.target, heapq.heappop(self.waiting)[2])

    @property
    def due(self) -> int | None:
        """When the next packet is."""
        return self.waiting[0][0] if self.waiting else None


def carry(directions: tuple[Direction, Direction]) -> None:
    """Go on until the input ends."""
    sources = {direction.source: direction for direction in directions}
    commands = sys.stdin.fileno()
    while True:
        dues = [direction.due for direction in directions if direction.due is not None]
        wait_s = max(0, min(dues) - time.monotonic_ns()) / 1e9 if dues else None
        ready, _, _ = select.select([*sources, commands], [], [], wait_s)
        now = time.monotonic_ns()
        for descriptor in ready:
            if descriptor in sources:
                sources[descriptor].take(now)
        for direction in directions:
            direction.give(time.monotonic_ns())
        if commands in ready and not obey(directions):
            return


def obey(directions: tuple[Direction, Direction]) -> bool:
    """Take a command; False at the end of all of them."""
    line = sys.stdin.readline()
    if not line:
        return False
    for direction, text in zip(directions, line.rstrip("\n").split("\t"), strict=True):
        direction.way = Way.from_text(text)
    print("changed", flush=True)
    return True


def main() -> None:
    """See the module."""
    pid_a, address_a, pid_b, address_b, there, back = sys.argv[1:]
    _libc.prctl(PR_SET_TIMERSLACK, 1)
    a, b = tunnel(int(pid_a), address_a), tunnel(int(pid_b), address_b)
    print("ready", flush=True)
    carry(
        (
            Direction(a, b, Way.from_text(there), random.Random(1)),
            Direction(b, a, Way.from_text(back), random.Random(2)),
        )
    )


if __name__ == "__main__":
    main()
