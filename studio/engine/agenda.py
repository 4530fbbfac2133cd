"""What is to be done, and when: items that are ready, and items whose time has not come (rules E113, E117).

Reads the clock of the run. Runs nothing and wakes nobody; only touched under the lock of the scheduler, but
for reading the clock and what says so.
"""

import itertools
from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush, heappushpop

from studio.engine.work import Pending, SchedulingContext, WorkItem
from studio.timing import TIME_MAX, TIME_MIN, Clock, Duration, ReplayClock, Timestamp, constant_offset


def before_the_run() -> Timestamp:
    """The time of a pipeline that does not run (rule E7)."""
    return TIME_MIN


class Agenda:
    """Two heaps in order of due time, and of arrival among equals."""

    def __init__(self) -> None:
        self.now: Callable[[], Timestamp] = before_the_run
        self.clock_offset: Duration | None = None
        """What the clock adds to the monotonic one; None: it has to be asked."""
        self.is_enforced = True
        self.ready: list[Pending] = []
        self.future: list[Pending] = []
        self._clock: Clock | None = None
        self._order = itertools.count()

    # -- the clock ----------------------------------------------------------------------------------------

    def begin(self, clock: Clock, *, is_enforced: bool) -> None:
        """Go by this clock from now on."""
        self._clock = clock
        self.now = clock.now
        self.clock_offset = constant_offset(clock)
        self.is_enforced = is_enforced

    def end(self) -> None:
        """The time stands still again (rule E7)."""
        self.clock_offset = None
        self.now = before_the_run

    def real_time_until(self, time: Timestamp) -> Duration | None:
        """How long (ns, in the world) until the clock shows `time`; None: it is paused before it."""
        clock = self._clock
        return clock.real_time_until(time) if isinstance(clock, ReplayClock) else time - self.now()

    # -- adding -------------------------------------------------------------------------------------------

    def add(self, item: WorkItem, due: Timestamp, now: Timestamp) -> list[Pending]:
        """Take an item in; returns the heap it has come to, or the list of those parked."""
        context = item.context
        pending = (due, next(self._order), item)
        if not context.is_open:
            context.parked.append(pending)
            return context.parked
        # What is later than the end is not waited for: it will find nothing to do.
        heap = self.future if self.is_enforced and now < due <= context.final_time else self.ready
        heappush(heap, pending)
        return heap

    def add_ready(self, pending: Pending) -> None:
        """Take in what is ready in any case."""
        heappush(self.ready, pending)

    def pending_if_due(self, item: WorkItem, due: Timestamp) -> Pending | None:
        """What would be added for an item that is ready now; None if it is not."""
        if item.context.is_open and (not self.is_enforced or due <= self.now()):
            return (due, next(self._order), item)
        return None

    def open(self, context: SchedulingContext) -> None:
        """Add what was parked until every source has started (rule E20)."""
        context.is_open = True
        for due, _, item in context.parked:
            self.add(item, due, self.now())
        context.parked.clear()

    def cancel_future(self, contexts: Iterable[SchedulingContext]) -> bool:
        """Make items due after the final time ready now (PORT of rule E47); whether there were any."""
        ended = {id(context) for context in contexts}
        late = [p for p in self.future if id(p[2].context) in ended and p[0] > p[2].context.final_time]
        if late:
            gone = set(map(id, late))
            self.future[:] = [p for p in self.future if id(p) not in gone]
            heapify(self.future)
            for pending in late:
                heappush(self.ready, pending)
        return bool(late)

    # -- taking -------------------------------------------------------------------------------------------

    def promote_due(self) -> None:
        """What waited for its time and need not any more becomes ready."""
        if not self.future:
            return
        now = self.now()
        while self.future and self.future[0][0] <= now:
            heappush(self.ready, heappop(self.future))

    def first(self) -> Pending:
        """Take out the ready item that is first in order."""
        return heappop(self.ready)

    def first_with(self, pending: Pending) -> Pending:
        """Take out the first of those ready and `pending`."""
        return heappushpop(self.ready, pending)

    def earlier_than_all_ready(self, limit: Timestamp) -> Timestamp:
        """Latest time, at most `limit`, that nothing ready has to wait for; a glance, no lock needed."""
        for first in self.ready:
            return min(limit, first[0] - 1)
        return limit

    @property
    def is_anything_due(self) -> bool:
        """Whether something is ready, or would be if somebody looked."""
        return bool(self.ready) or bool(self.future and self.future[0][0] <= self.now())

    @property
    def next_due(self) -> Timestamp:
        """Earliest time that an item waits for; TIME_MAX: none."""
        return self.future[0][0] if self.future else TIME_MAX
