"""Asks before the window closes on work that still runs. Never waits: what was agreed comes as a signal."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget

from studio.ui.jobs.jobs import Jobs
from studio.ui.named import named

EXPLANATION = "What is not finished is cancelled, and nothing half-made is left. Originals stay as they are."


class Leaving(QObject):
    """The question, while it stands."""

    released = Signal()  # nothing holds the window any more: close it

    def __init__(self, window: QWidget, jobs: Jobs) -> None:
        super().__init__(window)
        self._window = window
        self._jobs = jobs
        self._agreed = False
        self._question: QMessageBox | None = None
        jobs.all_ended.connect(self._on_all_ended)

    def holds_window(self) -> bool:
        """Whether work still runs that nobody agreed to cancel; asks then."""
        if self._agreed or not self._jobs.running:
            return False
        if self._question is None:
            self._ask()
        return True

    def _ask(self) -> None:
        titles = ", ".join(job.view.title for job in self._jobs.running)
        box = named(QMessageBox(self._window), "jobs_question")
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Studio")
        box.setText(f"This is still going on: {titles}.")
        box.setInformativeText(EXPLANATION)
        role = QMessageBox.ButtonRole
        stay = named(box.addButton("Keep working", role.RejectRole), "jobs_stay_button")
        named(box.addButton("Cancel it and close", role.AcceptRole), "jobs_close_button")
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.buttonClicked.connect(self._on_answered)
        self._question = box
        box.open()

    @Slot(QAbstractButton)
    def _on_answered(self, button: QAbstractButton) -> None:
        agreed = button.objectName() == "jobs_close_button"
        self._drop()
        if agreed:
            self._agreed = True
            self.released.emit()

    @Slot()
    def _on_all_ended(self) -> None:
        if self._question is not None:  # nothing to ask any more
            self._drop()
            self.released.emit()

    def _drop(self) -> None:
        box, self._question = self._question, None
        if box is not None:
            box.hide()
            box.deleteLater()
