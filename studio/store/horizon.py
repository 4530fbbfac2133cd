"""Up to which time a growing recording is known in full: nothing earlier will be committed on any stream.

Arithmetic only. A stream with a committed message at `t` has nothing new before it, as times of a stream
increase. A stream that is silent must not hold up the others for ever: what it has not committed `PATIENCE`
after a moment is taken not to exist at that moment. A device slower than that is still followed in full; only
the order between its stream and the others then differs from that of a replay, which is counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from studio.timing import NS_PER_S, TIME_MAX, Duration, Timestamp

PATIENCE: Duration = NS_PER_S
"""From the moment something happens until it is committed: latency of the device, queue, flush interval."""
STALLED: Duration = 3 * NS_PER_S
"""A recorder that commits nothing for so long has nothing to commit: then the clock alone tells the time."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one refresh has told."""

    now: Timestamp
    last_commit_time: Timestamp
    last_times: tuple[Timestamp | None, ...]
    """Of each followed stream its last committed message; None: there is none yet."""
    is_over: bool
    """Nobody writes the recording any more."""


def horizon_of(heard: Heard, *, patience: Duration = PATIENCE) -> Timestamp:
    """The latest time up to which (included) all messages are there; TIME_MAX once the recording is over."""
    if heard.is_over:
        return TIME_MAX
    silent_until = max(heard.last_commit_time - patience, heard.now - max(patience, STALLED))
    return min(_bounds(heard.last_times, silent_until), default=silent_until)


def _bounds(last_times: Iterable[Timestamp | None], silent_until: Timestamp) -> Iterable[Timestamp]:
    return (silent_until if last is None else max(last, silent_until) for last in last_times)
