"""Whether the time is asked for, and told, through TLS (sync.md 5.2): what is announced, what is taken.

A machine of ours announces its second, protected port as an ordinary endpoint with a stream of a name that
original programs do not know: they have no kind of endpoint for it, and must not be told of one. What is
announced is not believed: only a machine that shows the certificate with which it was paired is taken.
"""

from dataclasses import dataclass
from enum import StrEnum

from studio.errors import PairingError
from studio.net.endpoints import Process, Stream, TcpSourceEndpoint
from studio.net.tls_files import TlsFiles
from studio.net.tls_store import PairedMachine, PairedMachines

TLS_PORT = 11512
"""Where a clock is told through TLS, unless announced otherwise."""
TLS_STREAM = "studio.clock.tls"


class TlsPolicy(StrEnum):
    """With whom a machine speaks of the time."""

    PLAIN = "plain"
    """With all, unprotected; what original programs need."""
    PREFER = "prefer"
    """Protected with machines that were paired, unprotected with all others."""
    REQUIRE = "require"
    """Only with machines that were paired."""


@dataclass(frozen=True, slots=True)
class ProtectedOffer:
    """Where a machine says that it tells its clock through TLS, and with which certificate."""

    host: str
    port: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Way:
    """Where to ask for the time; with `tls`: inside a connection to who has those certificates."""

    host: str
    port: int
    tls: TlsFiles | None = None


@dataclass(frozen=True, slots=True)
class ServingPlan:
    """At which ports to tell the time."""

    is_plain: bool
    tls: TlsFiles | None = None
    """For the second port; None: there is none."""


def protected_endpoint(host: str, port: int, fingerprint: str) -> TcpSourceEndpoint:
    """What a machine announces beside its plain clock, or instead of it."""
    return TcpSourceEndpoint(host, port, (Stream(TLS_STREAM, fingerprint),))


def protected_offer(process: Process) -> ProtectedOffer | None:
    """What a process announces of that kind, if it does."""
    for endpoint in process.endpoints:
        for stream in endpoint.streams:
            if stream.name == TLS_STREAM and isinstance(endpoint, TcpSourceEndpoint):
                return ProtectedOffer(endpoint.host, endpoint.port, stream.type_name)
    return None


def way_to(
    host: str,
    port: int,
    policy: TlsPolicy,
    paired: PairedMachines,
    *,
    offer: ProtectedOffer | None = None,
    machine: str = "",
) -> Way:
    """How to ask the clock at `host`, whose plain port is `port`.

    `offer`: what it announces; `machine`: its name, if known. Raises PairingError where the policy forbids
    it, and for a machine that was paired and now wants to be asked unprotected, or shows another certificate.
    One that offers its clock through TLS only (`offer` is at `port`) is asked so, whatever the policy.
    """
    if offer is not None and offer.port == port:
        policy = TlsPolicy.REQUIRE
    if policy is TlsPolicy.PLAIN:
        return Way(host, port)
    there = [one for one in paired.machines if _is_at(one, host)]
    named = there or [one for one in paired.machines if machine and one.machine == machine]
    if offer is not None and paired.find(offer.fingerprint) is not None:
        return Way(host, offer.port, paired.files(offer.fingerprint))
    if offer is None and len(there) == 1:
        return Way(host, TLS_PORT, paired.files(there[0].fingerprint))
    if named:
        raise PairingError(
            f"{named[0].machine} was paired, but what calls itself so at {host} "
            f"{'shows another certificate' if offer else 'offers its clock unprotected only'}. "
            "If that is right, pair it again, or forget the pairing."
        )
    if policy is TlsPolicy.REQUIRE:
        raise PairingError(
            f"Only paired machines may be followed, and {machine or host} was not paired. Pair it, or allow "
            "unprotected clocks."
        )
    return Way(host, port)


def _is_at(machine: PairedMachine, host: str) -> bool:
    """Whether `host`, an address or a name, is where it was paired, or what it called itself."""
    return host == machine.address or host.partition(".")[0].casefold() == machine.machine.casefold()


def serving_plan(policy: TlsPolicy, paired: PairedMachines) -> ServingPlan:
    """Where to tell the time. Raises PairingError if only paired machines may ask and there are none."""
    if policy is TlsPolicy.PLAIN:
        return ServingPlan(is_plain=True)
    files = paired.files()
    if policy is TlsPolicy.REQUIRE and files is None:
        raise PairingError(
            "Only paired machines may ask for the time, and none was paired. Pair one, or allow unprotected "
            "clocks."
        )
    return ServingPlan(is_plain=policy is not TlsPolicy.REQUIRE, tls=files)
