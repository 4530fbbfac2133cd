"""What a start does before the modules of the window are imported, which takes most of it.

One window for each user; the look of a recording that runs already; then the rest. What is imported here at
the top, everybody waits for.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from studio.host.freed_memory import give_freed_memory_back
from studio.host.roles import StartedRole
from studio.host.run_directory import RunDirectory
from studio.host.window_instance import WindowInstance
from studio.ui.first_look.beside import Beside
from studio.ui.layout_report import LayoutReport
from studio.ui.painting_threads import paint_alone_on_few_processors
from studio.ui.termination import Termination

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow

THE_REST = "studio.ui.application"


class Wishes(QObject):
    """What is wanted of a window that may not be there yet: to come forward, or to end (decision 21)."""

    forward = Signal()  # a second start; emitted on its thread

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.termination = Termination(self)
        self.termination.requested.connect(self._on_end)
        self._window: MainWindow | None = None
        self._end = False

    @Slot()
    def _on_end(self) -> None:
        self._end = True
        if self._window is not None:
            self._window.closing.finish_and_close()

    def give_to(self, window: "MainWindow") -> None:
        """It is on the screen; what was wanted before is done once it has heard what the recorder does."""
        self._window = window
        self.forward.connect(window.come_forward)
        if self._end:
            QTimer.singleShot(0, window.closing.finish_and_close)


def run_window(arguments: Sequence[str] = (), recorder: StartedRole | None = None) -> int:
    """Show the window; returns the exit code when it has been closed.

    `recorder` is one that was started ahead; it outlives the window. None: one runs already.
    """
    try:
        return _run_only_window(_parse(arguments), recorder)
    finally:
        if recorder is not None:
            recorder.let_go()


def _run_only_window(options: argparse.Namespace, recorder: StartedRole | None) -> int:
    application = make_application()
    wishes = Wishes(application)
    try:
        instance = WindowInstance.claim(RunDirectory.open(), wishes.forward.emit)
        if instance is None:
            return 0  # the window that was there shows itself
        try:
            return _run(application, options, wishes, recorder)
        finally:
            instance.close()
    finally:
        wishes.termination.close()


def _run(
    application: QApplication,
    options: argparse.Namespace,
    wishes: Wishes,
    recorder: StartedRole | None,
) -> int:
    if options.report_layout is not None:
        LayoutReport(application, options.report_layout)
    beside = Beside(application) if recorder is None else None
    if beside is not None and beside.look_out():
        beside.import_meanwhile(THE_REST)
    from studio.ui.application import host_links, run

    def begun(window: "MainWindow") -> None:
        wishes.give_to(window)
        if beside is not None:
            beside.make_way_for(window)
        if options.recording is not None:
            window.stage.show_recording(str(options.recording.resolve()))

    return run(
        application,
        host_links(recorder, beside.link if beside is not None else None),
        begun=begun,
        theme=beside.theme if beside is not None else None,
        report_pictures=options.report_pictures,
    )


def make_application() -> QApplication:
    """The application, drawn by the raster engine with our look still to come."""
    give_freed_memory_back()
    paint_alone_on_few_processors(os.cpu_count() or 1)
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_UseSoftwareOpenGL)
    application = QApplication(["studio"])
    application.setApplicationName("studio")
    application.setApplicationDisplayName("Studio")
    application.setDesktopFileName("studio")
    # Hidden while it says goodbye to the recorder, the window must not end the application.
    application.setQuitOnLastWindowClosed(False)
    return application


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="studio", description="Open the studio's window.")
    parser.add_argument("recording", nargs="?", type=Path, help="a recording to show")
    parser.add_argument("--report-layout", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--report-pictures", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args(list(arguments))
