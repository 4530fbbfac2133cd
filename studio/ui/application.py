"""Makes the window and everything it needs, and runs it until it is closed; `start` comes before.

The composition root of the window process, which imports neither h5py, cv2 nor sounddevice: they live in the
other processes, reached through the bridge.
"""

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtWidgets import QApplication

from studio.app.settings import Settings
from studio.host.client import RecorderClient
from studio.host.devices_client import DevicesClient
from studio.host.reader_client import ReaderClient
from studio.host.roles import StartedRole
from studio.host.run_directory import RunDirectory
from studio.host.shared_clock import shared_clock
from studio.timing import Clock
from studio.ui.bridge import Bridge, Links, RecorderCallbacks, RecorderLink
from studio.ui.first_look.first_link import FirstLink
from studio.ui.garbage import GarbageOnThisThread
from studio.ui.main_window import MainWindow
from studio.ui.messages import Messages
from studio.ui.playback.painted_log import PaintedLog
from studio.ui.settings.choices import Choices
from studio.ui.theme import Theme
from studio.ui.wiring import Wiring

_log = logging.getLogger(__name__)

CATALOG_LIMIT_S = 15.0
"""So long a folder may give no sign of life; each look at it takes a fraction of a second."""


def run(
    application: QApplication,
    links: Links,
    *,
    begun: Callable[[MainWindow], None],
    theme: Theme | None = None,
    report_pictures: Path | None = None,
) -> int:
    """Show the window; returns the exit code when it has been closed. `begun` gets it when it is shown."""
    clock = shared_clock(RunDirectory.open())
    window = make_window(application, links, Settings.load(), clock, theme)
    window.closed.connect(application.quit)
    report_surprises(window.messages)
    if report_pictures is not None:
        window.playback.display.log_to(PaintedLog(report_pictures, window))
    garbage = GarbageOnThisThread(application)
    garbage.begin()
    window.show()
    begun(window)
    try:
        return application.exec()
    finally:
        window.leave()
        garbage.end()


def make_window(
    application: QApplication, links: Links, settings: Settings, clock: Clock, theme: Theme | None = None
) -> MainWindow:
    """The window, connected and working, not yet shown; `theme` is one that is applied already."""
    if theme is None:
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


def host_links(recorder: StartedRole | None = None, first: FirstLink | None = None) -> Links:
    """The real connections to the other processes.

    `recorder` is one that was started ahead, `first` a link to one that ran already.
    """
    reader = ReaderClient()
    return Links(
        recorder=first.hand_over if first is not None else lambda heard: _recorder_link(heard, recorder),
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
