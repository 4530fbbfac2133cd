"""The recorder's time, told between its statuses, so that a live view moves evenly. Arithmetic only."""

from studio.timing import NS_PER_S, Timestamp

RESTARTED_NS = NS_PER_S
"""A recorder that is off by more than that is another one."""


class LiveClock:
    """Both processes read one monotonic clock: what differs is only how late a status arrives."""

    def __init__(self) -> None:
        self._offset: int | None = None

    def take_status(self, status_time: Timestamp, monotonic: int) -> None:
        """A status taken at `status_time` has arrived; the one that was quickest counts."""
        offset = status_time - monotonic
        if self._offset is None or offset > self._offset or self._offset - offset > RESTARTED_NS:
            self._offset = offset

    def now(self, monotonic: int) -> Timestamp:
        """The recorder's time; 0 before the first status."""
        return 0 if self._offset is None else monotonic + self._offset
