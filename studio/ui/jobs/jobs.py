"""The jobs of one window: starts them, follows them on the GUI thread, and tells their outcomes.

Owns which jobs run. Knows nothing of what they do; `job_strip` shows them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, QUrl, Signal, SignalInstance, Slot
from PySide6.QtGui import QDesktopServices

from studio.app.operations.progress import Outcome, RemainingTime
from studio.app.status import Severity
from studio.errors import Cancelled, StudioError
from studio.host.job_protocol import Job, JobProgress
from studio.timing import monotonic_ns
from studio.ui.bridge import JobsLink
from studio.ui.messages import Messages

if TYPE_CHECKING:
    from studio.host.job_client import RunningJob

SHOW_FOLDER = "Show folder"
MOST_REMARKS = 3


@dataclass(frozen=True, slots=True)
class JobView:
    """What is shown of a job."""

    number: int
    title: str
    text: str = ""
    done: float = 0.0
    """From 0 to 1; negative: it has no end of its own."""
    remaining_s: float | None = None
    """None: not known."""
    newest: str = ""
    """What it has found just now, where that can be said in a few words."""
    cancelling: bool = False
    has_details: bool = False
    """There is more to be seen of it than a line."""

    def changed(self, **changes: object) -> "JobView":
        """The same, with something else."""
        return replace(self, **changes)  # type: ignore[arg-type]


class Work(Protocol):
    """Something that runs, is shown in the strip and holds the window open: a job, or a batch of them."""

    changed: SignalInstance  # JobView
    ended: SignalInstance

    @property
    def view(self) -> JobView:
        """What is shown of it now."""
        ...

    def cancel(self) -> None:
        """Call it off; `ended` follows."""
        ...


class ShownJob(QObject):
    """One job on the GUI thread."""

    changed = Signal(object)  # JobView
    finished = Signal(object)  # Outcome
    failed = Signal(str)  # why, in people's words
    cancelled = Signal()
    ended = Signal()  # after one of the three

    _progressed = Signal()
    _settled = Signal()

    def __init__(self, number: int, title: str, parent: QObject) -> None:
        super().__init__(parent)
        self.view = JobView(number, title)
        self._running: RunningJob | None = None
        self._remaining = RemainingTime()
        self._newest: JobProgress | None = None
        self._pending = False
        queued = Qt.ConnectionType.QueuedConnection
        self._progressed.connect(self._on_progressed, queued)
        self._settled.connect(self._on_settled, queued)

    def begin(self, link: JobsLink, job: Job) -> None:
        """Start it; raises RoleError."""
        self._running = link.start(job, self._take_progress)
        self._running.future.add_done_callback(lambda _: self._settled.emit())

    def begin_or_fail(self, link: JobsLink, job: Job) -> None:
        """Start it; that it cannot be started is told as its failure."""
        try:
            self.begin(link, job)
        except StudioError as error:
            self.failed.emit(str(error))
            self.ended.emit()

    @Slot()
    def cancel(self) -> None:
        """Call it off; `cancelled` follows."""
        if self._running is not None and not self.view.cancelling:
            self._running.cancel()
            self._show(cancelling=True)

    def show_newest(self, text: str) -> None:
        """Say what it has found just now."""
        self._show(newest=text)

    def _take_progress(self, progress: JobProgress) -> None:
        # On a thread of the link. Newest only.
        self._newest = progress
        if not self._pending:
            self._pending = True
            self._progressed.emit()

    @Slot()
    def _on_progressed(self) -> None:
        self._pending = False  # before the read, or a newer one could be missed
        if self._newest is not None:
            progress = self._newest
            remaining = self._remaining.take(monotonic_ns(), progress.done)
            self._show(text=progress.text, done=progress.done, remaining_s=remaining)

    def _show(self, **changes: object) -> None:
        self.view = self.view.changed(**changes)
        self.changed.emit(self.view)

    @Slot()
    def _on_settled(self) -> None:
        assert self._running is not None
        try:
            outcome = self._running.future.result(timeout=0)
        except Cancelled:
            self.cancelled.emit()
        except StudioError as error:
            self.failed.emit(str(error))
        else:
            self.finished.emit(outcome)
        self.ended.emit()


class Jobs(QObject):
    """All jobs of the window; `start` is what other parts call."""

    added = Signal(object)  # Work
    finished = Signal(object)  # Outcome of any job
    all_ended = Signal()  # none runs any more

    def __init__(self, link: JobsLink, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._messages = messages
        self._count = 0
        self._running: list[Work] = []

    @property
    def running(self) -> tuple[Work, ...]:
        """Those that are not over, oldest first."""
        return tuple(self._running)

    def start(self, job: Job, title: str) -> ShownJob:
        """Begin a job and show it as `title`; its outcome is told in the strip of messages, too."""
        shown = ShownJob(self.next_number(), title, self)
        shown.finished.connect(self._tell_outcome)
        shown.failed.connect(lambda text: self._messages.tell_error(f"{title}: {text}"))
        shown.cancelled.connect(lambda: self._messages.tell(Severity.NOTE, f"{title} was cancelled."))
        shown.ended.connect(shown.deleteLater)
        self.show(shown)
        shown.begin_or_fail(self._link, job)
        return shown

    def part(self, job: Job, title: str) -> tuple[ShownJob, Callable[[], None]]:
        """A job that is a part of longer work, which shows it and tells its outcome; and how to begin it."""
        shown = ShownJob(self.next_number(), title, self)
        shown.ended.connect(shown.deleteLater)
        return shown, lambda: shown.begin_or_fail(self._link, job)

    def next_number(self) -> int:
        """Of the next piece of work."""
        self._count += 1
        return self._count

    def show(self, work: Work) -> None:
        """Show this in the strip and let it hold the window open until it has ended."""
        work.ended.connect(lambda: self._forget(work))
        self._running.append(work)
        self.added.emit(work)

    def _forget(self, work: Work) -> None:
        self._running.remove(work)
        if not self._running:
            self.all_ended.emit()

    @Slot(object)
    def _tell_outcome(self, outcome: Outcome) -> None:
        severity = Severity.NOTE if outcome.is_good else Severity.WARNING
        if outcome.paths:
            self._messages.tell(severity, _words(outcome), action=SHOW_FOLDER, target=outcome.paths[0])
        else:
            self._messages.tell(severity, _words(outcome))
        self.finished.emit(outcome)

    @Slot(str, str)
    def take_message_action(self, action: str, target: str) -> None:
        """A button of a message was pressed: show the folder of what was made."""
        if action == SHOW_FOLDER:
            show_folder(target)


def _words(outcome: Outcome) -> str:
    """The sentence, and the first of what else is to be said."""
    more = outcome.remarks[:MOST_REMARKS] if outcome.is_good else ()
    left = len(outcome.remarks) - len(more) if more else 0
    return " ".join((outcome.text, *more, *([f"({left} more of that kind.)"] if left else [])))


def show_folder(path: str) -> bool:
    """Open the folder that holds `path` with the system's own program."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(path).parent)))
