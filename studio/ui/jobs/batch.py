"""Work of one kind on many recordings or sessions, one after another. Knows nothing of what it does.

A step that fails is noted and the others go on. The whole looks to the rest of the window like one job: it
has a view, can be called off, and ends once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.app.operations.progress import Outcome, RemainingTime
from studio.timing import monotonic_ns
from studio.ui import readable
from studio.ui.jobs.jobs import JobView

Cancel = Callable[[], None]


class State(StrEnum):
    """Of a step."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAULTY = "faults found"
    FAILED = "failed"
    CANCELLED = "cancelled"


ORDER_OF_TELLING = (State.DONE, State.FAULTY, State.FAILED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Told:
    """What a step calls while it runs; one of the last three, once."""

    progress: Callable[[float, str], None]
    finished: Callable[[Outcome], None]
    failed: Callable[[str], None]
    cancelled: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of the work."""

    name: str
    """Of what it is done to, for people."""
    begin: Callable[[Told], Cancel]
    """Starts it and returns at once; what it returns calls it off."""
    weight: float = 1.0
    """Its share of the whole: bytes, where those say how long it takes."""


@dataclass(frozen=True, slots=True)
class StepView:
    """What is shown of a step."""

    name: str
    state: State = State.WAITING
    text: str = ""
    """What it does, what came of it, or why it failed."""


class Batch(QObject):
    """All steps, one after another; begins with `begin`."""

    changed = Signal(object)  # JobView of the whole
    step_changed = Signal(int)
    ended = Signal()  # after the last step, or when it was called off

    def __init__(self, number: int, title: str, steps: Sequence[Step], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.number = number
        self.view = JobView(number, title, "waits for what was begun before it", has_details=True)
        self.outcomes: list[Outcome] = []
        self._steps = tuple(steps)
        self.steps = [StepView(step.name) for step in steps]
        """What is shown of each."""
        self._at = -1
        self._cancel_step: Cancel = _nothing
        self._weight = max(1.0, sum(step.weight for step in steps))
        self._behind = 0.0
        """Weight of the steps that are over."""
        self._remaining = RemainingTime()
        self._is_over = False
        # A step that fails at once must not begin the next one from within itself.
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._begin_next)

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes."""
        return self._is_over

    @property
    def is_good(self) -> bool:
        """Whether every step is done and found nothing wrong."""
        return all(step.state is State.DONE for step in self.steps)

    @property
    def summary(self) -> str:
        """`10 done, 2 failed`."""
        count = {state: sum(step.state is state for step in self.steps) for state in ORDER_OF_TELLING}
        said = (f"{readable.count(number)} {state}" for state, number in count.items() if number)
        return ", ".join(said) or "nothing to do"

    @Slot()
    def begin(self) -> None:
        """Start with the first step."""
        self._next.start()

    @Slot()
    def cancel(self) -> None:
        """Call off what runs and what waits."""
        if self._is_over or self.view.cancelling:
            return
        self._show(cancelling=True)
        for number, step in enumerate(self.steps):
            if step.state is State.WAITING:
                self._show_step(number, State.CANCELLED, "")
        if self._at < 0 or self.steps[self._at].state is not State.RUNNING:
            self._end()
        else:
            self._cancel_step()

    @Slot()
    def _begin_next(self) -> None:
        if self._is_over:
            return
        self._at += 1
        if self._at >= len(self._steps) or self.view.cancelling:
            self._end()
            return
        number = self._at
        self._cancel_step = _nothing
        self._show_step(number, State.RUNNING, "")
        self._take_progress(number, 0.0, "")
        told = Told(
            progress=lambda done, text: self._take_progress(number, done, text),
            finished=lambda outcome: self._take_outcome(number, outcome),
            failed=lambda text: self._settle(number, State.FAILED, text),
            cancelled=lambda: self._settle(number, State.CANCELLED, ""),
        )
        cancel = self._steps[number].begin(told)
        if self.steps[number].state is State.RUNNING:
            self._cancel_step = cancel

    def _take_progress(self, number: int, done: float, text: str) -> None:
        if number != self._at or self.steps[number].state is not State.RUNNING:
            return
        if text and text != self.steps[number].text:
            self._show_step(number, State.RUNNING, text)
        share = (self._behind + self._steps[number].weight * min(1.0, max(0.0, done))) / self._weight
        name = self._steps[number].name
        self._show(
            text=f"{number + 1} of {len(self._steps)}: {name}",
            done=share,
            remaining_s=self._remaining.take(monotonic_ns(), share),
        )

    def _take_outcome(self, number: int, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        words = outcome.text if outcome.is_good else " ".join((outcome.text, *outcome.remarks[:1]))
        self._settle(number, State.DONE if outcome.is_good else State.FAULTY, words)

    def _settle(self, number: int, state: State, text: str) -> None:
        if self.steps[number].state is not State.RUNNING:
            return
        self._behind += self._steps[number].weight
        self._show_step(number, state, text)
        self._next.start()

    def _end(self) -> None:
        self._is_over = True
        self._next.stop()
        self._show(text=self.summary, done=1.0, remaining_s=None)
        self.ended.emit()

    def _show(self, **changes: object) -> None:
        self.view = self.view.changed(**changes)
        self.changed.emit(self.view)

    def _show_step(self, number: int, state: State, text: str) -> None:
        self.steps[number] = StepView(self._steps[number].name, state, text)
        self.step_changed.emit(number)


def _nothing() -> None:
    """What cannot be called off any more, or not yet."""
