"""Handles messages that wait for one receiver in one go: that spares most of the way through the scheduler.

Says how many were handled more than the first, which the scheduler has counted. Who calls it has the turn,
and says by the horizon how far it may go before something older that waits elsewhere.
"""

from studio.engine.agenda import Agenda
from studio.engine.delivery import DeliveryQueue, QueuedMessage, without_payload
from studio.engine.handing import Handing
from studio.engine.message import Envelope, new_tuple
from studio.engine.work import ComponentLock, SchedulingContext
from studio.timing import TIME_MIN, Duration, Timestamp, monotonic_ns

RUN_ON_COUNT = 127
"""How many messages more a worker may handle for a receiver without asking for the next in order."""

RUN_ON = tuple(range(RUN_ON_COUNT))

RUN_ON_NS: Duration = 200_000
"""How long it may do so."""

LOOK_MASK = 3
"""It looks at the clock before every fourth message, the first included."""


def one_after_another(
    message: QueuedMessage,
    handing: Handing,
    queue: DeliveryQueue,
    horizon: Timestamp,
    agenda: Agenda,
    lock: ComponentLock,
    context: SchedulingContext,
    final_time: Timestamp,
) -> int:
    """`message`, which was taken, and for a moment those behind it; the horizon is good for `final_time`."""
    # The second half of the hottest path, see `Emitter.post`.
    messages, action = queue.messages, handing.action
    is_timed, source_id = handing.is_timed, handing.source_id
    due = TIME_MIN if agenda.is_enforced else horizon
    until = monotonic_ns() + RUN_ON_NS
    handing.one(message)
    count = 0
    for count in RUN_ON:
        try:
            message = messages[0]
            data, number, time, created, size, _ = message
            if time > due:
                due = min(horizon, agenda.now())
                if time > due:
                    break
            if lock.waiting or context.final_time is not final_time:
                break
            if not count & LOOK_MASK and monotonic_ns() > until:
                break
            messages.popleft()
        except IndexError:  # nothing waits any more; what did may have been dropped just now
            break
        queue.taken += 1
        if size:
            queue.taken_bytes += size
        handing.last = without_payload(message) if size else message
        action(data, time if is_timed else new_tuple(Envelope, (source_id, number, time, created)))
    return count


def all_together(
    message: QueuedMessage, handing: Handing, queue: DeliveryQueue, horizon: Timestamp, agenda: Agenda
) -> int:
    """`message`, which was taken, and what is due behind it, by one call."""
    assert handing.action_for_all is not None
    due = TIME_MIN if agenda.is_enforced else horizon
    together = queue.take_with(message, horizon, due, agenda.now)
    handing.last = without_payload(together[-1])
    try:
        handing.action_for_all(together)
    finally:
        queue.in_hand = 0
    return len(together) - 1
