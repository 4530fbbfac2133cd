""" "Measure now": gathers the next sixteen replies of the reference into one result."""

import threading

from studio.app.clock_sync import ClockMeasurement
from studio.net.clock_lease import FollowLease
from studio.timing import NS_PER_S, Duration, monotonic_ns
from studio.timing.sync_status import ProbeOutcome

MEASURED = 16
GIVEN_UP_AFTER: Duration = 20 * NS_PER_S
"""Sixteen probes take a second, and sixteen seconds if nobody answers."""


class MeasurementWatch:
    """Any thread may look."""

    def __init__(self, followed: FollowLease) -> None:
        self._followed = followed
        self._lock = threading.Lock()
        self._since: int | None = None
        self._newest: ClockMeasurement | None = None

    @property
    def is_measuring(self) -> bool:
        """Whether one has begun and is not complete."""
        return self._since is not None

    def begin(self) -> None:
        """Ask; all that is asked from now on counts."""
        self._since = monotonic_ns()
        self._followed.measure_now(MEASURED)

    def look(self) -> ClockMeasurement | None:
        """The newest that is complete."""
        since, now = self._since, monotonic_ns()
        if since is None:
            return self._newest
        probes = [probe for probe in self._followed.log(since).probes if probe.sent >= since][:MEASURED]
        if len(probes) < MEASURED and now - since < GIVEN_UP_AFTER:
            return self._newest
        answers = [probe for probe in probes if probe.outcome is ProbeOutcome.ANSWERED]
        status = self._followed.status()
        measurement = ClockMeasurement(
            monotonic=now,
            round_trips=tuple(probe.received - probe.sent for probe in answers),
            asked=len(probes),
            offset=status.offset,
            bound=status.bound,
        )
        with self._lock:
            if self._since == since:
                self._since, self._newest = None, measurement
            return self._newest
