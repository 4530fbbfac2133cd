"""Writes where every named widget stands on the screen, for tests that click like a user (decision 37)."""

import json
import os
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

DELAY_MS = 50
# A wish for a layout is none: what it moves is told, and numbers that change wish for one all the time.
_CAUSES = {
    QEvent.Type.Resize,
    QEvent.Type.Move,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.EnabledChange,
    QEvent.Type.WindowActivate,
}
MOST_DELAYS = 40
"""So often it is waited that a window gets the keyboard: a screen may have no window manager."""


class LayoutReport(QObject):
    """Keeps a JSON file: object name to `[x, y, width, height]` in pixels of the screen."""

    def __init__(self, application: QApplication, path: Path) -> None:
        super().__init__(application)
        self._path = path
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._timer.timeout.connect(self._write_when_heard)
        self._delays = 0
        self._written: dict[str, list[int]] | None = None
        application.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Notice that something may have moved."""
        if event.type() in _CAUSES:
            self._timer.start()
        return False

    @Slot()
    def _write_when_heard(self) -> None:
        """What is named may be typed into at once, so it is not named before keys would reach it."""
        if not _has_keyboard() and self._delays < MOST_DELAYS:
            self._delays += 1
            self._timer.start()
            return
        self._delays = 0
        self.write()

    def write(self) -> None:
        """Write the file, complete or not at all; not if it says so already."""
        found = rectangles()
        if found == self._written:
            return
        unfinished = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        unfinished.write_text(json.dumps(found, indent=1), encoding="utf-8")
        unfinished.replace(self._path)
        self._written = found


def _has_keyboard() -> bool:
    """Whether a key pressed now comes to the window that a person would expect it to reach."""
    active, modal = QApplication.activeWindow(), QApplication.activeModalWidget()
    return active is not None and modal in (None, active)


def rectangles() -> dict[str, list[int]]:
    """All visible widgets that have a name of ours."""
    # Not QApplication.allWidgets(): it also hands out widgets that are half destroyed, and crashes.
    windows = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    widgets = [widget for window in windows for widget in (window, *window.findChildren(QWidget))]
    return {widget.objectName(): _rectangle(widget) for widget in widgets if _can_be_clicked(widget)}


def _can_be_clicked(widget: QWidget) -> bool:
    name = widget.objectName()
    ours = bool(name) and not name.startswith("qt_")
    return ours and widget.isVisible() and not widget.visibleRegion().isEmpty()


def _rectangle(widget: QWidget) -> list[int]:
    corner = widget.mapToGlobal(QPoint(0, 0))
    scale = widget.devicePixelRatioF()
    return [round(value * scale) for value in (corner.x(), corner.y(), widget.width(), widget.height())]
