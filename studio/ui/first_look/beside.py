"""A start beside a recorder that runs: look at it first, import the rest meanwhile, then make way."""

import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from studio.app.settings_file import glance
from studio.engine.threads import spawn
from studio.ui.first_look.first_link import FirstLink
from studio.ui.first_look.first_window import FirstLook
from studio.ui.theme import Theme

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow

ANSWER_MS = 400
"""A recorder that is there answers in a few; one that hangs must not hold up the window."""


class Beside(QObject):
    """Owns link and first look until the window takes over. On the GUI thread."""

    _came = Signal(object)  # RecorderStatus
    _imported = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        kept = glance()
        self.theme = Theme(kept.theme, application)
        self.theme.apply(application)
        self.link = FirstLink(self._came.emit)
        self.look = FirstLook(theme=self.theme, layout=kept.window, send=self.link.request)
        self._came.connect(self.look.show_status)
        self._failure: BaseException | None = None

    def look_out(self) -> bool:
        """Ask the recorder; whether it records, which is then on the screen."""
        answered = QEventLoop()
        self._came.connect(answered.quit)
        QTimer.singleShot(ANSWER_MS, answered.quit)
        self.link.begin()
        answered.exec()
        self._came.disconnect(answered.quit)
        QApplication.processEvents()  # what was shown is painted before anything else is done
        return self.look.isVisible()

    def import_meanwhile(self, module: str) -> None:
        """Import it while Stop works and the time runs. Raises what the import raises."""
        done = QEventLoop()
        self._imported.connect(done.quit)

        def work() -> None:
            try:
                importlib.import_module(module)
            finally:
                self._imported.emit()

        thread = spawn("imports", lambda _cancelled: work(), self._keep_failure)
        done.exec()
        thread.join()
        if self._failure is not None:
            raise self._failure

    def _keep_failure(self, error: BaseException) -> None:
        self._failure = error

    def make_way_for(self, window: "MainWindow") -> None:
        """It is on the screen, and shows the recording as soon as it hears of it."""
        self.look.finished.connect(window.transport.take_finished)
        window.bridge.status_changed.connect(self.look.leave)
        window.bridge.recorder_lost.connect(self.look.leave)
        if self.look.close_wanted:
            QTimer.singleShot(0, window.close)
