"""Networks and clocks in a computer's head: probes whose truth is known."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from studio.timing import NS_PER_MS, NS_PER_S
from studio.timing.corridor import Probe

Delay = Callable[[random.Random], float]
"""Nanoseconds on the way, one way."""
Truth = Callable[[int], int]
"""Offset of the other clock at a moment, ns."""

OFFSET = 3_500_000_000_123


@dataclass(frozen=True, slots=True)
class Path:
    """Delays there and back, and the share of probes that are lost."""

    there: Delay
    back: Delay
    loss: float = 0.0


def loopback(random_: random.Random) -> float:
    """A quiet machine talking to itself: tens of microseconds, now and then a hundred more."""
    return 25_000 + random_.expovariate(1 / 15_000) + (random_.random() < 0.02) * random_.uniform(0, 400_000)


def busy(random_: random.Random) -> float:
    """A machine that has too much to do: every second time it takes milliseconds to wake somebody."""
    delay = 60_000 + random_.expovariate(1 / 60_000)
    return delay + (random_.random() < 0.5) * random_.expovariate(1 / (2 * NS_PER_MS))


def jittery(random_: random.Random) -> float:
    """5 ± 3 ms."""
    return random_.uniform(2 * NS_PER_MS, 8 * NS_PER_MS)


def wireless(random_: random.Random) -> float:
    """A millisecond, and a long tail."""
    return NS_PER_MS + random_.expovariate(1 / (2.5 * NS_PER_MS))


def constant(delay: float, jitter: float = 0.3 * NS_PER_MS) -> Delay:
    """The same, but for some jitter."""
    return lambda random_: delay + random_.uniform(0, jitter)


def drifting(ppm: float) -> Truth:
    """A clock that gains evenly."""
    return lambda monotonic: OFFSET + round(monotonic * ppm * 1e-6)


def bursts(
    path: Path, truth: Truth, *, duration: int, random_: random.Random, begin: int = 0
) -> Iterator[tuple[Probe, ...]]:
    """As a prober asks: 16 at first, then 4 every second, every 2.5 s, every 5 s."""
    now, count = begin, 16
    while now - begin < duration:
        burst, now = _burst(path, truth, now, count, random_)
        if burst:
            yield burst
        count, since = 4, now - begin
        period = 1.0 if since < 10 * NS_PER_S else 2.5 if since < 60 * NS_PER_S else 5.0
        now += round(period * NS_PER_S * random_.uniform(0.9, 1.1))


def _burst(
    path: Path, truth: Truth, now: int, count: int, random_: random.Random
) -> tuple[tuple[Probe, ...], int]:
    probes = []
    for _ in range(count):
        sent = now
        there, back = round(path.there(random_)), round(path.back(random_))
        stamp = sent + there + truth(sent + there)
        now = sent + there + back
        if random_.random() >= path.loss:
            probes.append(Probe(sent, now, stamp - stamp % 100))
        now += round(random_.uniform(40, 60) * NS_PER_MS)
    return tuple(probes), now
