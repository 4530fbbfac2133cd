"""The workers of a pipeline: who runs what, when, and never two things of one component at once.

One lock guards all queues of the pipeline (`Scheduler.lock`); no code of a component runs under it. Idle
workers wait on a condition, at most until the next due time: a resting pipeline takes no CPU.
"""

import itertools
import threading
from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush, heappushpop

from studio.engine.alarm import Alarms
from studio.engine.idle import Bell, IdleWorkers
from studio.engine.threads import StudioThread, spawn
from studio.engine.work import ComponentLock, Pending, SchedulingContext, WorkItem
from studio.timing import NS_PER_S, TIME_MAX, TIME_MIN, Clock, Duration, ReplayClock, Timestamp

LONGEST_WAIT_S = 3600.0
"""Due times centuries ahead must not overflow the timeout of a wait."""

FailureReport = Callable[[BaseException], None]


def before_the_run() -> Timestamp:
    """The time of a pipeline that does not run (rule E7)."""
    return TIME_MIN


class Scheduler:
    """Runs work items on a few threads, in order of due time, exclusively per component (rules E109-E119)."""

    def __init__(self, thread_count: int, on_failure: FailureReport) -> None:
        self.lock = threading.Lock()
        self.now: Callable[[], Timestamp] = before_the_run
        self.is_enforced = True
        self._thread_count = thread_count
        self._on_failure = on_failure
        self._clock: Clock | None = None
        self._settled = threading.Condition(self.lock)
        self.alarms = Alarms(self)
        """Of threads that wait for a time of the clock."""
        self._ready: list[Pending] = []
        self._future: list[Pending] = []
        self._running: dict[int, WorkItem] = {}
        self._order = itertools.count()
        self._threads: list[StudioThread] = []
        self._idents: set[int] = set()
        self._lost: set[int] = set()
        self._idle = IdleWorkers()
        self.resting = self._idle.bells
        """The workers that have nothing to do."""
        self._waiting_for_end = 0
        self._is_stopped = False
        self._ignores_holds = False
        self.finished_count = 0
        """How many items have been done; grows as long as anything happens."""

    # -- life ---------------------------------------------------------------------------------------------

    def start(self, clock: Clock, *, is_enforced: bool) -> None:
        """Begin to work by the given clock."""
        self._clock = clock
        self.now = clock.now
        self.is_enforced = is_enforced
        for _ in range(self._thread_count):
            self._add_worker()

    def stop(self) -> None:
        """End the workers and freeze the time (rule E7); not called by a worker."""
        with self.lock:
            self._is_stopped = True
            self._idle.wake_all()
            threads = [thread for thread in self._threads if id(thread) not in self._lost]
        for thread in threads:
            thread.join()
        self.now = before_the_run

    def is_worker(self) -> bool:
        """Whether the calling thread is one of the workers."""
        return threading.get_ident() in self._idents

    # -- the clock ----------------------------------------------------------------------------------------

    def real_time_until(self, time: Timestamp) -> Duration | None:
        """How long (ns, in the world) until the clock shows `time`; None: it is paused before it."""
        clock = self._clock
        return clock.real_time_until(time) if isinstance(clock, ReplayClock) else time - self.now()

    def clock_changed(self) -> None:
        """It was paused, resumed, moved or has another speed: everybody who waits for it looks again."""
        with self.lock:
            self._idle.wake_all()
        self.alarms.ring_all()

    def next_due(self) -> Timestamp | None:
        """Earliest time that anything waits for; None if nothing does."""
        with self.lock:
            first = self._future[0][0] if self._future else TIME_MAX
            due = min(first, self.alarms.next_due())
        return None if due == TIME_MAX else due

    def wait_until_resting(self, timeout_s: float) -> bool:
        """Wait until everything that is due has been done; False after the time limit."""
        return self.wait_until(lambda: not self._running and not self._is_anything_due(), timeout_s)

    def _is_anything_due(self) -> bool:
        now = self.now()
        is_due = bool(self._ready) or bool(self._future and self._future[0][0] <= now)
        return is_due or self.alarms.is_any_due(now)

    def _add_worker(self) -> None:
        name = f"worker-{len(self._threads) + 1}"
        self._threads.append(spawn(name, self._work, self._on_failure))

    # -- scheduling, all under the lock -------------------------------------------------------------------

    def schedule(self, item: WorkItem, due: Timestamp, now: Timestamp) -> None:
        """Have the item run at `due`; it must not be outstanding already."""
        context = item.context
        context.outstanding += 1
        if not context.is_open:
            context.parked.append((due, next(self._order), item))
        elif self.is_enforced and now < due <= context.final_time:
            heappush(self._future, (due, next(self._order), item))
            if self.resting:
                self._idle.see_to(self._future[0][0])
        else:
            heappush(self._ready, (due, next(self._order), item))
            if self.resting:
                self._call_for_help()

    def may_run_now(self, item: WorkItem, due: Timestamp, now: Timestamp) -> bool:
        """Whether a message may be handled inside `post`, on the posting worker (rule E120)."""
        return (
            item.lock.is_free
            and item.context.is_open
            and not item.lock.is_abandoned
            and threading.get_ident() in self._idents
            and (not self.is_enforced or due <= now)
        )

    def mark(self) -> int:
        """A number between those of the items scheduled before and after; no lock needed."""
        return next(self._order)

    def has_earlier(self, due: Timestamp, mark: int) -> bool:
        """Whether something was ready before `mark` and earlier, or `due` has not come; a glance, no lock."""
        for first in self._ready:
            if first[1] < mark and first[0] <= due:
                return True
            break
        return self.is_enforced and due > self.now()

    def claim(self, item: WorkItem) -> None:
        """Take the component for an item that `run_claimed` will run on the calling worker."""
        item.context.outstanding += 1
        item.lock.is_busy = True

    def hold(self, lock: ComponentLock) -> None:
        """Pause a component because a receiver throttles it (rule E129)."""
        lock.holds += 1

    def release_hold(self, lock: ComponentLock) -> None:
        """Take one hold back; the component goes on when none is left."""
        lock.holds -= 1
        if not lock.holds and not lock.is_busy:
            self._resume(lock)

    def cancel_future(self, contexts: Iterable[SchedulingContext]) -> None:
        """Let items due after the final time run now, so that they find nothing to do (PORT of rule E47)."""
        ended = {id(context) for context in contexts}
        late = [p for p in self._future if id(p[2].context) in ended and p[0] > p[2].context.final_time]
        if late:
            gone = set(map(id, late))
            self._future = [p for p in self._future if id(p) not in gone]
            heapify(self._future)
            for pending in late:
                heappush(self._ready, pending)
            self._idle.wake_all()

    def open(self, context: SchedulingContext) -> None:
        """Let the work of a context begin to flow (rule E16, step 12)."""
        context.is_open = True
        for due, _, item in context.parked:
            self._place(item, due)
        context.parked.clear()
        self._idle.wake_all()

    def _place(self, item: WorkItem, due: Timestamp) -> None:
        context = item.context
        pending = (due, next(self._order), item)
        if not context.is_open:
            context.parked.append(pending)
        elif self.is_enforced and due > self.now() and due <= context.final_time:
            heappush(self._future, pending)
        else:
            heappush(self._ready, pending)

    def _call_for_help(self) -> None:
        """More is ready than those who are awake have in hand: wake somebody, at once or to watch."""
        if self._idle.is_slow or threading.get_ident() not in self._running:
            self._idle.wake_one()
        else:
            self._idle.set_guardian()

    def _resume(self, lock: ComponentLock) -> None:
        if lock.waiting:
            heappush(self._ready, heappop(lock.waiting))
            self._idle.wake_one()

    # -- working ------------------------------------------------------------------------------------------

    def run_claimed(self, item: WorkItem) -> None:
        """Run an item that was claimed, on the calling thread, without the lock."""
        self._execute(item)
        with self.lock:
            following = self._finish(item)
            if following is not None:
                heappush(self._ready, following)

    def _work(self, _cancelled: threading.Event) -> None:
        ident = threading.get_ident()
        self._idents.add(ident)
        bell = Bell(self.lock)
        running = self._running
        item: WorkItem | None = None
        while True:
            with self.lock:
                if item is not None and item.lock.is_abandoned:
                    running.pop(ident, None)
                    self._idents.discard(ident)
                    return
                item = self._next_item(ident, bell, None if item is None else self._finish(item))
                if item is None:
                    self._idents.discard(ident)
                    return
                running[ident] = item
            try:
                item.run()
            except BaseException as error:  # the outer edge: nothing a component raises may end a worker
                item.context.report(error)

    def _execute(self, item: WorkItem) -> None:
        try:
            item.run()
        except BaseException as error:  # as above, for a handler that runs inside `post`
            item.context.report(error)

    def _finish(self, item: WorkItem) -> Pending | None:
        """Free the component; what the item is to do next, if that is ready."""
        component = item.lock
        component.is_busy = False
        if component.waiting:
            heappush(self._ready, heappop(component.waiting))
        self.finished_count += 1
        due = item.next_due()
        if due is None:
            self.settle(item.context)
            return None
        if item.context.is_open and (not self.is_enforced or due <= self.now()):
            return (due, next(self._order), item)
        self._place(item, due)
        return None

    def _done(self, item: WorkItem) -> None:
        self.finished_count += 1
        self.settle(item.context)

    def settle(self, context: SchedulingContext) -> None:
        """Under the lock: one thing of the context is not outstanding any more."""
        context.outstanding -= 1
        if context.outstanding:
            return
        if context.when_empty is not None:
            go_on, context.when_empty = context.when_empty, None
            go_on()
        if self._waiting_for_end:
            self._settled.notify_all()

    def _next_item(self, ident: int, bell: Bell, pending: Pending | None) -> WorkItem | None:
        """The first in order of due time, `pending` included; rests until there is one. None: the end."""
        ready = self._ready
        while True:
            if self._future:
                self._promote_due()
            if pending is not None:
                pending = heappushpop(ready, pending)
            elif ready and not (bell.is_guardian and self._idle.is_moving(bell, ready[0][1])):
                pending = heappop(ready)
            if pending is not None:
                item = self._take(pending)
                pending = None
                if item is None:
                    continue
                if ready and self.resting:
                    self._call_for_help()
                return item
            if self._is_stopped:
                return None
            self._running.pop(ident, None)
            self._rest(bell)

    def _take(self, pending: Pending) -> WorkItem | None:
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
            self._put_back(item)
        return None

    def _put_back(self, item: WorkItem) -> None:
        # What was to be done then is gone (dropped); something later may have taken its place.
        later = item.next_due()
        if later is None:
            self._done(item)
        else:
            self._place(item, later)

    def _promote_due(self) -> None:
        now = self.now()
        while self._future and self._future[0][0] <= now:
            heappush(self._ready, heappop(self._future))

    def _rest(self, bell: Bell) -> None:
        if self._waiting_for_end:
            self._settled.notify_all()
        timeout_s: float | None = None
        due = TIME_MAX
        if self._future:
            due = self._future[0][0]
            ahead = self.real_time_until(due)
            timeout_s = None if ahead is None else min(max(0.0, ahead / NS_PER_S), LONGEST_WAIT_S)
        if bell.is_guardian and not self._running and not self._ready:
            self._idle.dismiss_guardian()
        count = self.finished_count
        began = self._idle.rest(bell, due, timeout_s)
        if bell.is_guardian and self._ready:
            self._idle.judge(began, self.finished_count - count)

    # -- waiting for the work to be done ------------------------------------------------------------------

    def wait_until(self, predicate: Callable[[], bool], timeout_s: float | None = None) -> bool:
        """Wait until `predicate()`, called under the lock, holds; False after the time limit."""
        with self.lock:
            self._waiting_for_end += 1
            try:
                return self._settled.wait_for(predicate, timeout_s)
            finally:
                self._waiting_for_end -= 1

    def call_when_empty(self, context: SchedulingContext, go_on: Callable[[], None]) -> None:
        """Call `go_on` under the lock, once, as soon as nothing of the context is outstanding."""
        with self.lock:
            if context.outstanding:
                context.when_empty = go_on
            else:
                go_on()

    def something_settled(self) -> None:
        """Under the lock: have `wait_until` look again."""
        self._settled.notify_all()

    def is_making_progress(self) -> bool:
        """Under the lock: whether anything but a Start or Stop that does not return runs or is about to."""
        stuck = sum(item.is_life_cycle for item in self._running.values())
        if stuck < len(self._running):
            return True
        return bool(self._ready or self._future) and stuck < len(self._idents)

    def ignore_holds(self, locks: Iterable[ComponentLock]) -> None:
        """Under the lock: let throttled components run from now on: they wait for each other (rule E133)."""
        self._ignores_holds = True
        for lock in locks:
            if not lock.is_busy:
                self._resume(lock)

    def abandon(self, lock: ComponentLock) -> None:
        """Under the lock: give up a component whose Stop does not return, and replace its worker."""
        lock.is_abandoned = True
        for pending in lock.waiting:
            self._done(pending[2])
        lock.waiting.clear()
        for ident, item in self._running.items():
            if item.lock is lock:
                self._done(item)
                self._lose(ident)

    def _lose(self, ident: int) -> None:
        self._idents.discard(ident)
        self._lost.update(id(t) for t in self._threads if t.ident == ident)
        self._add_worker()
