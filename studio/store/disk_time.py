"""How long the writer of a recording has been in calls that the disk answers. Any thread may look."""

from dataclasses import dataclass
from types import TracebackType

from studio.timing import Duration, monotonic_ns


@dataclass(frozen=True, slots=True)
class Effort:
    """What is known of the thread that writes a recording."""

    disk_ns: Duration = 0
    """Spent in calls for the disk."""
    thread_id: int = 0
    """As the operating system counts threads; 0: there is none."""


class DiskTime:
    """A `with` block around each such call; blocks within a block count once."""

    def __init__(self) -> None:
        self._depth = 0
        self._state: tuple[Duration, int] = (0, 0)
        """Of the calls that are over, and when the present one began; 0: there is none. Replaced as one."""

    def __enter__(self) -> None:
        self._depth += 1
        if self._depth == 1:
            self._state = (self._state[0], monotonic_ns())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._state = (self.spent(), 0)

    def spent(self) -> Duration:
        """In all, that which lasts included."""
        before, since = self._state
        return before + (monotonic_ns() - since if since else 0)
