"""Decides what the middle of the window shows: the live view, an opened recording, or an invitation.

Owns which recordings are open. The timeline draws; nothing here knows how.
"""

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QStackedWidget

from studio.app.status import RecorderStatus
from studio.formats.recording import RecordingInfo
from studio.ui.bridge import Bridge
from studio.ui.empty_state import EmptyState
from studio.ui.timeline.growth import Growth
from studio.ui.timeline.opening import Opening
from studio.ui.timeline.timeline import Timeline
from studio.ui.transport import Transport


class Wanted(Enum):
    """What the user wants to look at."""

    LIVE = auto()
    RECORDING = auto()


class Stage(QObject):
    """Switches the pages of the middle."""

    failed = Signal(str)  # why a recording cannot be shown
    opened = Signal(str)  # a recording is shown from now on: its path; empty: live

    def __init__(
        self,
        *,
        bridge: Bridge,
        transport: Transport,
        pages: QStackedWidget,
        timeline: Timeline,
        empty: EmptyState,
    ) -> None:
        super().__init__(pages)
        self._bridge = bridge
        self._transport = transport
        self._pages = pages
        self._timeline = timeline
        self._empty = empty
        self._wanted = Wanted.LIVE
        self._opening: Opening | None = None
        self.growth = Growth(bridge, timeline.take_recordings, self)
        self.growth.failed.connect(self.failed)
        self.growth.noted.connect(timeline.noted)
        timeline.recordings_changed.connect(self._on_recordings_changed)
        bridge.status_changed.connect(self._on_status_changed)
        transport.view_changed.connect(self._refresh)
        transport.recording_started.connect(self._on_recording_started)

    @property
    def shows_recording(self) -> bool:
        """Whether a stored recording is shown or on its way."""
        return self._wanted is Wanted.RECORDING

    @Slot()
    def show_live(self) -> None:
        """Show what the devices see now."""
        self._wanted = Wanted.LIVE
        self._stop_opening()
        self.opened.emit("")
        self._refresh()

    @Slot(str)
    def show_recording(self, path: str) -> None:
        """Open a recording and show it; what is shown stays until the answer comes."""
        self.show_session((path,))

    def show_session(self, paths: Sequence[str]) -> None:
        """Open the partitions of a session and show them on one axis."""
        self._stop_opening()
        self._opening = Opening(self._bridge, paths, self._on_opened, self.failed.emit)

    def refresh_recordings(self, added: Sequence[str] = ()) -> None:
        """A partition of the session on screen was replaced, or `added` to it."""
        shown = [info.path for info in self._timeline.recordings]
        if shown and self.shows_recording:
            self._stop_opening()
            self._opening = Opening(
                self._bridge, [*shown, *added], self._timeline.take_recordings, self.failed.emit
            )

    @Slot()
    def _on_recordings_changed(self) -> None:
        self.growth.watch(self._timeline.recordings)

    def _stop_opening(self) -> None:
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None

    def _on_opened(self, infos: tuple[RecordingInfo, ...]) -> None:
        self._wanted = Wanted.RECORDING
        self._timeline.show_session(infos)
        self._pages.setCurrentWidget(self._timeline)
        # Home, End, plus and minus are meant for what was just opened.
        self._timeline.setFocus()
        self.opened.emit(infos[0].path)

    @Slot(str)
    def _on_recording_started(self, _path: str) -> None:
        self.show_live()

    @Slot(object)
    def _on_status_changed(self, _status: RecorderStatus) -> None:
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        if self._wanted is Wanted.RECORDING:
            return
        status = self._transport.status
        if status is not None and self._transport.view.live and status.devices:
            self._timeline.show_live(status)
            if self._pages.currentWidget() is not self._timeline:
                self._pages.setCurrentWidget(self._timeline)
                if QApplication.focusWidget() is None:
                    self._timeline.setFocus()
        else:
            if self._pages.currentWidget() is not self._empty:
                self._timeline.show_empty()
            self._pages.setCurrentWidget(self._empty)
