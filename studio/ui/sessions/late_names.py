"""What a session is called while it is being recorded already: applied when the recording has ended.

A session that is being written is never moved, so a name that is typed meanwhile has to wait.
"""

from collections.abc import Callable
from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from studio.app.session_entries import SessionChange, SessionEntry
from studio.ui.sessions.session_edits import SessionEdits

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow


class LateNames(QObject):
    """Watches the lines of the tool bar while something is recorded."""

    def __init__(self, window: "MainWindow", edits: SessionEdits) -> None:
        super().__init__(window)
        self._window, self._edits = window, edits
        self._name: str | None = None
        self._participant: str | None = None
        self._folder = PurePath()
        """Of the session that is recorded, or was last."""
        window.toolbar.session_name.textEdited.connect(self._on_name_edited)
        window.toolbar.participant.textEdited.connect(self._on_participant_edited)
        window.transport.recording_started.connect(self._on_recording_started)

    def settle(self, recording: str, then: Callable[[str], None]) -> None:
        """The recording has ended: call its session as was typed; `then` is called with where it is now."""
        name, participant = (self._name or "").strip(), self._participant
        self._name = self._participant = None
        session = self._session_of(recording)
        if participant is not None and participant.strip() != session.participant:
            self._edits.describe(session, SessionChange(participant=participant.strip()))
        if not name:
            then(recording)
            return
        within = PurePath(recording).relative_to(session.path)
        self._edits.rename(session, name, lambda path: then(str(PurePath(path) / within)))

    def _session_of(self, recording: str) -> SessionEntry:
        found = self._window.sessions_dock.session_at(recording)
        if found is not None and not found.loose:
            return found
        folder = PurePath(recording).parent
        return SessionEntry(str(folder), folder.name)

    @Slot(str)
    def _on_name_edited(self, text: str) -> None:
        if self._window.transport.view.recording:
            self._name = text

    @Slot(str)
    def _on_participant_edited(self, text: str) -> None:
        if self._window.transport.view.recording:
            self._participant = text

    @Slot(str)
    def _on_recording_started(self, path: str) -> None:
        before, self._folder = self._folder, PurePath(path).parent
        if self._folder != before:  # else a recorder died, and its session goes on: what was typed stands
            self._name = self._participant = None
