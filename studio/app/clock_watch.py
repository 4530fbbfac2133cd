"""Looks at the clock of a recording a few times a second: what people should know of it, and when it ends.

The certificate of a recording has every state; here is what a person at the machine, or a reader of the
recording's log, should be told in words.
"""

from collections.abc import Callable

from studio.app.clock_gate import milliseconds
from studio.app.clock_sync import ClockRole, ClockSyncStatus, WhenLost
from studio.app.problems import ProblemList
from studio.app.status import Severity
from studio.timing.sync_status import SyncState, SyncStatus

_GONE = (SyncState.LOST, SyncState.ERROR)
_SILENT = (SyncState.HOLDOVER, *_GONE)
_SEVERITY = {WhenLost.CONTINUE: Severity.NOTE, WhenLost.WARN: Severity.WARNING, WhenLost.STOP: Severity.ERROR}


class ClockWatch:
    """Of one recording; belongs to the watch thread."""

    def __init__(self, problems: ProblemList, note: Callable[[str], None], *, is_followed: bool) -> None:
        """`note` writes into the log of the recording; `is_followed`: it is stamped with a followed clock."""
        self._problems = problems
        self._note = note
        self._is_followed = is_followed
        self._is_begun = False
        self._is_silent = False
        self._is_gone = False
        self._held_step = 0

    def look(self, clock: ClockSyncStatus) -> bool:
        """True: the recording shall end, because the user wanted that without a reference."""
        if clock.settings.role is not ClockRole.FOLLOW or clock.sync.state is SyncState.SELF:
            return False
        self._begin(clock)
        if not self._is_followed:
            return False
        self._look_at_step(clock.sync)
        self._look_for_silence(clock.sync)
        return self._look_for_loss(clock)

    def _begin(self, clock: ClockSyncStatus) -> None:
        """What was so from the beginning on."""
        if self._is_begun:
            return
        self._is_begun = True
        self._held_step = clock.sync.held_step
        if not self._is_followed:
            why = f" ({clock.sync.text.rstrip('.')})" if clock.sync.text else ""
            self._tell(
                Severity.WARNING,
                f"No other clock was known when the recording began{why}: it is stamped with this machine's "
                "own clock to its end.",
            )
        elif clock.gate:
            self._tell(Severity.NOTE, f"The recording began despite its clock. {clock.gate}")

    def _look_at_step(self, sync: SyncStatus) -> None:
        step, told, self._held_step = sync.held_step, self._held_step, sync.held_step
        if step and step != told:
            self._tell(
                Severity.WARNING,
                f"The clock of {name_of(sync)} was set by {_signed(step)} meanwhile. This recording keeps "
                "its time line; the next one follows.",
            )

    def _look_for_silence(self, sync: SyncStatus) -> None:
        is_silent = sync.state in _SILENT
        if is_silent and not self._is_silent:
            self._tell(
                Severity.NOTE,
                f"{name_of(sync)} does not tell the time any more. The clock runs on at its last known rate.",
            )
        elif self._is_silent and not is_silent:
            self._tell(Severity.NOTE, f"{name_of(sync)} tells the time again.")
        self._is_silent = is_silent

    def _look_for_loss(self, clock: ClockSyncStatus) -> bool:
        is_gone, was_gone = clock.sync.state in _GONE, self._is_gone
        self._is_gone = is_gone
        if not is_gone or was_gone:
            return False
        when_lost = clock.settings.when_lost
        end = "was stopped and closed, as chosen" if when_lost is WhenLost.STOP else "goes on"
        bound = "" if clock.sync.bound is None else f" (\u00b1 {milliseconds(clock.sync.bound)})"
        self._tell(
            _SEVERITY[when_lost],
            f"The clock is less exact than wanted without {name_of(clock.sync)}{bound}. The recording {end}.",
        )
        return when_lost is WhenLost.STOP

    def _tell(self, severity: Severity, text: str) -> None:
        self._problems.add(severity, text)
        self._note(text)


def name_of(sync: SyncStatus) -> str:
    """The reference, for people."""
    if sync.reference is None:
        return "The reference"
    return sync.reference.machine or sync.reference.host


def _signed(duration: int) -> str:
    sign = "+" if duration > 0 else "\u2212"
    return sign + milliseconds(abs(duration))
