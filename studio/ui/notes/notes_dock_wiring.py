"""Connects the table of notes and the editor of tracks with the notes and the rest of the window."""

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from studio.app.status import Severity
from studio.host.protocol import ExportNotes
from studio.ui.notes.note_deeds import NoteDeeds
from studio.ui.notes.session_notes import SessionNotes

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow
    from studio.ui.notes.track_dialog import TrackDialog


class NotesDockWiring(QObject):
    """All connections of the table of notes in one window."""

    def __init__(self, window: "MainWindow", notes: SessionNotes, deeds: NoteDeeds) -> None:
        super().__init__(window)
        self._window, self._notes, self._deeds = window, notes, deeds
        self.dialog: TrackDialog | None = None
        dock = self._dock = window.notes_dock
        dock.show_notes(notes)
        dock.go_wanted.connect(deeds.go_to)
        dock.deletion_wanted.connect(deeds.edits.remove)
        dock.tracks_wanted.connect(self.edit_tracks)
        dock.export_wanted.connect(self._export)
        if dock.table is not None:
            dock.table.edited.connect(deeds.edits.change)
            dock.table.refused.connect(window.messages.tell_warning)
        window.timeline.recordings_changed.connect(self._on_recordings_changed)

    @Slot()
    def _on_recordings_changed(self) -> None:
        table, navigator = self._dock.table, self._window.timeline.navigator
        if table is not None and table.origin_time != navigator.origin_time:
            table.origin_time = navigator.origin_time
            table.want_refresh()

    @Slot()
    def edit_tracks(self) -> None:
        """Open the editor of tracks."""
        if not self._notes.home:
            return
        if self.dialog is None:
            from studio.ui.notes.track_dialog import TrackDialog

            self.dialog = TrackDialog(self._window.theme, self._notes, self._deeds.edits, self._window)
            self.dialog.failed.connect(self._window.messages.tell_error)
            self.dialog.finished.connect(self._on_dialog_finished)
        self.dialog.show()
        self.dialog.raise_()

    @Slot()
    def _on_dialog_finished(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()

    @Slot()
    def _export(self) -> None:
        home = PurePath(self._notes.home)
        suggested = str(home.with_name(f"{home.stem}.notes.csv"))
        dialog = QFileDialog(self._window, "Export notes", suggested, "Tables (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(suggested)
        dialog.fileSelected.connect(self.export_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def export_to(self, target: str) -> None:
        """Write all notes to a CSV file."""
        messages, origin = self._window.messages, self._window.timeline.navigator.origin_time
        self._window.bridge.ask(
            ExportNotes(self._notes.paths, target, origin),
            lambda count: messages.tell(Severity.NOTE, f"{count} notes were written to {target}."),
            messages.tell_error,
        )
