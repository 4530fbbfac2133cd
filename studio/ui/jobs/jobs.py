"""The jobs of one window: starts them, follows them on the GUI thread, and tells their outcomes.

Owns which jobs run. Knows nothing of what they do; `job_strip` shows them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Signal, Slot
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
    cancelling: bool = False


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

    @Slot()
    def cancel(self) -> None:
        """Call it off; `cancelled` follows."""
        if self._running is not None and not self.view.cancelling:
            self._running.cancel()
            self._show(cancelling=True)

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
        fields = {name: getattr(self.view, name) for name in JobView.__slots__}
        self.view = JobView(**{**fields, **changes})
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

    added = Signal(object)  # ShownJob
    finished = Signal(object)  # Outcome of any job
    all_ended = Signal()  # none runs any more

    def __init__(self, link: JobsLink, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._messages = messages
        self._count = 0
        self._running: list[ShownJob] = []

    @property
    def running(self) -> tuple[ShownJob, ...]:
        """Those that are not over, oldest first."""
        return tuple(self._running)

    def start(self, job: Job, title: str) -> ShownJob:
        """Begin a job and show it as `title`; its outcome is told in the strip of messages, too."""
        self._count += 1
        shown = ShownJob(self._count, title, self)
        shown.finished.connect(self._tell_outcome)
        shown.failed.connect(lambda text: self._messages.tell_error(f"{title}: {text}"))
        shown.cancelled.connect(lambda: self._messages.tell(Severity.NOTE, f"{title} was cancelled."))
        shown.ended.connect(lambda: self._forget(shown))
        self._running.append(shown)
        self.added.emit(shown)
        try:
            shown.begin(self._link, job)
        except StudioError as error:
            shown.failed.emit(str(error))
            shown.ended.emit()
        return shown

    def _forget(self, shown: ShownJob) -> None:
        self._running.remove(shown)
        shown.deleteLater()
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
