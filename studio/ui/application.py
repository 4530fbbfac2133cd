"""Makes the window and everything it needs, and runs it until it is closed.

The composition root of the window process, which imports neither h5py, cv2 nor sounddevice: they live in the
other processes, reached through the bridge.
"""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from studio.app.settings import Settings
from studio.host.client import RecorderClient
from studio.host.devices_client import DevicesClient
from studio.host.freed_memory import give_freed_memory_back
from studio.host.reader_client import ReaderClient
from studio.host.roles import StartedRole
from studio.host.run_directory import RunDirectory
from studio.host.shared_clock import shared_clock
from studio.host.window_instance import WindowInstance
from studio.timing import Clock
from studio.ui.bridge import Bridge, Links, RecorderCallbacks, RecorderLink
from studio.ui.garbage import GarbageOnThisThread
from studio.ui.layout_report import LayoutReport
from studio.ui.main_window import MainWindow
from studio.ui.messages import Messages
from studio.ui.painting_threads import paint_alone_on_few_processors
from studio.ui.playback.painted_log import PaintedLog
from studio.ui.settings.choices import Choices
from studio.ui.termination import Termination
from studio.ui.theme import Theme
from studio.ui.wiring import Wiring

_log = logging.getLogger(__name__)

CATALOG_LIMIT_S = 15.0
"""So long a folder may give no sign of life; each look at it takes a fraction of a second."""


class SecondStart(QObject):
    """Carries the wish of a second start from its thread to the window."""

    requested = Signal()


def run_window(arguments: Sequence[str] = (), recorder: StartedRole | None = None) -> int:
    """Show the window; returns the exit code when it has been closed.

    `recorder` is one that was started ahead; it outlives the window.
    """
    try:
        return _run_only_window(_parse(arguments), host_links(recorder))
    finally:
        if recorder is not None:
            recorder.let_go()


def _run_only_window(options: argparse.Namespace, links: Links) -> int:
    application = make_application()
    directory = RunDirectory.open()
    second_start = SecondStart(application)
    instance = WindowInstance.claim(directory, second_start.requested.emit)
    if instance is None:
        return 0  # the window that was there shows itself
    try:
        return _run(application, options, second_start, links, shared_clock(directory))
    finally:
        instance.close()


def _run(
    application: QApplication,
    options: argparse.Namespace,
    second_start: "SecondStart",
    links: Links,
    clock: Clock,
) -> int:
    if options.report_layout is not None:
        LayoutReport(application, options.report_layout)
    window = make_window(application, links, Settings.load(), clock)
    termination = Termination(window)
    termination.requested.connect(window.closing.finish_and_close)
    window.closed.connect(application.quit)
    second_start.requested.connect(window.come_forward)
    report_surprises(window.messages)
    if options.report_pictures is not None:
        window.playback.display.log_to(PaintedLog(options.report_pictures, window))
    garbage = GarbageOnThisThread(application)
    garbage.begin()
    window.show()
    if options.recording is not None:
        window.stage.show_recording(str(options.recording.resolve()))
    try:
        return application.exec()
    finally:
        termination.close()
        window.leave()
        garbage.end()


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


def make_window(application: QApplication, links: Links, settings: Settings, clock: Clock) -> MainWindow:
    """The window, connected and working, not yet shown."""
    theme = Theme(settings.theme, application)
    theme.apply(application)
    bridge = Bridge(links, application)
    window = MainWindow(bridge=bridge, theme=theme, choices=Choices(settings, application), clock=clock)
    window.restore()
    Wiring(window).begin()
    return window


def report_surprises(messages: Messages) -> None:
    """Show what no one caught, instead of losing it; the details go to the log."""

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.error("not caught in the window", exc_info=(kind, error, trace))
        messages.tell_error(
            f"Something went wrong in this window ({kind.__name__}: {error}). Recording goes on."
        )

    sys.excepthook = tell


def host_links(recorder: StartedRole | None = None) -> Links:
    """The real connections to the other processes; `recorder`: one that was started ahead."""
    reader = ReaderClient()
    return Links(
        recorder=lambda callbacks: _recorder_link(callbacks, recorder),
        reader=reader,
        openings=reader,
        devices=DevicesClient,
        catalog=ReaderClient(time_limit_s=CATALOG_LIMIT_S),
    )


def _recorder_link(callbacks: RecorderCallbacks, started: StartedRole | None) -> RecorderLink:
    return RecorderClient(
        on_status=callbacks.on_status,
        on_lost=callbacks.on_lost,
        on_connected=callbacks.on_connected,
        started=started,
    )


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="studio", description="Open the studio's window.")
    parser.add_argument("recording", nargs="?", type=Path, help="a recording to show")
    parser.add_argument("--report-layout", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--report-pictures", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args(list(arguments))
