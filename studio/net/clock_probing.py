"""Asks an exporter for its time, and decides when to ask again: measures only, concludes nothing.

One connection a stamp, one deadline for all of it. The moments of sending and of the first byte are taken as
close to the system calls as can be; nothing else happens in between. All gaps are random by a fifth, since a
steady rhythm meets a coarse clock, or another importer, at the same phase for ever.
"""

import random
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event

from studio.errors import RemoteProtocolError
from studio.net.clock_protocol import ClockMachine, ClockStamp, reply_parser, request_bytes
from studio.net.tcp_client import ClientConnection, Deadline, Place, resolve
from studio.timing import NS_PER_MS, NS_PER_S, Duration, monotonic_ns, wait_on
from studio.timing.sync_status import ProbeOutcome, ProbeRecord

PROBE_S = 1.0
LOOK_UP_S = 5.0
REPLY_BYTES = 2048
GAP: Duration = 50 * NS_PER_MS
START_BURSTS = 4
"""Parts of the first burst, which come without a pause."""
HURRIED_BURSTS = 3
HURRIED: Duration = NS_PER_S
SETTLING: tuple[tuple[Duration, Duration], ...] = (
    (10 * NS_PER_S, NS_PER_S),
    (60 * NS_PER_S, 2_500 * NS_PER_MS),
)
"""Until so long after the first answer, a burst each ..."""
JITTERY: Duration = NS_PER_MS
"""Where round trips of a burst differ by more, twice as many are asked: it halves the error."""
FIRST_BACK_OFF: Duration = NS_PER_S
LONGEST_BACK_OFF: Duration = 30 * NS_PER_S


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """One exchange, as it was."""

    record: ProbeRecord
    machine: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to ask, and how."""

    host: str
    port: int
    settle: Duration = NS_PER_MS
    context: ssl.SSLContext | None = field(default=None, compare=False)


def probe(target: Target, place: Place, reference: int = 0) -> ProbeResult:
    """Ask once. Never raises for what the other end or the network does."""
    begun = monotonic_ns()
    deadline = Deadline(PROBE_S)
    connection: ClientConnection | None = None
    try:
        connection = ClientConnection.open(place, deadline, target.context)
        if target.settle:
            wait_on(Event(), target.settle)
        return _exchange(connection, deadline, reference)
    except TimeoutError:
        return _failed(begun, ProbeOutcome.SILENT, "it does not answer in time", reference)
    except RemoteProtocolError as error:
        return _failed(begun, ProbeOutcome.UNREADABLE, str(error), reference)
    except OSError as error:
        return _failed(begun, ProbeOutcome.REFUSED, error.strerror or str(error), reference)
    finally:
        if connection is not None:
            connection.close()


def _exchange(connection: ClientConnection, deadline: Deadline, reference: int) -> ProbeResult:
    sent, received, data = connection.timed_exchange(request_bytes(), REPLY_BYTES, deadline)
    parser = reply_parser()
    stamp: int | None = None
    while True:
        for value in parser.feed(data):
            if isinstance(value, ClockStamp):
                stamp = value.time
            elif isinstance(value, ClockMachine) and stamp is not None:
                return ProbeResult(
                    ProbeRecord(sent, received, stamp, ProbeOutcome.ANSWERED, reference), value.name
                )
        data = connection.receive(REPLY_BYTES, deadline)
        if not data:
            raise ConnectionResetError("it ended the connection before it had answered")


def _failed(begun: int, outcome: ProbeOutcome, problem: str, reference: int) -> ProbeResult:
    return ProbeResult(ProbeRecord(begun, monotonic_ns(), 0, outcome, reference), "", problem)


class Schedule:
    """When the next burst is due, and how long it is; a pure function of what has been."""

    def __init__(self, *, burst: int, period_s: float, draw: Callable[[], float] = random.random) -> None:
        """`draw`: a random number from 0 to 1."""
        self._burst = burst
        self._period = round(period_s * NS_PER_S)
        self._draw = draw
        self._first_answer: int | None = None
        self._start_left = START_BURSTS
        self._hurried_left = 0
        self._back_off: Duration = 0
        self._is_jittery = False

    @property
    def burst(self) -> int:
        """Probes in the next one: a single one while nobody answers."""
        if self._back_off:
            return 1
        if self._start_left:
            return max(self._burst, 4)
        return self._burst * (2 if self._is_jittery else 1)

    def took(self, round_trips: Sequence[Duration]) -> None:
        """So long the answers of the last burst took; too few say nothing."""
        if len(round_trips) >= 3:
            in_order = sorted(round_trips)
            self._is_jittery = in_order[len(in_order) // 2] - in_order[0] > JITTERY

    def hurry(self) -> None:
        """The next few soon."""
        self._hurried_left = HURRIED_BURSTS

    def gap(self) -> Duration:
        """Between two probes of a burst."""
        return self._random(GAP, 0.2)

    def pause_after(self, answered: int, now: int) -> Duration:
        """A burst has ended at `now` with so many answers: how long until the next."""
        if not answered:
            self._back_off = min(LONGEST_BACK_OFF, 2 * self._back_off) or FIRST_BACK_OFF
            return self._random(self._back_off, 0.2)
        self._back_off = 0
        if self._first_answer is None:
            self._first_answer = now
        if self._start_left:
            self._start_left -= 1
        if self._start_left:
            return self.gap()
        period = self._settled_period(now - self._first_answer)
        if self._hurried_left:
            self._hurried_left -= 1
            period = min(period, HURRIED)
        return self._random(period, 0.1)

    def _settled_period(self, age: Duration) -> Duration:
        for until, period in SETTLING:
            if age < until:
                return min(period, self._period)
        return self._period

    def _random(self, duration: Duration, share: float) -> Duration:
        return round(duration * (1 + share * (2 * self._draw() - 1)))


class Prober:
    """Asks one exporter burst after burst, in the thread that calls `run`."""

    def __init__(
        self,
        target: Target,
        schedule: Schedule,
        tell: Callable[[tuple[ProbeResult, ...], Place | None, bool], None],
    ) -> None:
        """`tell(results, place, is_asked_for)` is called after each burst; no place: an unknown name."""
        self._target = target
        self._schedule = schedule
        self._tell = tell
        self._disturbed = Event()
        self._wanted = 0
        self._is_hurried = False

    def hurry(self) -> None:
        """The next few bursts soon. Any thread."""
        self._is_hurried = True
        self._disturbed.set()

    def measure(self, count: int) -> None:
        """A burst of so many at once. Any thread."""
        self._wanted = count
        self._disturbed.set()

    def stop(self, cancelled: Event) -> None:
        """Let `run` end, at the latest after the probe it is at. Any thread."""
        cancelled.set()
        self._disturbed.set()

    def run(self, cancelled: Event) -> None:
        """Until cancelled."""
        place: Place | None = None
        while not cancelled.is_set():
            wanted, self._wanted = self._wanted, 0
            if place is None:
                place = self._looked_up()
            results = () if place is None else self._burst(place, wanted or self._schedule.burst, cancelled)
            answers = [r.record for r in results if r.record.outcome is ProbeOutcome.ANSWERED]
            self._schedule.took([answer.received - answer.sent for answer in answers])
            if results and place is not None and not cancelled.is_set():
                self._tell(results, place, bool(wanted))
            if not answers:
                place = None  # the name may mean another address by now
            self._pause(self._schedule.pause_after(len(answers), monotonic_ns()), cancelled)

    def _looked_up(self) -> Place | None:
        try:
            return resolve(self._target.host, self._target.port, Deadline(LOOK_UP_S))
        except (OSError, UnicodeError) as error:
            now = monotonic_ns()
            failed = _failed(now, ProbeOutcome.REFUSED, str(error), 0)
            self._tell((failed,), None, False)
            return None

    def _burst(self, place: Place, count: int, cancelled: Event) -> tuple[ProbeResult, ...]:
        results: list[ProbeResult] = []
        while len(results) < count:
            results.append(probe(self._target, place))
            if cancelled.is_set() or _are_silent(results[-2:]):
                break
            if len(results) < count:
                wait_on(cancelled, self._schedule.gap())
        return tuple(results)

    def _pause(self, duration: Duration, cancelled: Event) -> None:
        due = monotonic_ns() + duration
        while not cancelled.is_set() and not self._wanted and (left := due - monotonic_ns()) > 0:
            wait_on(self._disturbed, left)
            self._disturbed.clear()
            if self._is_hurried:
                self._is_hurried = False
                self._schedule.hurry()
                due = min(due, monotonic_ns() + HURRIED)


def _are_silent(results: list[ProbeResult]) -> bool:
    return len(results) == 2 and all(result.record.outcome is ProbeOutcome.SILENT for result in results)
