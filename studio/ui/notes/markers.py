"""Markers dropped into what is being recorded: seen at once, written by the recorder."""

from PySide6.QtCore import QObject, Signal

from studio.app.notes import new_id
from studio.formats.notes import MARKERS, Note
from studio.host.protocol import DropMarker
from studio.timing import Timestamp
from studio.ui.bridge import Bridge
from studio.ui.notes.session_notes import SessionNotes


class Markers(QObject):
    """Sends the moment of a key to the recorder, which knows its own time best."""

    written = Signal(object)  # Note as the recorder wrote it
    failed = Signal(str)

    def __init__(self, bridge: Bridge, notes: SessionNotes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._notes = bridge, notes

    def drop(self, path: str, *, time: Timestamp, monotonic: int, text: str = "") -> Note:
        """Mark `monotonic` in the recording at `path`; `time` is about when that was."""
        marker = Note(id=new_id(), track=MARKERS, time=time, end_time=time, text=text, written=time)
        self._notes.show_early(path, marker)

        def take(note: Note) -> None:
            self._notes.show_early(path, note)
            self.written.emit(note)

        def fail(text: str) -> None:
            self._notes.read_anew(path)
            self.failed.emit(f"The marker was not written. {text}")

        self._bridge.send(DropMarker(marker.id, monotonic, text), take, fail)
        return marker
