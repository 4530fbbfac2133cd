"""The threads that do what is on the agenda, and rest when nothing is: a resting pipeline takes no CPU."""

import threading
from collections.abc import Callable

from studio.engine.agenda import Agenda
from studio.engine.idle import Bell, IdleWorkers
from studio.engine.settling import Settling
from studio.engine.threads import StudioThread, spawn
from studio.engine.turns import Turns
from studio.engine.work import ComponentLock, Pending, WorkItem
from studio.timing import NS_PER_S

LONGEST_WAIT_S = 3600.0
"""Due times centuries ahead must not overflow the timeout of a wait."""

FailureReport = Callable[[BaseException], None]


class Workers:
    """A few threads; what each of them runs now."""

    def __init__(
        self,
        lock: threading.Lock,
        agenda: Agenda,
        turns: Turns,
        settling: Settling,
        idle: IdleWorkers,
        on_failure: FailureReport,
    ) -> None:
        self._lock = lock
        self._agenda = agenda
        self._turns = turns
        self._settling = settling
        self._idle = idle
        self._on_failure = on_failure
        self.running: dict[int, WorkItem] = {}
        """Of those who are not at rest, by the number of their thread."""
        self.idents: set[int] = set()
        self._threads: list[StudioThread] = []
        self._lost: set[int] = set()
        self._is_stopped = False

    def add(self) -> None:
        """One more."""
        name = f"worker-{len(self._threads) + 1}"
        self._threads.append(spawn(name, self._work, self._on_failure))

    def stop(self) -> None:
        """End them and wait for that; not called by one of them."""
        with self._lock:
            self._is_stopped = True
            self._idle.wake_all()
            threads = [thread for thread in self._threads if id(thread) not in self._lost]
        for thread in threads:
            thread.join()

    def call_for_help(self) -> None:
        """Under the lock: more is ready than those awake have in hand: wake somebody, now or to watch."""
        if self._idle.is_slow or threading.get_ident() not in self.running:
            self._idle.wake_one()
        else:
            self._idle.set_guardian()

    def run_here(self, item: WorkItem) -> None:
        """Run an item that was claimed, on the calling thread."""
        try:
            item.run()
        except BaseException as error:  # the outer edge, as below, of a handler that runs inside `post`
            item.context.report(error)
        with self._lock:
            following = self._turns.finish(item)
            if following is not None:
                self._agenda.add_ready(following)

    def abandon(self, lock: ComponentLock) -> None:
        """Under the lock: give up a component whose Stop does not return, and replace its worker."""
        stuck = next((ident for ident, item in self.running.items() if item.lock is lock), None)
        self._turns.give_up(lock, None if stuck is None else self.running[stuck])
        if stuck is not None:
            self.idents.discard(stuck)
            self._lost.update(id(t) for t in self._threads if t.ident == stuck)
            self.add()

    def _work(self, _cancelled: threading.Event) -> None:
        ident = threading.get_ident()
        self.idents.add(ident)
        bell = Bell(self._lock)
        running = self.running
        item: WorkItem | None = None
        while True:
            with self._lock:
                if item is not None and item.lock.is_abandoned:
                    running.pop(ident, None)
                    self.idents.discard(ident)
                    return
                item = self._next_item(ident, bell, None if item is None else self._turns.finish(item))
                if item is None:
                    self.idents.discard(ident)
                    return
                running[ident] = item
            try:
                item.run()
            except BaseException as error:  # the outer edge: nothing a component raises may end a worker
                item.context.report(error)

    def _next_item(self, ident: int, bell: Bell, pending: Pending | None) -> WorkItem | None:
        """The first in order of due time, `pending` included; rests until there is one. None: the end."""
        agenda = self._agenda
        ready = agenda.ready
        while True:
            agenda.promote_due()
            if pending is not None:
                pending = agenda.first_with(pending)
            elif ready and not (bell.is_guardian and self._idle.is_moving(bell, ready[0][1])):
                pending = agenda.first()
            if pending is not None:
                item = self._turns.take(pending)
                pending = None
                if item is None:
                    continue
                if ready and self._idle.bells:
                    self.call_for_help()
                return item
            if self._is_stopped:
                return None
            self.running.pop(ident, None)
            self._rest(bell)

    def _rest(self, bell: Bell) -> None:
        self._settling.look_again()
        timeout_s: float | None = None
        due = self._agenda.next_due
        if self._agenda.future:
            ahead = self._agenda.real_time_until(due)
            timeout_s = None if ahead is None else min(max(0.0, ahead / NS_PER_S), LONGEST_WAIT_S)
        if bell.is_guardian and not self.running and not self._agenda.ready:
            self._idle.dismiss_guardian()
        count = self._turns.finished_count
        began = self._idle.rest(bell, due, timeout_s)
        if bell.is_guardian and self._agenda.ready:
            self._idle.judge(began, self._turns.finished_count - count)
