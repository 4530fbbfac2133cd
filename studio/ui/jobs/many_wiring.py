"""Connects batches with the window: their panels, and what the list offers for several sessions."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from studio.app.operations.requests import VerifyRequest
from studio.app.session_entries import PartitionEntry
from studio.ui.jobs.batch import Batch
from studio.ui.sessions.chosen import Chosen, Pick

if TYPE_CHECKING:
    from studio.ui.jobs.batch_panel import BatchPanel
    from studio.ui.main_window import MainWindow


class ManyWiring(QObject):
    """All connections of batches of one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._panels: dict[int, BatchPanel] = {}
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
        return [verify]

    def verify(self, chosen: Chosen) -> None:
        """Read everything of these, one after another."""
        batches = self._window.batches
        steps = [
            batches.job_step(pick.name_of(part), VerifyRequest(part.path), part.byte_size)
            for pick, part in _closed(chosen)
        ]
        batches.start(f"Verify {chosen.words}", steps)


def _closed(chosen: Chosen) -> list[tuple[Pick, PartitionEntry]]:
    """What cannot be opened, too: that is what verifying is for."""
    return [(pick, part) for pick in chosen.picks for part in pick.parts if not part.live]
