"""Whether a live stream is alive, and in which words to say that it is not. Decides; shows nothing."""

import math
from dataclasses import dataclass
from enum import StrEnum

from studio.devices.device import DeviceState
from studio.formats.payload import PayloadKind

NO_SIGNAL_S = 1.0
"""A stream silent for longer is shown as dead (decision 20)."""
_MOMENTS = (PayloadKind.EVENT, PayloadKind.STRING, PayloadKind.JSON, PayloadKind.BYTES)
"""Kinds that come when something happens: their silence means nothing."""


class Health(StrEnum):
    """What the dot of a panel says."""

    ALIVE = "alive"
    WAITING = "waiting"
    DEAD = "dead"
    STORED = "stored"
    """Not live: read from a file."""


@dataclass(frozen=True, slots=True)
class StreamHealth:
    """How a stream is doing."""

    health: Health = Health.STORED
    text: str = ""
    """In people's words; empty: nothing to say."""


ALIVE = StreamHealth(Health.ALIVE)
STORED = StreamHealth()


def health_of(
    *, kind: PayloadKind, rate: float, device_state: DeviceState, message: str, age_s: float | None
) -> StreamHealth:
    """Judge a stream by its device and the age of its newest datum (infinite: none; None: no live view)."""
    if device_state is DeviceState.LOST:
        return StreamHealth(Health.DEAD, message or "lost, retried every second")
    if device_state is DeviceState.STALLED:
        return StreamHealth(Health.DEAD, message or "stopped answering")
    if device_state is DeviceState.CLOSED:
        return StreamHealth(Health.DEAD, "closed")
    if age_s is None:
        opening = device_state is DeviceState.OPENING
        return StreamHealth(Health.WAITING, "opening…" if opening else "no live picture")
    if kind in _MOMENTS:
        return ALIVE
    if math.isinf(age_s):
        return StreamHealth(Health.WAITING, "waiting for data…")
    if age_s > silence_limit_s(rate):
        return StreamHealth(Health.DEAD, f"no signal for {age_s:.0f}\u00a0s")
    return ALIVE


def silence_limit_s(rate: float) -> float:
    """How long a stream of `rate` messages a second may be silent; slow ones by their own period."""
    return max(NO_SIGNAL_S, 2.5 / rate) if rate > 0 else NO_SIGNAL_S
