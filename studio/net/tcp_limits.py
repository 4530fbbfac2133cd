"""What strangers may take of a server: connections at once and a second, time, bytes. Opens nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TypeAlias

from studio.timing import NS_PER_S

Network: TypeAlias = IPv4Network | IPv6Network

REMEMBERED_ADDRESSES = 4096
"""Of so many addresses it is known how often they came within the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLimits:
    """Of one listening port. The defaults suit an exchange of a few bytes."""

    per_address: int = 16
    """Open connections from one address; more are reset."""
    in_total: int = 256
    """Open connections in all; for a newcomer the oldest of those goes that still owe us something."""
    per_second: int = 200
    """New connections a second from one address; more are reset."""
    record_s: float = 2.0
    """So long a peer may take for a whole record, from its first byte (the first one: from connecting)."""
    received_bytes: int | None = None
    """In the whole life of a connection; None: the protocol looks after that."""
    outgoing_bytes: int = 1 << 20
    """What may wait for a peer that reads slowly; with more it is dropped."""
    stalled_s: float = 5.0
    """A peer that takes nothing of what waits for it for so long is dropped."""
    allowed: tuple[Network, ...] = ()
    """Whose connections are taken; empty: everybody's who reaches the address."""
    backlog: int = 128
    keeps_alive: bool = False
    """Ask a silent peer's machine whether it is still there, and give up within half a minute."""


SHORT_EXCHANGE = ServerLimits()
"""The defaults."""


def is_allowed(address: str, networks: Iterable[Network]) -> bool:
    """Whether an address lies in one of the networks; an IPv4 address in IPv6's clothes counts as IPv4."""
    plain = ip_address(address.partition("%")[0])
    mapped = getattr(plain, "ipv4_mapped", None) or plain
    return any(mapped.version == network.version and mapped in network for network in networks)


class Admission:
    """Counts who came within the second, and who is there. Belongs to one thread."""

    def __init__(self, limits: ServerLimits) -> None:
        self._limits = limits
        self._open: Counter[str] = Counter()
        self._came: Counter[str] = Counter()
        self._second = 0

    def refusal(self, address: str, now: int) -> str:
        """Why a newcomer is not taken at `now` (monotonic ns); empty: it may come in."""
        if self._limits.allowed and not is_allowed(address, self._limits.allowed):
            return "its address is not on the list of those allowed"
        if self._visits(address, now) > self._limits.per_second:
            return f"it connects more than {self._limits.per_second} times a second"
        if self._open[address] >= self._limits.per_address:
            return f"it has {self._limits.per_address} connections open already"
        return ""

    @property
    def is_full(self) -> bool:
        """Whether somebody has to go before the next one is let in."""
        return self._open.total() >= self._limits.in_total

    def entered(self, address: str) -> None:
        """A connection was let in."""
        self._open[address] += 1

    def left(self, address: str) -> None:
        """A connection that had been let in is closed."""
        self._open[address] -= 1
        if self._open[address] <= 0:
            del self._open[address]

    def _visits(self, address: str, now: int) -> int:
        second = now // NS_PER_S
        if second != self._second or len(self._came) >= REMEMBERED_ADDRESSES:
            self._second = second
            self._came.clear()
        self._came[address] += 1
        return self._came[address]
