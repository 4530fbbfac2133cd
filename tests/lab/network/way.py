"""What happens to packets on their way in one direction."""

import json
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal, Self

NS_PER_MS = 1_000_000

Spread = Literal["uniform", "normal", "exponential"]

_SPREADS: dict[Spread, Callable[[random.Random], float]] = {
    "uniform": lambda random_: random_.uniform(-1.0, 1.0),
    "normal": lambda random_: random_.gauss(0.0, 1.0),
    "exponential": lambda random_: random_.expovariate(1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How long a packet takes, and how often it is lost."""

    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    """Uniform: to either side; normal: standard deviation; exponential: mean of what is added."""
    spread: Spread = "uniform"
    loss: float = 0.0
    """Share of packets."""
    is_cut: bool = False
    """No packet arrives."""

    def takes(self, random_: random.Random) -> int | None:
        """Nanoseconds until a packet arrives; None: never."""
        if self.is_cut or random_.random() < self.loss:
            return None
        delay = self.delay_ms + self.jitter_ms * _SPREADS[self.spread](random_)
        return round(max(0.0, delay) * NS_PER_MS)

    def to_text(self) -> str:
        """For a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """What `to_text` made."""
        return cls(**json.loads(text))


CUT = Way(is_cut=True)
