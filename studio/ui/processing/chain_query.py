"""Asks a job process what a chain is; its file is run there. One question at a time, the last one counts."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from studio.app.chains.requests import DescribeChainRequest, ListChainsRequest
from studio.app.operations.progress import Outcome
from studio.errors import Cancelled, StudioError
from studio.ui.bridge import JobsLink

if TYPE_CHECKING:
    from studio.host.job_client import RunningJob

OnOutcome = Callable[[Outcome], None]
OnFailure = Callable[[str], None]


class ChainQuery(QObject):
    """One question to one job process."""

    _settled = Signal(object)  # RunningJob

    def __init__(self, link: JobsLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._running: RunningJob | None = None
        self._on_outcome: OnOutcome | None = None
        self._on_failure: OnFailure | None = None
        self._settled.connect(self._on_settled, Qt.ConnectionType.QueuedConnection)

    @property
    def is_asking(self) -> bool:
        """Whether an answer is still to come."""
        return self._running is not None

    def ask(
        self,
        request: DescribeChainRequest | ListChainsRequest,
        on_outcome: OnOutcome,
        on_failure: OnFailure,
    ) -> None:
        """Ask; what was asked before is called off."""
        self.cancel()
        self._on_outcome, self._on_failure = on_outcome, on_failure
        try:
            running = self._link.start(request, lambda _: None)
        except StudioError as error:
            on_failure(str(error))
            return
        self._running = running
        running.future.add_done_callback(lambda _: self._settled.emit(running))

    def cancel(self) -> None:
        """Nobody waits for the answer any more; a file that never ends loading is ended. Idempotent."""
        running, self._running = self._running, None
        if running is not None:
            running.cancel()

    @Slot(object)
    def _on_settled(self, running: "RunningJob") -> None:
        if running is not self._running:
            return
        self._running = None
        try:
            outcome = running.future.result(timeout=0)
        except Cancelled:
            return
        except StudioError as error:
            if self._on_failure is not None:
                self._on_failure(str(error))
        else:
            if self._on_outcome is not None:
                self._on_outcome(outcome)
