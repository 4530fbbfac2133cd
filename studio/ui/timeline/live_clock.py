"""The recorder's time, told between its statuses, so that a live view moves evenly. Arithmetic only."""

from studio.app.status import RecorderStatus
from studio.timing import NS_PER_S, Timestamp
from studio.timing.segments import SegmentLine

RESTARTED_NS = NS_PER_S
"""A recorder that is off by more than that is another one."""


class LiveClock:
    """Both processes read one monotonic clock: what differs is only how late a status arrives.

    A recorder whose clock follows another machine's says how: then it is known exactly, seconds off or not.
    """

    def __init__(self) -> None:
        self._offset: int | None = None
        self._line: SegmentLine | None = None
        self._run = 0

    def take_status(self, status: RecorderStatus, monotonic: int) -> None:
        """A status has arrived at `monotonic`; of a recorder on its own clock the quickest counts."""
        self._begin_anew(status)
        self._line = SegmentLine(status.clock_line) if status.clock_line else None
        offset = status.time - monotonic
        if self._offset is None or offset > self._offset or self._offset - offset > RESTARTED_NS:
            self._offset = offset

    def now(self, monotonic: int) -> Timestamp:
        """The recorder's time; 0 before the first status."""
        if self._line is not None:
            return self._line.time_at(monotonic)
        return 0 if self._offset is None else monotonic + self._offset

    def _begin_anew(self, status: RecorderStatus) -> None:
        """The next run may have another clock, a little behind that of the last."""
        followed = self._line is not None
        if followed or bool(status.clock_line) or status.started_time != self._run:
            self._offset = None
        self._run = status.started_time
