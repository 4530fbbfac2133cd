"""Says that a recording is behind, why and what to do, and when it is over. `run_watch` asks it."""

from studio.app.problems import ProblemList
from studio.app.status import HeldUp, Severity
from studio.app.value_text import bytes_text, duration_text
from studio.timing import NS_PER_S, Duration

BEHIND_AFTER: Duration = 3 * NS_PER_S
"""Who keeps up takes everything within half a second."""
ABREAST_BELOW: Duration = NS_PER_S

_FEWER = "record fewer devices, at lower rates or with smaller pictures"
_BEHIND = {
    HeldUp.BY_DISK: (
        "The disk is slow",
        "End what else writes to this disk, or check it.",
    ),
    HeldUp.BY_PROCESSORS: (
        "The processors are all busy",
        f"Close other programs, or {_FEWER}.",
    ),
    HeldUp.BY_BOTH: (
        "The processors are all busy, and the disk is slow",
        f"Close other programs, above all what writes to this disk; if that is not enough, {_FEWER}.",
    ),
    HeldUp.BY_ITSELF: (
        "The recorder is at its limit",
        f"It computes as fast as it can, and other programs are not to blame: {_FEWER}.",
    ),
    HeldUp.SOMEHOW: (
        "This machine does not keep up",
        "Whether its disk or its processors hold it up cannot be told. "
        f"Close other programs, or {_FEWER}, or record to another disk.",
    ),
}
"""What is said first, and what to do."""
_LOSING = {
    HeldUp.BY_DISK: ("The disk is too slow", "Record to another disk, or fewer devices."),
    HeldUp.BY_PROCESSORS: ("The processors are too busy", f"Close other programs, or {_FEWER}."),
    HeldUp.BY_BOTH: (
        "The processors are too busy, and the disk is too slow",
        f"Close other programs, above all what writes to this disk, or {_FEWER}.",
    ),
    HeldUp.BY_ITSELF: ("The recorder is at its limit", f"{_FEWER[:1].upper()}{_FEWER[1:]}."),
    HeldUp.SOMEHOW: ("This machine cannot keep up", f"{_FEWER[:1].upper()}{_FEWER[1:]}."),
}
LOSS_REASONS = {
    HeldUp.BY_DISK: "queue full: disk too slow",
    HeldUp.BY_PROCESSORS: "queue full: processors too busy",
    HeldUp.BY_BOTH: "queue full: processors too busy, disk too slow",
    HeldUp.BY_ITSELF: "queue full: recorder at its limit",
}
"""In the loss account of the recording; of others it says only that a queue was full."""
_OVER = {
    HeldUp.BY_DISK: "The disk keeps up again; all that waited is written.",
}


class BacklogWatch:
    """Says it when it begins, again when something else is found to be the reason, and when it is over.

    Belongs to the watch thread; `held_up` may be read from any.
    """

    def __init__(self) -> None:
        self.held_up = HeldUp.NOT
        self._told: set[HeldUp] = set()

    def look(self, lag: Duration, waiting_bytes: int, verdict: HeldUp, problems: ProblemList) -> None:
        """`lag`: for how long the oldest of what waits has been waiting; `waiting_bytes`: all that waits."""
        if lag >= BEHIND_AFTER:
            self.held_up = verdict
            is_news = verdict not in self._told and (verdict is not HeldUp.SOMEHOW or not self._told)
            if is_news:
                self._told.add(verdict)
                problems.add(Severity.WARNING, _behind_text(verdict, lag, waiting_bytes))
        elif self._told and lag < ABREAST_BELOW:
            told, self._told, self.held_up = self._told, set(), HeldUp.NOT
            over = "The recording keeps up again; all that waited is written."
            problems.add(Severity.NOTE, _OVER.get(next(iter(told)), over) if len(told) == 1 else over)


def behind_words(verdict: HeldUp) -> str:
    """The same in a few words."""
    return _BEHIND[verdict][0]


def _behind_text(verdict: HeldUp, lag: Duration, waiting_bytes: int) -> str:
    what, remedy = _BEHIND[verdict]
    return (
        f"{what}: what was recorded {duration_text(lag / NS_PER_S)} ago is not written. "
        f"The devices go on, and {bytes_text(waiting_bytes)} wait in memory; when no more may wait, "
        f"the newest is dropped and counted. {remedy}"
    )


def losing_text(verdict: HeldUp, stream: str, count: int) -> str:
    """That so many messages of a stream were lost because no more could wait."""
    what, remedy = _LOSING.get(verdict, _LOSING[HeldUp.SOMEHOW])
    return f"{what}: {count} of '{stream}' had to be dropped so far: no more may wait. {remedy}"
