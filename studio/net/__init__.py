"""The network: clocks that follow one another, and the directory in which machines find each other.

`*_protocol` modules turn bytes into values and back and do no I/O; they are fed by whoever owns a socket. All
that another machine says is checked against limits before it is believed, and what breaks the rules ends as a
RemoteProtocolError, never as anything else. The bytes are those of \\psi (rules E235-E253).

**Clocks.** `RemoteClockExporter` tells the clock of this program, `RemoteClockImporter` follows one: both
through the *clock process* (`clock_main`, started by `clock_process`), since beside busy Python threads
neither would be exact. It measures and serves only (`clock_probing`, `clock_serving`); what its bursts of
*probes* mean is decided where the clock is used: `followed_clock` finds offset, rate and a guaranteed bound,
and hands runs a `SteeredClock`, which is slewed, never set. A large step of the reference is *held* while
something runs. `clock_roles` is the registry with the one rule: one reference a program.

**Connections.** `tcp_*` is the only place with sockets: `TcpServer` serves all peers from one thread within
`ServerLimits`, `ClientConnection` has one deadline for all that is done on it, `TcpLink` speaks both ways for
long. What is said is left to a protocol with three calls: opened, received, closed.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.net.remote_clock import RemoteClockExporter, RemoteClockImporter
    from studio.net.rendezvous import Rendezvous
    from studio.net.rendezvous_client import RendezvousClient
    from studio.net.rendezvous_server import RendezvousServer

__all__ = [
    "RemoteClockExporter",
    "RemoteClockImporter",
    "Rendezvous",
    "RendezvousClient",
    "RendezvousServer",
]

_PLACES = {
    "RemoteClockExporter": "remote_clock",
    "RemoteClockImporter": "remote_clock",
    "Rendezvous": "rendezvous",
    "RendezvousClient": "rendezvous_client",
    "RendezvousServer": "rendezvous_server",
}


def __getattr__(name: str) -> object:
    """Imported when asked for: who only parses, or measures, needs none of it."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"studio.net.{_PLACES[name]}"), name)
