"""A real window on a virtual screen, driven by events, and timed until what they ask for has been painted."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from studio.app.settings import Settings
from studio.host.devices_client import DevicesClient
from studio.host.reader_client import ReaderClient
from studio.host.run_directory import RunDirectory
from studio.host.shared_clock import shared_clock
from studio.ui.application import make_window
from studio.ui.bridge import Links
from studio.ui.garbage import GarbageOnThisThread
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.time_axis import TimeAxis

TIMEOUT_S = 30.0


class NoRecorder:
    """In place of the recorder: nothing is recorded here, and its process would cost time."""

    def open(self) -> None:
        """Nobody answers."""

    def request(self, _command: object) -> "Future[object]":
        """An answer never comes."""
        return Future()

    def close(self) -> None:
        """Nobody is left."""


class Paints(QObject):
    """Counts what is painted of the widgets it watches."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Look on."""
        self.count += event.type() == QEvent.Type.Paint
        return False


class ReviewWindow:
    """The window and the clock."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        self.application = application
        self.reader = ReaderClient()
        links = Links(recorder=lambda _: NoRecorder(), reader=self.reader, devices=DevicesClient)
        settings = Settings(recordings_folder=str(folder / "none"), ticked=(), first_start=False)
        self.window = make_window(application, links, settings, shared_clock(RunDirectory.open()))
        self.window.resize(1280, 800)
        self._garbage = GarbageOnThisThread(application)
        self._garbage.begin()  # as the application does before it shows its window
        self.window.show()
        self.timeline = self.window.timeline

    def pump(self, seconds: float) -> None:
        """Let the window live for a while."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.application.processEvents()
            time.sleep(0.0005)

    def until(self, condition: Callable[[], bool], what: str) -> float:
        """Seconds until something is so."""
        began = time.perf_counter()
        while not condition():
            self.application.processEvents()
            if time.perf_counter() - began > TIMEOUT_S:
                raise TimeoutError(f"waited {TIMEOUT_S:.0f} s for {what}")
        return time.perf_counter() - began

    def first_picture(self, path: Path) -> float:
        """Seconds from the wish to see a session until a picture of it has been painted."""
        began = time.perf_counter()
        self.window.stage.show_session((str(path),))
        self.until(lambda: bool(self.pictures()), "panels")
        plot = self.pictures()[0]
        self.until(lambda: plot.picture_time > 0, "a picture")
        self.painted_after(plot, plot.update, lambda: True)
        return time.perf_counter() - began

    def pictures(self) -> list[PicturePlot]:
        """The plots of films."""
        return [panel.plot for panel in self.timeline.panels if isinstance(panel.plot, PicturePlot)]

    def painted_after(
        self, widget: QWidget, act: Callable[[], object], condition: Callable[[], bool]
    ) -> None:
        """Act, and return when the widget has been painted while the condition held."""
        paints = Paints()
        widget.installEventFilter(paints)
        act()
        self.until(condition, "the move")
        self.until(lambda: paints.count > 0, "painting")
        widget.removeEventFilter(paints)

    def turn_wheel(self, widget: QWidget, x: float, steps: float, *, sideways: bool = False) -> None:
        """The event as the X server's plug-in would send it."""
        place = QPointF(x, widget.height() / 2)
        turned = QPoint(round(-120 * steps), 0) if sideways else QPoint(0, round(120 * steps))
        event = QWheelEvent(
            place,
            QPointF(widget.mapToGlobal(place.toPoint())),
            QPoint(),
            turned,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.postEvent(widget, event)

    def axis(self) -> TimeAxis | None:
        """What the panels show."""
        frame = self.timeline.frame
        return None if frame is None else frame.axis

    def memory(self) -> tuple[float, float]:
        """Megabytes of this process and of the reader."""
        own = psutil.Process()
        readers = [child for child in own.children(recursive=True) if "reader" in child.cmdline()]
        read = max((reader.memory_info().rss for reader in readers), default=0)
        return own.memory_info().rss / 1e6, read / 1e6

    def close(self) -> None:
        """End the window and its processes."""
        self.window.leave()
        self.pump(0.1)
        self._garbage.end()
