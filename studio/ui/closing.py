"""Ends the window properly: asks once while a recording runs, finishes it, and then leaves.

Owns the question and the end. Never waits: what has to be waited for comes as a signal.
"""

from enum import Enum, auto

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget

from studio.host.protocol import Quit
from studio.ui.bridge import Bridge
from studio.ui.named import named
from studio.ui.transport import Transport

GOODBYE_MS = 1500
"""A recorder that does not answer must not hold the window."""

QUESTION = "A recording is running."
EXPLANATION = (
    "Finish it and close, or let it run: the recorder goes on without this window, "
    "and the next start of Studio shows it again."
)


class _Phase(Enum):
    OPEN = auto()
    ASKING = auto()
    FINISHING = auto()
    LEAVING = auto()


class Closing(QObject):
    """The end of a window."""

    done = Signal()  # nothing holds the window any more
    cancelled = Signal()

    def __init__(self, *, window: QWidget, bridge: Bridge, transport: Transport) -> None:
        super().__init__(window)
        self._window = window
        self._bridge = bridge
        self._transport = transport
        self._phase = _Phase.OPEN
        self._question: QMessageBox | None = None
        self._goodbye = QTimer(self, singleShot=True, interval=GOODBYE_MS)
        self._goodbye.timeout.connect(self.done)
        transport.view_changed.connect(self._on_view_changed)
        transport.failed.connect(self._on_failed)

    def ask_to_close(self) -> None:
        """The user wants to close the window."""
        if self._phase is _Phase.OPEN:
            if self._transport.view.holds_window:
                self._ask()
            else:
                self._leave()

    def finish_and_close(self) -> None:
        """Somebody wants the window gone (a signal, or the user's answer): finish what runs, then leave."""
        if self._phase in (_Phase.FINISHING, _Phase.LEAVING):
            return
        self._drop_question()
        self._phase = _Phase.FINISHING
        self._on_view_changed()

    def _ask(self) -> None:
        self._phase = _Phase.ASKING
        box = named(QMessageBox(self._window), "closing_question")
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Studio")
        box.setText(QUESTION)
        box.setInformativeText(EXPLANATION)
        role = QMessageBox.ButtonRole
        finish = named(box.addButton("Finish and close", role.AcceptRole), "closing_finish_button")
        named(box.addButton("Keep recording", role.DestructiveRole), "closing_keep_button")
        cancel = named(box.addButton("Cancel", role.RejectRole), "closing_cancel_button")
        box.setDefaultButton(finish)
        box.setEscapeButton(cancel)
        box.buttonClicked.connect(self._on_answered)
        self._question = box
        box.open()

    @Slot(QAbstractButton)
    def _on_answered(self, button: QAbstractButton) -> None:
        answer = button.objectName()
        self._drop_question()
        self._phase = _Phase.OPEN
        if answer == "closing_finish_button":
            self.finish_and_close()
        elif answer == "closing_keep_button":
            self._phase = _Phase.LEAVING
            self.done.emit()
        else:
            self.cancelled.emit()

    def _drop_question(self) -> None:
        if self._question is not None:
            self._question.hide()
            self._question.deleteLater()
            self._question = None

    def _leave(self) -> None:
        self._phase = _Phase.LEAVING
        self._window.hide()
        self._transport.rest()
        self._goodbye.start()
        # The recorder would leave by itself after a while; asked, it frees the devices at once.
        self._bridge.send(Quit(), self._on_goodbye, self._on_goodbye)

    def _on_goodbye(self, _answer: object) -> None:
        self._goodbye.stop()
        self.done.emit()

    @Slot()
    def _on_view_changed(self) -> None:
        if self._phase is _Phase.ASKING and self._transport.status is None:
            return  # out of reach for a moment: whether anything is being recorded is not known
        held = self._transport.view.holds_window
        if self._phase is _Phase.FINISHING and held:
            # Does nothing until there is something to stop: a recording may only just be starting.
            self._transport.stop()
        elif self._phase is _Phase.FINISHING:
            self._leave()
        elif self._phase is _Phase.ASKING and not held:
            # It ended while the question stood there: nothing to ask any more.
            self._drop_question()
            self._leave()

    @Slot(str)
    def _on_failed(self, _text: str) -> None:
        if self._phase is _Phase.FINISHING:
            # The window shows why; the user decides what next.
            self._phase = _Phase.OPEN
            self.cancelled.emit()
