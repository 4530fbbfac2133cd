"""Waiting for a moment of pipeline time, which may be paused, slowed down or moved on (decision 7)."""

import threading
from typing import TYPE_CHECKING

from studio.timing import TIME_MAX, Timestamp, wait_on

if TYPE_CHECKING:
    from studio.engine.scheduler import Scheduler


class Alarm:
    """What one thread of a source waits on; woken by the clock, by changes of the clock, or by `ring`."""

    def __init__(self, scheduler: "Scheduler") -> None:
        self._scheduler = scheduler
        self._rung = threading.Event()
        self.due: Timestamp = TIME_MAX
        """What is waited for now: a step of the replay goes there if nothing is due earlier."""
        self.is_set = False
        """Whether its thread waits; if not, it is about to post something, or to wait again."""

    def announce(self) -> None:
        """A thread is about to be started that will wait."""
        self._scheduler.alarms.expect(self)

    def ring(self) -> None:
        """Let the thread look again; if it does not wait yet, as soon as it does."""
        self._rung.set()

    def wait_until(self, due: Timestamp) -> bool:
        """Wait until the pipeline clock shows `due` (True) or until rung (False: look again)."""
        self.due = due
        self._scheduler.alarms.set(self)
        ahead = self._scheduler.real_time_until(due)  # after being set: now no change of the clock is missed
        is_rung = False
        if ahead is None:
            is_rung = self._rung.wait()
        elif ahead > 0:
            is_rung = wait_on(self._rung, ahead)
        self._scheduler.alarms.went_off(self)
        if is_rung:
            self._rung.clear()
            return False
        ahead = self._scheduler.real_time_until(due)
        return ahead is not None and ahead <= 0

    def dismiss(self) -> None:
        """Nobody will wait any more."""
        self._scheduler.alarms.dismiss(self)


class Alarms:
    """Of one pipeline: who waits for which time, so that a step of the replay can go there."""

    def __init__(self, scheduler: "Scheduler") -> None:
        self._scheduler = scheduler
        self._alarms: set[Alarm] = set()

    def set(self, alarm: Alarm) -> None:
        """Somebody begins to wait for a time of the clock: changes of it reach him."""
        with self._scheduler.lock:
            alarm.is_set = True
            self._alarms.add(alarm)
            self._scheduler.something_settled()

    def expect(self, alarm: Alarm) -> None:
        """Somebody will wait soon; until then a step of the replay does not go past him."""
        with self._scheduler.lock:
            self._alarms.add(alarm)

    def went_off(self, alarm: Alarm) -> None:
        """He does something now, and then waits again or dismisses the alarm."""
        with self._scheduler.lock:
            alarm.is_set = False

    def dismiss(self, alarm: Alarm) -> None:
        """He will not wait any more."""
        with self._scheduler.lock:
            self._alarms.discard(alarm)
            self._scheduler.something_settled()

    def ring_all(self) -> None:
        """Everybody looks again."""
        with self._scheduler.lock:
            alarms = tuple(self._alarms)
        for alarm in alarms:
            alarm.ring()

    def next_due(self) -> Timestamp:
        """Under the scheduler's lock: the earliest time waited for; TIME_MAX: none."""
        return min((alarm.due for alarm in self._alarms), default=TIME_MAX)

    def is_any_due(self, now: Timestamp) -> bool:
        """Under the scheduler's lock: whether one is due, or its thread has not come back to wait."""
        return any(alarm.due <= now or not alarm.is_set for alarm in self._alarms)
