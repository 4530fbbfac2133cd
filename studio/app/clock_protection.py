"""Whether the clock is asked for, and told, through TLS: what the user chose, applied to who was paired.

Reads the files of paired machines when they have changed; may be used by several threads.
"""

import threading

from studio.app.clock_sync import Protection
from studio.net.tls_policy import ProtectedOffer, ServingPlan, TlsPolicy, Way, serving_plan, way_to
from studio.net.tls_store import PairedMachines

DEFAULT_PORT = 11511
TLS_PORT = 11512


class ClockProtection:
    """Who was paired with this machine, and what follows from it."""

    def __init__(self, paired: PairedMachines | None = None) -> None:
        """`paired`: those of the user, unless said otherwise."""
        self._paired = PairedMachines() if paired is None else paired
        self._lock = threading.Lock()
        self._stamp = 0
        self._fingerprints: frozenset[str] = frozenset()

    @property
    def stamp(self) -> int:
        """Another one whenever a machine was paired or forgotten."""
        return self._paired.stamp

    @property
    def fingerprints(self) -> frozenset[str]:
        """Of all machines that were paired."""
        with self._lock:
            stamp = self._paired.stamp
            if stamp != self._stamp:
                self._stamp = stamp
                self._fingerprints = frozenset(one.fingerprint for one in self._paired.machines)
            return self._fingerprints

    @property
    def own_fingerprint(self) -> str:
        """By which others know this machine; empty if it never was paired."""
        return self._paired.own_fingerprint

    def way_to(
        self, host: str, port: int, protection: Protection, offer: ProtectedOffer | None = None
    ) -> Way:
        """How to ask the clock at that place. Raises PairingError where that is not allowed."""
        return way_to(host, port, TlsPolicy(protection.value), self._paired, offer=offer)

    def plan(self, protection: Protection) -> ServingPlan:
        """At which ports to tell ours. Raises PairingError if nobody could ask."""
        return serving_plan(TlsPolicy(protection.value), self._paired)


def tls_port_beside(port: int) -> int:
    """Where to tell the clock through TLS, if it is told at `port` unprotected; 0: any free one."""
    return TLS_PORT if port == DEFAULT_PORT else port and port % 65535 + 1
