"""Simulated events: a stimulus now and then, at times that look random but are the same for the same seed."""

import random
import threading
from collections.abc import Callable, Iterator
from functools import partial

from studio.devices.device import DeviceHealth, DeviceInfo, DeviceReports, DeviceState, DeviceStream
from studio.devices.health import DeviceMonitor
from studio.devices.outlet import Outlet
from studio.devices.rehearsal import Parcel, Rehearsal
from studio.devices.source_thread import SourceThread
from studio.engine import Pipeline
from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.timing import NS_PER_MS, NS_PER_S, Duration, Timestamp, wait_on

RATE = 0.5
SHORTEST_PAUSE = 0.1
"""As a part of the average one."""
LEAST_WAIT: Duration = NS_PER_MS
"""Of thousands a second those of a millisecond come together: to wake up for each costs more than it does."""
MOST_TOGETHER = 64
"""Far fewer than an outlet can take back at the end."""
_TEXTS = ("left button", "right button", "picture shown", "picture hidden", "tone")


def stimuli(rate: float, seed: int) -> Iterator[tuple[Duration, Event]]:
    """Endless: how long after the start, and what; `rate` a second on average."""
    chance = random.Random(seed)
    elapsed = 0
    while True:
        pause = SHORTEST_PAUSE + (1.0 - SHORTEST_PAUSE) * chance.expovariate(1.0)
        elapsed += max(1, round(pause / rate * NS_PER_S))
        yield elapsed, Event(text=chance.choice(_TEXTS), kind="stimulus")


class SimulatedEvents:
    """Posts the stimuli of one seed (see `Device`)."""

    def __init__(
        self, pipeline: Pipeline, info: DeviceInfo, reports: DeviceReports, *, seed: int = 1
    ) -> None:
        """Raises DeviceError for faults to rehearse that make no sense."""
        self._info = info
        self._seed = seed
        self._rate = info.settings.rate or RATE
        self._outlet = Outlet(pipeline, self, info.name, StreamFormat(PayloadKind.EVENT, rate=self._rate))
        self._monitor = DeviceMonitor((self._outlet.monitor,))
        self._rehearsal = Rehearsal(info, (self._outlet,), self._monitor, reports)
        self._source = SourceThread(pipeline, info.name, self._run)

    @property
    def info(self) -> DeviceInfo:
        """What it was made from."""
        return self._info

    @property
    def streams(self) -> tuple[DeviceStream, ...]:
        """One stream of events."""
        return (self._outlet.stream,)

    def health(self) -> DeviceHealth:
        """A snapshot, from any thread."""
        return self._monitor.snapshot()

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """Begin."""
        self._source.start(notify_completion_time)

    def stop(self, final_originating_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """Deliver the events up to the final time, then end."""
        self._source.stop(final_originating_time, notify_completed)

    def _run(self, cancelled: threading.Event) -> None:
        clock = self._source.clock
        start = clock.now()
        self._rehearsal.begin(start)
        self._monitor.move(DeviceState.RUNNING)
        due: list[tuple[object, Timestamp]] = []
        for elapsed, event in stimuli(self._rate, self._seed):
            time = start + elapsed
            if due and (len(due) == MOST_TOGETHER or time > clock.now()):
                self._send_all(due)
                due = []
            while (ahead := time - clock.now()) > 0 and not cancelled.is_set():
                wait_on(cancelled, min(max(ahead, LEAST_WAIT), NS_PER_S))
            if cancelled.is_set() and time > self._source.final_time:
                break
            if self._rehearsal.is_calm:  # at thousands a second, each parcel would count
                due.append((event, time))
            else:
                self._rehearsal.pass_on(Parcel(time, time, 1, partial(self._send, event)))
        self._send_all(due)
        self._rehearsal.finish(self._source.final_time)
        self._outlet.finish(self._source.final_time)
        self._monitor.move(DeviceState.CLOSED)

    def _send_all(self, due: list[tuple[object, Timestamp]]) -> None:
        if due:
            self._outlet.produced(len(due))
            self._outlet.post_all(due)

    def _send(self, event: Event, time: Timestamp) -> None:
        self._outlet.produced(1)
        self._outlet.post(event, time)
