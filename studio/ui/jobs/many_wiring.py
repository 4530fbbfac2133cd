"""Connects batches with the window: their panels, and what the list offers for several sessions."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from studio.app.operations.requests import ExportFormat, VerifyRequest
from studio.app.session_entries import PartitionEntry
from studio.host.protocol import ReadSpace
from studio.ui.jobs.batch import Batch
from studio.ui.jobs.export_plan import ExportPlan
from studio.ui.jobs.stream_survey import StreamSurvey
from studio.ui.sessions.chosen import Chosen, Pick
from studio.ui.sessions.session_texts import plural

if TYPE_CHECKING:
    from studio.ui.jobs.batch_panel import BatchPanel
    from studio.ui.jobs.export_dialog import ExportDialog
    from studio.ui.main_window import MainWindow

Closed = tuple[Pick, PartitionEntry]


class ManyWiring(QObject):
    """All connections of batches of one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._panels: dict[int, BatchPanel] = {}
        self._choice: str = ExportFormat.CSV.value
        window.sessions_dock.many_actions.insert(0, self._actions_for)
        window.batches.begun.connect(self.show_panel)
        window.batches.wanted.connect(self.show_panel)
        window.batches.finished.connect(lambda _: window.sessions_dock.refresh())
        window.job_strip.details_wanted.connect(window.batches.show_details)
        window.strip.target_requested.connect(window.batches.take_message_action)

    @Slot(object)
    def show_panel(self, batch: Batch) -> None:
        """Show all of a batch."""
        from studio.ui.jobs.batch_panel import BatchPanel

        panel = self._panels.get(batch.number)
        if panel is None:
            panel = self._panels[batch.number] = BatchPanel(self._window.theme, batch, self._window)
            panel.finished.connect(lambda _: self._forget(batch.number))
        panel.show()
        panel.raise_()

    def _forget(self, number: int) -> None:
        panel = self._panels.pop(number, None)
        if panel is not None:
            panel.deleteLater()

    def _actions_for(self, chosen: Chosen) -> list[QAction]:
        verify = QAction("&Verify", self)
        verify.setIcon(self._window.theme.icon("check"))
        verify.setEnabled(bool(_closed(chosen)))
        verify.triggered.connect(lambda: self.verify(chosen))
        export = QAction("&Export or copy\u2026", self)
        export.setIcon(self._window.theme.icon("export"))
        export.setEnabled(bool(_recorded(chosen)))
        export.triggered.connect(lambda: self.ask_export(chosen))
        return [export, verify]

    # Verifying ------------------------------------------------------------------------------------------

    def verify(self, chosen: Chosen) -> None:
        """Read everything of these, one after another."""
        batches = self._window.batches
        steps = [
            batches.job_step(pick.name_of(part), VerifyRequest(part.path), part.byte_size)
            for pick, part in _closed(chosen)
        ]
        batches.start(f"Verify {chosen.words}", steps)

    # Exporting ------------------------------------------------------------------------------------------

    def ask_export(self, chosen: Chosen) -> "ExportDialog":
        """Ask what shall be made of each of these, with the streams that any of them has."""
        from studio.ui.jobs.export_dialog import ExportDialog

        meant = _recorded(chosen)
        paths = [part.path for _, part in meant]
        survey = StreamSurvey(
            self._window.bridge,
            paths,
            plural(len(meant), "recording"),
            lambda info: dialog.show_info(info),
        )
        # At least two, so that it is asked as of several even where only one can be read.
        plan = ExportPlan(survey.info, self._choice, count=max(2, len(meant)))
        dialog = ExportDialog(self._window.theme, [plan], self._ask_free, self._window)
        dialog.wanted.connect(lambda plan: self._export(plan, meant))
        dialog.finished.connect(survey.cancel)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        survey.begin()
        return dialog

    def _ask_free(self, folder: str, take: Callable[[int], None]) -> None:
        # Without an answer nothing is said about room; each job asks again before it begins.
        self._window.bridge.ask(ReadSpace(folder), take, lambda _: None)

    def _export(self, plan: ExportPlan, meant: list[Closed]) -> None:
        self._choice = plan.choice
        batches = self._window.batches
        steps = []
        for pick, part in meant:
            is_one = len(pick.session.partitions) == 1
            name = pick.session.name if is_one else f"{pick.session.name} {part.name}"
            request = plan.of_one(part.path, "" if pick.session.loose else name).request()
            steps.append(batches.job_step(pick.name_of(part), request, part.byte_size))
        batches.start(plan.title, steps)


def _closed(chosen: Chosen) -> list[Closed]:
    """What cannot be opened, too: that is what verifying is for."""
    return [(pick, part) for pick in chosen.picks for part in pick.parts if not part.live]


def _recorded(chosen: Chosen) -> list[Closed]:
    """Without what was computed, unless that alone was chosen."""
    return [(pick, part) for pick in chosen.picks for part in pick.recorded]
