"""Connects Process, Attach and Compare with the rest of the window. Holds no state but the open dialog."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from studio.app.chains.description import ChainDescription
from studio.app.chains.references import EXAMPLES, split_reference
from studio.app.chains.requests import (
    CompareRequest,
    DescribeChainRequest,
    FollowRequest,
    ListChainsRequest,
    ProcessRequest,
)
from studio.app.operations.progress import Outcome
from studio.app.status import Severity
from studio.formats.recording import RecordingInfo
from studio.host.protocol import OpenRecording
from studio.ui.named import named
from studio.ui.processing.chain_query import ChainQuery
from studio.ui.processing.many import ManyProcessing
from studio.ui.processing.newest_results import NewestResults
from studio.ui.processing.order import Manner, Scene
from studio.ui.timeline.opening import Opening

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow
    from studio.ui.processing.process_dialog import ProcessDialog

MOST_FILES = 8
NOTHING_OPEN = "Open a recording first; then a chain can process it."
NOTHING_COMPUTED = "Nothing on screen was computed by a chain, so there is nothing to compare."


class ProcessingWiring(QObject):
    """All connections of processing in one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._query = ChainQuery(window.bridge.jobs, self)
        self._listing = ChainQuery(window.bridge.jobs, self)
        self._opening: Opening | None = None
        self.dialog: ProcessDialog | None = None
        self.many = ManyProcessing(window, self)
        for name, slot in {
            "process_chain": self.process,
            "attach_chain": self.attach,
            "compare_chain": self.compare,
        }.items():
            window.actions_by_name[name].triggered.connect(slot)
        window.transport.view_changed.connect(self._refresh)
        window.timeline.recordings_changed.connect(self._refresh)
        window.closed.connect(self._on_dialog_finished)
        window.sessions_dock.context_actions.append(self._actions_for)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        actions, window = self._window.actions_by_name, self._window
        actions["process_chain"].setEnabled(bool(window.timeline.recordings))
        actions["compare_chain"].setEnabled(any(info.derivation for info in window.timeline.recordings))
        actions["attach_chain"].setEnabled(window.transport.view.recording)

    # What the user wants --------------------------------------------------------------------------------

    @Slot()
    def process(self) -> None:
        """Ask for a chain for the session on screen."""
        recordings = self._window.timeline.recordings
        if not recordings:
            self._window.messages.tell(Severity.NOTE, NOTHING_OPEN)
            return
        self._open(Scene(recorded_first(recordings), selection=self._window.timeline.navigator.selection))

    def _actions_for(self, paths: Sequence[str]) -> list[QAction]:
        """For the context menu of the list of sessions."""
        action = named(QAction("P&rocess with a chain\u2026", self), "process_listed_action")
        action.setIcon(self._window.theme.icon("process"))
        action.triggered.connect(lambda: self._process_listed(tuple(paths)))
        return [action]

    def _process_listed(self, paths: Sequence[str]) -> None:
        """Ask for a chain for recordings that need not be on screen."""
        self._opening = Opening(
            self._window.bridge,
            paths,
            lambda infos: self._open(Scene(recorded_first(infos))),
            self._window.messages.tell_error,
        )

    @Slot()
    def attach(self) -> None:
        """Ask for a chain for the recording that is being written."""
        status = self._window.transport.status
        if status is not None and status.path:
            self._window.bridge.ask(
                OpenRecording(status.path),
                lambda info: self._open(Scene((info,), Manner.ATTACH)),
                self._window.messages.tell_error,
            )

    @Slot()
    def compare(self) -> None:
        """Compute each derived partition on screen once more."""
        derived = [info for info in self._window.timeline.recordings if info.derivation]
        if not derived:
            self._window.messages.tell(Severity.NOTE, NOTHING_COMPUTED)
        for info in derived:
            self._window.jobs.start(CompareRequest(info.path), f"Compare {info.name}")

    # The dialog -----------------------------------------------------------------------------------------

    def _open(self, scene: Scene) -> None:
        first = scene.recordings[0]
        called = self._window.sessions_dock.name_of(first.path, first.name)
        self.ask(replace(scene, called=called), self._on_accepted)

    def ask(self, scene: Scene, take: Callable[[ProcessRequest | FollowRequest, str], None]) -> None:
        """Open the dialog about this; `take` is told what was agreed to, and what to call it."""
        if self.dialog is not None:
            self.dialog.raise_()
            return
        from studio.ui.processing.process_dialog import ProcessDialog

        window = self._window
        dialog = self.dialog = ProcessDialog(
            window.theme, scene, shipped=EXAMPLES, files=window.choices.settings.chains, parent=window
        )
        dialog.chain_wanted.connect(self._on_chain_wanted)
        dialog.accepted_request.connect(lambda request, title: self._on_agreed(request, title, take))
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()
        dialog.chooser.begin()
        self._listing.ask(ListChainsRequest(), self._on_listed, lambda _: None)

    @Slot(str)
    def _on_chain_wanted(self, reference: str) -> None:
        if self.dialog is not None:
            self._query.ask(DescribeChainRequest(reference), self._on_described, self.dialog.show_problem)

    def _on_described(self, outcome: Outcome) -> None:
        if self.dialog is not None:
            self.dialog.show_chain(ChainDescription.from_json(outcome.remarks[0]))

    def _on_listed(self, outcome: Outcome) -> None:
        if self.dialog is not None:
            self.dialog.chooser.add_installed(outcome.remarks)

    @Slot()
    def _on_dialog_finished(self) -> None:
        self._query.cancel()
        self._listing.cancel()
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()

    # What is done ---------------------------------------------------------------------------------------

    def _on_agreed(
        self,
        request: ProcessRequest | FollowRequest,
        title: str,
        take: Callable[[ProcessRequest | FollowRequest, str], None],
    ) -> None:
        self._remember(request.chain)
        take(request, title)

    def _on_accepted(self, request: ProcessRequest | FollowRequest, title: str) -> None:
        job = self._window.jobs.start(request, title)
        job.finished.connect(self._on_processed)
        if isinstance(request, FollowRequest):
            newest = NewestResults(self._window.bridge, request.target, job.show_newest, job)
            job.ended.connect(newest.close)
            newest.start()

    def _remember(self, reference: str) -> None:
        file, _ = split_reference(reference)
        if file is not None:
            known = (reference, *self._window.choices.settings.chains)
            self._window.choices.change(chains=tuple(dict.fromkeys(known))[:MOST_FILES])

    @Slot(object)
    def _on_processed(self, outcome: Outcome) -> None:
        self.show_results(outcome.paths)

    def show_results(self, paths: Iterable[str]) -> None:
        """Show results beside the recordings on screen that they were computed from."""
        window = self._window
        shown = {Path(info.path).parent for info in window.timeline.recordings}
        added = [path for path in paths if Path(path).parent in shown]
        if added:
            window.stage.refresh_recordings(added)
        window.sessions_dock.refresh()


def recorded_first(recordings: Iterable[RecordingInfo]) -> tuple[RecordingInfo, ...]:
    """What was recorded gives a result its name and place."""
    return tuple(sorted(recordings, key=lambda info: bool(info.derivation)))
