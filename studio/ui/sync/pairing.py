"""Opens the dialog of pairing and connects it with the recorder. Never waits."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from studio.host.pairing_protocol import AnswerPairing, BeginPairing, EndPairing, ForgetPaired
from studio.host.protocol import Command
from studio.ui.sync.clock_choice import ClockChoice

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow
    from studio.ui.sync.pairing_dialog import PairingDialog


class Pairing(QObject):
    """One dialog at a time."""

    def __init__(self, window: "MainWindow", choice: ClockChoice) -> None:
        super().__init__(window)
        self._window, self._choice = window, choice
        self.dialog: PairingDialog | None = None
        window.clock_dock.pairing_requested.connect(self.open)
        window.closing.done.connect(self._drop)
        choice.changed.connect(self._show)

    @Slot()
    def open(self) -> None:
        """Show the dialog."""
        if self.dialog is None:
            from studio.ui.sync.pairing_dialog import PairingDialog

            dialog = self.dialog = PairingDialog(self._window.theme, self._window)
            dialog.begin_requested.connect(self._on_begin_requested)
            dialog.answered.connect(self._on_answered)
            dialog.forget_requested.connect(self._on_forget_requested)
            dialog.again_requested.connect(self._end)
            dialog.finished.connect(self._on_finished)
            self._show()
            dialog.show()
        self.dialog.activateWindow()

    @Slot()
    def _show(self) -> None:
        clock = self._choice.clock
        if self.dialog is not None and clock is not None:
            self.dialog.show_pairing(clock.pairing, clock.paired)

    @Slot(str, int)
    def _on_begin_requested(self, host: str, port: int) -> None:
        self._send(BeginPairing(host, port))

    @Slot(bool)
    def _on_answered(self, is_equal: bool) -> None:
        self._send(AnswerPairing(is_equal))

    @Slot(str)
    def _on_forget_requested(self, fingerprint: str) -> None:
        self._send(ForgetPaired(fingerprint))

    @Slot()
    def _end(self) -> None:
        self._send(EndPairing())

    @Slot()
    def _on_finished(self) -> None:
        self.dialog = None
        self._end()

    @Slot()
    def _drop(self) -> None:
        if self.dialog is not None:
            self.dialog.close()

    def _send(self, command: Command) -> None:
        self._window.bridge.send(command, None, self._window.messages.tell_error)
