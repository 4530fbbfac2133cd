"""What the user was told, and what still stands in the strip: a value without Qt."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from studio.app.status import Problem, Severity
from studio.timing import NS_PER_S, Timestamp

HISTORY_LIMIT = 500
NOTE_STAYS_NS = 8 * NS_PER_S
"""Warnings and errors stay until they are dismissed."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing the user should know."""

    time: Timestamp
    severity: Severity
    text: str
    action: str = ""
    """Text of a button that helps; empty: none."""
    target: str = ""
    """What the button is about, e.g. the path of a file; empty: nothing."""
    device_id: str = ""
    """Of the device that it is about; empty: none."""


@dataclass(frozen=True, slots=True)
class MessageLog:
    """All messages, oldest first, and the ones that still stand."""

    history: tuple[Message, ...] = ()
    standing: tuple[Message, ...] = ()
    last_problem: int = 0
    """Highest number of a problem that was taken in; the recorder counts them."""

    @property
    def shown(self) -> Message | None:
        """The one that the strip shows: the worst, the newest of these."""
        return max(self.standing, key=lambda m: (_WEIGHT[m.severity], m.time), default=None)

    def with_message(self, message: Message) -> "MessageLog":
        """One more. It takes the place of the same text, and of what was said about the same device before:
        a microphone that answers again must not stand there as lost."""
        rest = tuple(m for m in self.standing if not _replaces(message, m))
        return replace(
            self,
            history=(*self.history, message)[-HISTORY_LIMIT:],
            standing=(*rest, message)[-HISTORY_LIMIT:],
        )

    def with_problems(self, problems: Iterable[Problem]) -> "MessageLog":
        """Those of the recorder's problems that were not seen before."""
        log = self
        for problem in sorted(problems, key=lambda p: p.number):
            if problem.number > log.last_problem:
                log = replace(log.with_message(_message_of(problem)), last_problem=problem.number)
        return log

    def with_new_recorder(self) -> "MessageLog":
        """Another recorder counts from the beginning."""
        return replace(self, last_problem=0)

    def without_action(self, action: str) -> "MessageLog":
        """What that button offers was done, or is none any more."""
        standing = tuple(m for m in self.standing if m.action != action)
        return self if len(standing) == len(self.standing) else replace(self, standing=standing)

    def without_shown(self) -> "MessageLog":
        """The user dismissed what was shown."""
        shown = self.shown
        return replace(self, standing=tuple(m for m in self.standing if m is not shown))

    def at(self, moment: Timestamp) -> "MessageLog":
        """Notes that have stood long enough are gone."""
        standing = tuple(m for m in self.standing if m.severity is not Severity.NOTE or _stays(m, moment))
        return self if len(standing) == len(self.standing) else replace(self, standing=standing)


_WEIGHT = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def _stays(message: Message, moment: Timestamp) -> bool:
    return moment - message.time < NOTE_STAYS_NS


def _message_of(problem: Problem) -> Message:
    return Message(
        time=problem.time, severity=problem.severity, text=problem.text, device_id=problem.device_id
    )


def _replaces(new: Message, old: Message) -> bool:
    return new.text == old.text or bool(new.device_id and new.device_id == old.device_id)
