"""The clock of one preview or recording, from its start to its end.

A run asks for it once. What happens to roles and references meanwhile never makes it step: it goes on, at
worst at its last known rate, until the run gives it back.
"""

from collections.abc import Callable

from studio.timing import Clock, Timestamp
from studio.timing.segments import Segment
from studio.timing.sync_status import ClockLog


class RunClock:
    """Any thread may look; the recorder gives it back."""

    def __init__(
        self,
        clock: Clock,
        *,
        is_followed: bool = False,
        line: Callable[[], tuple[Segment, ...]] = tuple,
        log: Callable[[], ClockLog | None] = lambda: None,
        on_release: Callable[[], None] = lambda: None,
    ) -> None:
        """`line`: its newest segments. `log`: what is new for the certificate since it was asked last."""
        self.clock = clock
        self.is_followed = is_followed
        """It is that of another machine."""
        self._line = line
        self._log = log
        self._on_release: Callable[[], None] | None = on_release

    def now(self) -> Timestamp:
        """The time."""
        return self.clock.now()

    def from_monotonic(self, monotonic: int) -> Timestamp:
        """The time at a moment of this machine's monotonic clock."""
        return self.clock.from_monotonic(monotonic)

    def line(self) -> tuple[Segment, ...]:
        """Its newest segments; empty: it is the machine's own clock."""
        return self._line()

    def news(self) -> ClockLog | None:
        """What a recording keeps of the clock since it was asked last; None: nothing new."""
        return self._log()

    def release(self) -> None:
        """The run has ended. Idempotent."""
        on_release, self._on_release = self._on_release, None
        if on_release is not None:
            on_release()
