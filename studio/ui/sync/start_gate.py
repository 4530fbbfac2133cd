"""Asks what shall happen when the clock is not exact enough for a recording, and does it.

Owns the question and the recording that waits. The recorder decides whether the gate is open.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from studio.ui.sync.clock_choice import ClockChoice
from studio.ui.transport import Wishes

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow
    from studio.ui.sync.gate_dialog import GateDialog


class StartGate(QObject):
    """One recording at a time stands before it."""

    def __init__(self, window: "MainWindow", choice: ClockChoice) -> None:
        super().__init__(window)
        self._window, self._choice = window, choice
        self._wishes: Wishes | None = None
        self.dialog: GateDialog | None = None
        window.transport.gate_closed.connect(self._on_gate_closed)
        window.transport.recording_started.connect(self._on_recording_started)
        window.closing.done.connect(self._drop)
        choice.changed.connect(self._on_clock_changed)

    @Slot(object, str)
    def _on_gate_closed(self, wishes: Wishes, text: str) -> None:
        self._wishes = wishes
        if self.dialog is not None:
            self.dialog.show_text(text)
            if not self.dialog.is_waiting:  # what waits asks by itself, and must not come in between
                self.dialog.raise_()
                self.dialog.activateWindow()
            return
        from studio.ui.sync.gate_dialog import GateDialog

        dialog = self.dialog = GateDialog(self._window.theme, text, self._window)
        dialog.record_requested.connect(self._on_record_requested)
        dialog.wait_requested.connect(self._on_clock_changed)
        dialog.finished.connect(self._on_finished)
        dialog.show()

    @Slot()
    def _on_record_requested(self) -> None:
        if self._wishes is not None:
            self._window.transport.record_despite_clock(self._wishes)

    @Slot()
    def _on_clock_changed(self) -> None:
        dialog, clock = self.dialog, self._choice.clock
        if dialog is None or clock is None:
            return
        dialog.show_text(clock.gate)
        if dialog.is_waiting and not clock.gate and self._wishes is not None:
            # Should the recorder find otherwise after all, the question says so and goes on waiting.
            self._window.transport.record(self._wishes)

    @Slot(str)
    def _on_recording_started(self, _path: str) -> None:
        self._drop()

    @Slot()
    def _on_finished(self) -> None:
        self.dialog = self._wishes = None

    @Slot()
    def _drop(self) -> None:
        if self.dialog is not None:
            self.dialog.close()
