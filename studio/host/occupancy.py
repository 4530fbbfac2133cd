"""When a recorder that nobody looks at stops its preview, and when it leaves (decision 18)."""

from dataclasses import dataclass
from enum import Enum, auto

from studio.app.status import RecorderState
from studio.timing import NS_PER_S

LEAVE_AFTER_S = 10.0


class Step(Enum):
    """What is to be done now."""

    NOTHING = auto()
    STOP_PREVIEW = auto()
    LEAVE = auto()


@dataclass(slots=True)
class Occupancy:
    """Looked at regularly with the number of clients and the state; says what follows."""

    leave_after_s: float = LEAVE_AFTER_S
    _idle_since: int | None = None
    """Monotonic ns since when neither client nor recording was there."""

    def look(self, monotonic: int, clients: int, state: RecorderState) -> Step:
        """What to do at this moment. A recording is never stopped because nobody looks."""
        if clients or state in (RecorderState.RECORDING, RecorderState.FINISHING):
            self._idle_since = None
            return Step.NOTHING
        if self._idle_since is None:
            self._idle_since = monotonic
        if monotonic - self._idle_since < self.leave_after_s * NS_PER_S:
            return Step.NOTHING
        return Step.STOP_PREVIEW if state is RecorderState.PREVIEW else Step.LEAVE
