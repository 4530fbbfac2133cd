"""Asks the recorder for a pre-flight, follows it in the recorder's status, and shows the card.

Owns the number of the one that was asked for. Never waits; what is tried is tried in the recorder process.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from studio.app.preflight.card import PreflightPhase, PreflightStatus
from studio.app.status import RecorderStatus, Severity
from studio.host.preflight_protocol import CancelPreflight, StartPreflight
from studio.ui.preflight.preflight_card import PreflightDialog
from studio.ui.preflight.preflight_view import called_off, preflight_view

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow

READY = "Try the ticked devices, the disk and the clock for ten seconds, without recording (F)"
NOT_WHILE_RECORDING = "A recording is running; a pre-flight comes before it."
NO_DEVICE = "Tick at least one device to try it."
COPIED = "What the pre-flight found was copied."


class PreflightWiring(QObject):
    """All connections of the pre-flight of one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._number: int | None = None
        """None: the recorder has not answered yet, or none was asked for."""
        self._asked = 0
        """So that the answer to an earlier question is not taken for one to the last."""
        self._status: PreflightStatus | None = None
        self.dialog: PreflightDialog | None = None
        window.actions_by_name["preflight"].triggered.connect(self.begin)
        window.bridge.status_changed.connect(self._on_status_changed)
        window.bridge.recorder_lost.connect(self._on_recorder_lost)
        window.transport.view_changed.connect(self._on_view_changed)
        window.closing.done.connect(self._leave)
        self._on_view_changed()

    @Slot()
    def begin(self) -> None:
        """Try the ticked devices; one that runs is brought to the front."""
        window = self._window
        if self.dialog is not None and self.dialog.view.is_running:
            self._come_forward()
            return
        if not window.transport.view.record_enabled:
            return
        self._number, self._status = None, None
        self._asked += 1
        asked = self._asked
        self._open_dialog().show_view(preflight_view(None))
        command = StartPreflight(window.devices.book.chosen, window.choices.settings.recordings_folder)
        window.bridge.send(
            command,
            lambda number: self._on_begun(asked, int(number)),
            lambda text: self._on_refused(asked, text),
        )

    def _open_dialog(self) -> PreflightDialog:
        if self.dialog is None:
            dialog = self.dialog = PreflightDialog(self._window.theme, self._window)
            dialog.again_requested.connect(self.begin)
            dialog.cancel_requested.connect(self._on_cancel_requested)
            dialog.copy_requested.connect(self._on_copy_requested)
            dialog.record_requested.connect(self._on_record_requested)
            dialog.dismissed.connect(self._on_dismissed)
            dialog.show()
        self._come_forward()
        self._on_view_changed()
        return self.dialog

    def _come_forward(self) -> None:
        assert self.dialog is not None
        self.dialog.raise_()
        self.dialog.activateWindow()

    # What the recorder says -----------------------------------------------------------------------------

    def _on_begun(self, asked: int, number: int) -> None:
        if asked != self._asked or self.dialog is None:
            return  # called off meanwhile, which the recorder was told after this
        self._number = number
        if self._window.transport.status is not None:
            self._on_status_changed(self._window.transport.status)

    def _on_refused(self, asked: int, text: str) -> None:
        if asked == self._asked and self.dialog is not None:
            self.dialog.show_view(called_off(text))

    @Slot(object)
    def _on_status_changed(self, status: RecorderStatus) -> None:
        preflight, dialog = status.preflight, self.dialog
        if dialog is None or preflight is None or self._number is None or preflight.number < self._number:
            return
        if preflight.number > self._number:
            self._end("Another window has begun a pre-flight of its own.")
        elif preflight != self._status:
            self._status = preflight
            dialog.show_view(preflight_view(preflight))
            if preflight.phase is not PreflightPhase.RUNNING:
                self._number = None

    @Slot(str)
    def _on_recorder_lost(self, text: str) -> None:
        if self.dialog is not None and self.dialog.view.is_running:
            self._end(text)

    def _end(self, text: str) -> None:
        self._number = None
        self._asked += 1
        if self.dialog is not None:
            self.dialog.show_view(called_off(text))

    @Slot()
    def _on_view_changed(self) -> None:
        view, action = self._window.transport.view, self._window.actions_by_name["preflight"]
        action.setEnabled(view.record_enabled)
        if view.recording:
            action.setToolTip(NOT_WHILE_RECORDING)
        else:
            action.setToolTip(READY if view.record_enabled else NO_DEVICE)
        if self.dialog is not None:
            self.dialog.allow_start(view.record_enabled)

    # What the user does ---------------------------------------------------------------------------------

    @Slot()
    def _on_cancel_requested(self) -> None:
        if self._number is None and self.dialog is not None:
            # The recorder has not even begun: what it answers is not waited for.
            self._end("The pre-flight was called off.")
        self._window.bridge.send(CancelPreflight())

    @Slot()
    def _on_copy_requested(self) -> None:
        if self.dialog is not None and self.dialog.view.report:
            QGuiApplication.clipboard().setText(self.dialog.view.report)
            self._window.messages.tell(Severity.NOTE, COPIED)

    @Slot()
    def _on_record_requested(self) -> None:
        self._window.actions_by_name["record"].trigger()
        self._leave()

    @Slot()
    def _on_dismissed(self) -> None:
        self.dialog = self._number = None

    @Slot()
    def _leave(self) -> None:
        if self.dialog is not None:
            self.dialog.reject()
