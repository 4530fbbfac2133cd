"""The queue of batches of one window: one runs, the others wait for it. Tells what came of each."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from studio.app.operations.progress import Outcome
from studio.app.status import Severity
from studio.host.job_protocol import Job
from studio.host.protocol import Query
from studio.ui.jobs.batch import Batch, Cancel, Step, Told
from studio.ui.jobs.jobs import Jobs
from studio.ui.messages import Messages
from studio.ui.panels.questions import Reader

SHOW_BATCH = "Show what came of it"
MOST_KEPT = 8
"""Batches that are over, whose results can still be looked at."""


class Batches(QObject):
    """Starts batches, one after the other."""

    begun = Signal(object)  # Batch: it is in the queue
    finished = Signal(object)  # Batch
    wanted = Signal(object)  # Batch: somebody wants to see all of it

    def __init__(self, jobs: Jobs, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._messages = messages
        self._waiting: list[Batch] = []
        """The first of them runs."""
        self._over: list[Batch] = []

    def start(self, title: str, steps: Sequence[Step]) -> Batch:
        """Do all of these as soon as what was begun before is over."""
        batch = Batch(self._jobs.next_number(), title, steps, self)
        batch.ended.connect(lambda: self._on_ended(batch))
        self._waiting.append(batch)
        self._jobs.show(batch)
        self.begun.emit(batch)
        if self._waiting[0] is batch:
            batch.begin()
        return batch

    def job_step(self, name: str, job: Job, weight: float) -> Step:
        """A job in a process of its own."""

        def begin(told: Told) -> Cancel:
            shown, start = self._jobs.part(job, name)
            shown.changed.connect(lambda view: told.progress(view.done, view.text))
            shown.finished.connect(told.finished)
            shown.failed.connect(told.failed)
            shown.cancelled.connect(told.cancelled)
            start()
            return shown.cancel

        return Step(name, begin, weight)

    @Slot(object)
    def show_details(self, work: object) -> None:
        """All of this is to be seen, if it is one of ours."""
        if isinstance(work, Batch):
            self.wanted.emit(work)

    @Slot(str, str)
    def take_message_action(self, action: str, target: str) -> None:
        """A button of a message was pressed."""
        if action == SHOW_BATCH:
            found = next((batch for batch in self._over if str(batch.number) == target), None)
            if found is not None:
                self.wanted.emit(found)

    def _on_ended(self, batch: Batch) -> None:
        self._waiting.remove(batch)
        self._over.append(batch)
        for old in self._over[:-MOST_KEPT]:
            old.deleteLater()
        del self._over[:-MOST_KEPT]
        severity = Severity.NOTE if batch.is_good or batch.view.cancelling else Severity.WARNING
        text = f"{batch.view.title}: {batch.summary}."
        self._messages.tell(severity, text, action=SHOW_BATCH, target=str(batch.number))
        self.finished.emit(batch)
        if self._waiting:
            self._waiting[0].begin()


def query_step(reader: Reader, name: str, query: Query, outcome: Callable[[Any], Outcome]) -> Step:
    """Something that the reader of folders does in a moment; it cannot be called off."""

    def begin(told: Told) -> Cancel:
        reader.ask(query, lambda answer: told.finished(outcome(answer)), told.failed)
        return lambda: None

    return Step(name, begin)
