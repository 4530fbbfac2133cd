"""The networks, clocks and misfortunes under which following another clock is measured."""

import time
from dataclasses import dataclass, replace
from enum import Enum

from tests.lab.network.manners import Manner
from tests.lab.network.synthetic_clock import NS_PER_S, SyntheticClock
from tests.lab.network.way import Way

US = 1_000
MS = 1_000_000


class Load(Enum):
    """What else the machine has to do."""

    NONE = "none"
    PROCESSES = "four busy processes"
    THREADS = "two busy Python threads in the importer's process"


class Misfortune(Enum):
    """What befalls the exporter."""

    RESTARTS = "restarts"
    """It is killed, and comes back with the same clock."""
    VANISHES = "vanishes"
    """Nothing comes or goes for a while."""
    UNPLUGGED = "unplugged"
    """The plug of its cable is pulled, and put in again."""
    MISBEHAVES = "misbehaves"
    """It treats all who ask in the scenario's bad manner for a while."""


_OF_NETWORKS = (Misfortune.VANISHES, Misfortune.UNPLUGGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One row of the table."""

    name: str
    there: Way | None = None
    """Without a way: on loopback."""
    back: Way | None = None
    ppm: float = 20.0
    step: int = 0
    """The exporter's clock is set by so much after a third of the time, ns."""
    load: Load = Load.NONE
    manner: Manner | None = None
    """How the exporter treats who asks; None: it is ours."""
    misfortune: Misfortune | None = None
    """If it shall misbehave, the laboratory's exporter has to do it, since ours does not."""
    bad_manner: Manner = Manner.SILENT
    aims: tuple[tuple[float, int], ...] = ()
    """(from second, ns): from then on p99 of the error shall be at most so much."""

    @property
    def needs_network(self) -> bool:
        """Whether machines of the laboratory are needed for it."""
        return self.there is not None or self.misfortune in _OF_NETWORKS

    @property
    def has_poorer_variant(self) -> bool:
        """Whether it can be tried, as far as that goes, where machines cannot be made."""
        return self.misfortune not in _OF_NETWORKS and not self.step

    def poorer(self) -> "Scenario":
        """With the laboratory's exporter, since ours would be known to be on this machine."""
        return replace(self, manner=Manner.HONEST) if self.manner is None else self

    def clock(self) -> SyntheticClock:
        """The exporter's clock, until it is set."""
        now = time.monotonic_ns()
        return SyntheticClock(offset=time.time_ns() - now + AHEAD, begin=now, ppm=self.ppm)

    def stepped(self, clock: SyntheticClock, begin: int, duration_s: float) -> SyntheticClock:
        """The same, to be set after a third of a run that begins at `begin` (monotonic ns)."""
        return replace(clock, steps=((begin + round(duration_s * NS_PER_S / 3), self.step),))

    def with_rate(self, ppm: float) -> "Scenario":
        """The same with another drift."""
        return replace(self, ppm=ppm)


AHEAD = 3_500_000_123
"""What the exporter's clock shows more than the wall clock of this machine, ns."""

_JITTER = Way(delay_ms=5.0, jitter_ms=3.0)
_FAR = Way(delay_ms=20.0, jitter_ms=0.5, loss=0.01)
_NEAR = Way(delay_ms=1.0, jitter_ms=0.2)

SCENARIOS = (
    Scenario(name="loopback", aims=((12.0, 25 * US),)),
    Scenario(name="loopback, 50 ppm", ppm=50.0, aims=((12.0, 25 * US),)),
    Scenario(name="as the original", manner=Manner.ONE_AT_A_TIME),
    Scenario(name="busy threads", load=Load.THREADS, aims=((12.0, 25 * US),)),
    Scenario(name="5 ± 3 ms", there=_JITTER, aims=((12.0, 1000 * US), (60.0, 500 * US))),
    Scenario(name="20 ms, 1 % loss", there=_FAR),
    Scenario(
        name="10 / 2 ms", there=Way(delay_ms=10.0, jitter_ms=0.3), back=Way(delay_ms=2.0, jitter_ms=0.3)
    ),
    Scenario(name="wireless", there=Way(delay_ms=1.0, jitter_ms=2.5, spread="exponential", loss=0.002)),
    Scenario(name="restart", misfortune=Misfortune.RESTARTS),
    Scenario(name="vanishes", there=_NEAR, misfortune=Misfortune.VANISHES),
    Scenario(name="unplugged", misfortune=Misfortune.UNPLUGGED),
    Scenario(name="turns silent", misfortune=Misfortune.MISBEHAVES, bad_manner=Manner.SILENT),
    Scenario(name="turns dripping", misfortune=Misfortune.MISBEHAVES, bad_manner=Manner.DRIPPING),
    Scenario(name="step +8 ms", step=8 * MS),
    Scenario(name="step +250 ms", step=250 * MS),
    Scenario(name="busy machine", load=Load.PROCESSES),
)
"""All of the table; the last one disturbs the others, so it is run alone."""
