"""Whose turn it is: one item of a component at a time, and none while it is held (rules E109, E129).

Only touched under the lock of the scheduler.
"""

from collections.abc import Iterable
from heapq import heappop, heappush

from studio.engine.agenda import Agenda
from studio.engine.idle import IdleWorkers
from studio.engine.settling import Settling
from studio.engine.work import ComponentLock, Pending, WorkItem


class Turns:
    """Gives a component to the item that is to run, and takes it back."""

    def __init__(self, agenda: Agenda, settling: Settling, idle: IdleWorkers) -> None:
        self._agenda = agenda
        self._settling = settling
        self._idle = idle
        self._ignores_holds = False
        self.finished_count = 0
        """How many items have been done; grows as long as anything happens."""

    def take(self, pending: Pending) -> WorkItem | None:
        """The item, if it may run and has something to do; else it waits for its component, or is done."""
        item = pending[2]
        lock = item.lock
        if lock.is_busy or (lock.holds and not item.ignores_holds and not self._ignores_holds):
            heappush(lock.waiting, pending)
        elif lock.is_abandoned:
            self._done(item)
        elif item.begin():
            lock.is_busy = True
            return item
        else:
            # What was to be done then is gone (dropped); something later may have taken its place.
            self._place_again(item)
        return None

    def claim(self, item: WorkItem) -> None:
        """Take the component for an item that the caller will run at once."""
        item.context.outstanding += 1
        item.lock.is_busy = True

    def finish(self, item: WorkItem) -> Pending | None:
        """Free the component; what the item is to do next, if that is ready."""
        component = item.lock
        component.is_busy = False
        if component.waiting:
            self._agenda.add_ready(heappop(component.waiting))
        self.finished_count += 1
        due = item.next_due()
        if due is None:
            self._settling.settle(item.context)
            return None
        pending = self._agenda.pending_if_due(item, due)
        if pending is None:
            self._agenda.add(item, due, self._agenda.now())
        return pending

    def hold(self, lock: ComponentLock) -> None:
        """Pause a component because a receiver throttles it (rule E129)."""
        lock.holds += 1

    def release_hold(self, lock: ComponentLock) -> None:
        """Take one hold back; the component goes on when none is left."""
        lock.holds -= 1
        if not lock.holds and not lock.is_busy:
            self._resume(lock)

    def ignore_holds(self, locks: Iterable[ComponentLock]) -> None:
        """Let throttled components run from now on: they wait for each other (rule E133)."""
        self._ignores_holds = True
        for lock in locks:
            if not lock.is_busy:
                self._resume(lock)

    def give_up(self, lock: ComponentLock, running: WorkItem | None) -> None:
        """Nothing of the component runs any more; `running`: what of it never came back."""
        lock.is_abandoned = True
        for pending in lock.waiting:
            self._done(pending[2])
        lock.waiting.clear()
        if running is not None:
            self._done(running)

    def _resume(self, lock: ComponentLock) -> None:
        if lock.waiting:
            self._agenda.add_ready(heappop(lock.waiting))
            self._idle.wake_one()

    def _place_again(self, item: WorkItem) -> None:
        later = item.next_due()
        if later is None:
            self._done(item)
        else:
            self._agenda.add(item, later, self._agenda.now())

    def _done(self, item: WorkItem) -> None:
        self.finished_count += 1
        self._settling.settle(item.context)
