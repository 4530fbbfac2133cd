"""Plays what is looked at of a recording that is still being made: opens it there, selects that and plays it.

The live view holds some minutes in rings and plays nothing; the file has all of it. "Live view" leads back.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from studio.timing import TimeInterval

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow


class LookBack(QObject):
    """Answers to the wish to play while the live view is shown and something is recorded."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._wanted: tuple[str, TimeInterval] | None = None
        """What is being opened, and what of it is to be played."""
        action = window.actions_by_name["play_from_start"]
        action.triggered.connect(self._on_wanted)
        window.timeline.page.bar.play_button.setDefaultAction(action)
        window.stage.opened.connect(self._on_opened)
        # After the bar of playback, which knows recordings only.
        for changed in (window.playback.changed, window.transport.view_changed, window.stage.opened):
            changed.connect(self._refresh)
        self._refresh()

    @property
    def _path(self) -> str:
        """What is being recorded while the live view is shown; empty: nothing, or something else is shown."""
        transport, view = self._window.transport, self._window.timeline.navigator.view
        status = transport.status
        is_live = view is not None and view.is_live and not self._window.stage.shows_recording
        return status.path if is_live and status is not None and transport.view.recording else ""

    @Slot()
    def _on_wanted(self) -> None:
        path, view, status = self._path, self._window.timeline.navigator.view, self._window.transport.status
        if path and view is not None and status is not None:
            # What was seen before the recording began is not in it.
            left = max(view.left, status.started_time)
            self._wanted = (path, TimeInterval(left, max(left, view.right)))
            self._window.stage.show_recording(path)

    @Slot(str)
    def _on_opened(self, path: str) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None or wanted[0] != path:
            return
        navigator = self._window.timeline.navigator
        extent, interval = navigator.extent, wanted[1]
        if extent is None:
            return
        left, right = max(interval.left, extent.left), min(interval.right, extent.right)
        if left < right:  # else nothing of it has come to the disk yet: play what has
            navigator.set_selection(TimeInterval(left, right))
            navigator.zoom_selection()
        self._window.playback.play_from_start()

    @Slot()
    def _refresh(self) -> None:
        is_possible = bool(self._path)
        self._window.timeline.page.bar.play_button.setVisible(is_possible)
        if is_possible:
            self._window.actions_by_name["play_from_start"].setEnabled(True)
