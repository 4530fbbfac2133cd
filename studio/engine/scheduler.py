"""What a pipeline tree has others do its work with: who runs what, when, never two things of one component.

One lock guards all queues of the pipeline (`Scheduler.lock`); no code of a component runs under it. Parts:
`agenda` (what is to be done, and when), `turns` (whose turn it is), `workers` (the threads), `idle` (those at
rest), `settling` (who waits until all is done), `alarm` (who waits for a time of the clock).
"""

import threading
from collections.abc import Iterable

from studio.engine.agenda import Agenda
from studio.engine.alarm import Alarms
from studio.engine.idle import IdleWorkers
from studio.engine.settling import Settling
from studio.engine.turns import Turns
from studio.engine.work import ComponentLock, SchedulingContext, WorkItem
from studio.engine.workers import FailureReport, Workers
from studio.timing import TIME_MAX, Clock, Timestamp


class Scheduler:
    """Runs work items on a few threads, in order of due time, exclusively per component (rules E109-E119)."""

    def __init__(self, thread_count: int, on_failure: FailureReport) -> None:
        self.lock = threading.Lock()
        self.agenda = Agenda()
        self.alarms = Alarms(self)
        """Of threads that wait for a time of the clock."""
        self._thread_count = thread_count
        self._settling = Settling(self.lock)
        self._idle = IdleWorkers()
        self.resting = self._idle.bells
        """The workers that have nothing to do."""
        self.turns = Turns(self.agenda, self._settling, self._idle)
        self._workers = Workers(self.lock, self.agenda, self.turns, self._settling, self._idle, on_failure)
        # These belong to a part, and callers need not know which.
        self.settle = self._settling.settle
        self.something_settled = self._settling.look_again
        self.wait_until = self._settling.wait_until
        self.call_when_empty = self._settling.call_when_empty
        self.real_time_until = self.agenda.real_time_until
        self.run_claimed = self._workers.run_here
        self.abandon = self._workers.abandon

    # -- life ---------------------------------------------------------------------------------------------

    def start(self, clock: Clock, *, is_enforced: bool) -> None:
        """Begin to work by the given clock."""
        self.agenda.begin(clock, is_enforced=is_enforced)
        for _ in range(self._thread_count):
            self._workers.add()

    def stop(self) -> None:
        """End the workers and freeze the time (rule E7); not called by a worker."""
        self._workers.stop()
        self.agenda.end()

    def is_worker(self) -> bool:
        """Whether the calling thread is one of the workers."""
        return threading.get_ident() in self._workers.idents

    # -- the clock ----------------------------------------------------------------------------------------

    def now(self) -> Timestamp:
        """Pipeline time; TIME_MIN when not running (rule E7)."""
        return self.agenda.now()

    @property
    def is_enforced(self) -> bool:
        """Whether messages wait for their time (rule E117)."""
        return self.agenda.is_enforced

    def clock_changed(self) -> None:
        """It was paused, resumed, moved or has another speed: everybody who waits for it looks again."""
        with self.lock:
            self._idle.wake_all()
        self.alarms.ring_all()

    def next_due(self) -> Timestamp | None:
        """Earliest time that anything waits for; None if nothing does."""
        with self.lock:
            due = min(self.agenda.next_due, self.alarms.next_due())
        return None if due == TIME_MAX else due

    def wait_until_resting(self, timeout_s: float) -> bool:
        """Wait until everything that is due has been done; False after the time limit."""
        return self.wait_until(lambda: not self._workers.running and not self._is_anything_due(), timeout_s)

    def _is_anything_due(self) -> bool:
        return self.agenda.is_anything_due or self.alarms.is_any_due(self.now())

    # -- scheduling, all under the lock -------------------------------------------------------------------

    def schedule(self, item: WorkItem, due: Timestamp, now: Timestamp) -> None:
        """Have the item run at `due`; it must not be outstanding already."""
        item.context.outstanding += 1
        heap = self.agenda.add(item, due, now)
        if self.resting:
            if heap is self.agenda.ready:
                self._workers.call_for_help()
            elif heap is self.agenda.future:
                self._idle.see_to(heap[0][0])

    def may_run_now(self, item: WorkItem, due: Timestamp, now: Timestamp) -> bool:
        """Whether a message may be handled inside `post`, on the posting worker (rule E120)."""
        return (
            item.lock.is_free
            and item.context.is_open
            and not item.lock.is_abandoned
            and threading.get_ident() in self._workers.idents
            and (not self.agenda.is_enforced or due <= now)
        )

    def cancel_future(self, contexts: Iterable[SchedulingContext]) -> None:
        """Let items due after the final time run now, so that they find nothing to do (PORT of rule E47)."""
        if self.agenda.cancel_future(contexts):
            self._idle.wake_all()

    def open(self, context: SchedulingContext) -> None:
        """Let the work of a context begin to flow (rule E16, step 12)."""
        self.agenda.open(context)
        self._idle.wake_all()

    def ignore_holds(self, locks: Iterable[ComponentLock]) -> None:
        """Let throttled components run from now on: they wait for each other (rule E133)."""
        self.turns.ignore_holds(locks)

    # -- looking on, under the lock -----------------------------------------------------------------------

    @property
    def finished_count(self) -> int:
        """How many items have been done; grows as long as anything happens."""
        return self.turns.finished_count

    def is_making_progress(self) -> bool:
        """Whether anything but a Start or Stop that does not return runs or is about to."""
        running = self._workers.running
        stuck = sum(item.is_life_cycle for item in running.values())
        if stuck < len(running):
            return True
        return bool(self.agenda.ready or self.agenda.future) and stuck < len(self._workers.idents)
