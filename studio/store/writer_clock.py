"""What time it is for the recorder of a growing recording, told by its commits. Asks no other process.

The processes of the studio share one clock on a machine, but whoever follows a recording may be another
program, or have started after somebody set the wall clock. A follower by its own clock would then wait for
messages that to it lie in the future, or not wait for the slow ones.
"""

from threading import Event

from studio.store.reader import StoreReader
from studio.timing import (
    NS_PER_MS,
    NS_PER_S,
    Clock,
    Duration,
    OffsetClock,
    SystemClock,
    monotonic_ns,
    wait_on,
)

LOOK_INTERVAL: Duration = 10 * NS_PER_MS
LONGEST_WAIT: Duration = NS_PER_S
"""A recorder commits every 250 ms if there is anything to commit."""
TOLERANCE: Duration = NS_PER_S
"""A smaller difference is that of the moment between commit and look."""


def writer_clock(reader: StoreReader, clock: Clock | None = None) -> Clock:
    """`clock` (or a new one), shifted to the recorder's if that is another by more than a second.

    Waits for the next commit, a second at most. Of a recording that is over: the same.
    """
    ours = clock if clock is not None else SystemClock()
    reader.refresh()
    known, begun = reader.last_commit_time, monotonic_ns()
    while reader.is_live and monotonic_ns() - begun < LONGEST_WAIT:
        wait_on(Event(), LOOK_INTERVAL)
        reader.refresh()
        if reader.last_commit_time > known > 0:
            offset = reader.last_commit_time - ours.now()
            return OffsetClock(ours, offset) if abs(offset) > TOLERANCE else ours
        known = reader.last_commit_time
    return ours
