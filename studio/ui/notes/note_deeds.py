"""What keys, menus and the mouse do with notes: make, edit, go to, delete. Shows no table and no dialog."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Signal, Slot

from studio.formats.notes import MARKERS, Note
from studio.timing import Clock, TimeInterval, monotonic_ns
from studio.ui.notes.markers import Markers
from studio.ui.notes.note_editor import NoteEditor
from studio.ui.notes.note_edits import NoteEdits
from studio.ui.notes.note_strip import NoteStrip
from studio.ui.notes.session_notes import SessionNotes
from studio.ui.panels.panel import PLOT_LEFT
from studio.ui.timeline.live_clock import LiveClock
from studio.ui.transport_view import Pending

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow

FIRST_TRACK = "Notes"
SELECT_FIRST = "Select something first (drag with Shift); then N makes a note of it."
NOTHING_TO_NOTE = "Open or begin a recording first; then there is something to note."
NOT_BEGUN = "The recording did not begin, so what was marked for it is not kept."
MARKED_UNSEEN = "The marker is in the recording that is being made, not in the one on screen."


class NoteDeeds(QObject):
    """All that can be done with notes in one window."""

    said = Signal(str)  # what a user should know
    failed = Signal(str)

    def __init__(self, window: "MainWindow", notes: SessionNotes, strip: NoteStrip, clock: Clock) -> None:
        super().__init__(window)
        self._window, self._notes, self._strip = window, notes, strip
        self.edits = NoteEdits(notes, window.undo, clock)
        self.markers = Markers(window.bridge, notes, self)
        self.editor = NoteEditor(window.timeline)
        self._clock = LiveClock()
        self._texts: dict[str, tuple[str, dict[str, str]] | None] = {}
        """Of markers that the recorder has not written yet: what was typed meanwhile."""
        self._marked_paths: dict[str, str] = {}
        """Of the same: into which recording they were dropped."""
        self._early_marks: list[tuple[int, str]] = []
        """Of a recording that is being started: monotonic times and texts."""
        window.bridge.status_changed.connect(self._on_status)
        self.markers.written.connect(self._on_marker_written)
        self.markers.failed.connect(self.failed)
        self.editor.accepted.connect(self._on_edited)
        self.editor.closed.connect(window.timeline.setFocus)
        strip.plot.dragged.connect(self._on_dragged)
        strip.plot.select_wanted.connect(self.select)

    @property
    def recorded_path(self) -> str:
        """The file that is being recorded; empty: none."""
        transport = self._window.transport
        status = transport.status
        return status.path if status is not None and transport.view.recording else ""

    @property
    def is_starting(self) -> bool:
        """Whether a recording was asked for that has not begun yet."""
        return self._window.transport.situation.pending is Pending.START and not self.recorded_path

    @property
    def picked(self) -> Note | None:
        """The note that keys are about."""
        return self._notes.note(self._strip.plot.picked_id)

    @property
    def track(self) -> str:
        """To which track new notes come."""
        names = [track.name for track in self._notes.tracks]
        if self._strip.names.current in names:
            return self._strip.names.current
        return next((name for name in names if name != MARKERS), FIRST_TRACK)

    # Making ---------------------------------------------------------------------------------------------

    @Slot()
    def mark(self, text: str = "") -> None:
        """Drop a marker: into what is being recorded or about to be, else at the cursor."""
        monotonic, path = monotonic_ns(), self.recorded_path
        if path:
            self._mark_recording(path, monotonic, text)
            return
        if self.is_starting:
            self._early_marks.append((monotonic, text))
            return
        cursor = self._window.timeline.navigator.cursor_time
        if not self._notes.home or cursor is None:
            self.said.emit(NOTHING_TO_NOTE)
            return
        self._show_new(self.edits.add(MARKERS, TimeInterval(cursor, cursor), text), edit=not text)

    def drop_early_marks(self) -> None:
        """Drop what was marked before the recording had begun; the recorder puts it at its beginning."""
        if self.is_starting:
            return
        marks, self._early_marks = self._early_marks, []
        path = self.recorded_path
        if marks and not path:
            self.said.emit(NOT_BEGUN)
            return
        for monotonic, text in marks:
            self._mark_recording(path, monotonic, text)

    def _mark_recording(self, path: str, monotonic: int, text: str) -> None:
        marker = self.markers.drop(path, time=self._clock.now(monotonic), monotonic=monotonic, text=text)
        self._texts[marker.id] = None
        self._marked_paths[marker.id] = path
        if path not in self._notes.paths:
            self.said.emit(MARKED_UNSEEN)
        elif not text:
            self.edit(marker, for_a_while=True)

    @Slot()
    def add(self) -> None:
        """A note of what is selected."""
        selection = self._window.timeline.navigator.selection
        if not self._notes.home:
            self.said.emit(NOTHING_TO_NOTE)
        elif selection is None:
            self.said.emit(SELECT_FIRST)
        else:
            self._show_new(self.edits.add(self.track, selection), edit=True)

    def _show_new(self, note: Note | None, *, edit: bool) -> None:
        if note is not None:
            self._strip.plot.pick(note.id)
            if edit:
                self.edit(note)

    # Changing -------------------------------------------------------------------------------------------

    def edit(self, note: Note, *, for_a_while: bool = False) -> None:
        """Let its words and values be typed beside it."""
        strip, timeline = self._strip, self._window.timeline
        place = strip.plot.place_of(note)
        at = strip.mapTo(timeline, QPoint(PLOT_LEFT + round(place.left()), strip.height() + 2))
        self.editor.edit(note, self._notes.track(note.track), at, for_a_while=for_a_while)

    @Slot()
    def edit_picked(self) -> None:
        """Edit the note that is picked."""
        if self.picked is not None:
            self.edit(self.picked)

    @Slot()
    def delete_picked(self) -> None:
        """Delete the note that is picked."""
        if self.picked is not None:
            self.edits.remove([self.picked.id])
            self._strip.plot.pick("")

    @Slot()
    def fit_to_selection(self) -> None:
        """The note that is picked is about what is selected."""
        note, selection = self.picked, self._window.timeline.navigator.selection
        if note is not None and selection is not None:
            self.edits.change(note, replace(note, time=selection.left, end_time=selection.right))

    def move_to_track(self, note: Note, track: str) -> None:
        """The note is on another track."""
        self.edits.change(note, replace(note, track=track))

    @Slot(object, object)
    def _on_dragged(self, before: Note, after: Note) -> None:
        self.edits.change(before, after, "move of a note")

    @Slot(object, str, object)
    def _on_edited(self, note: Note, text: str, values: dict[str, Any]) -> None:
        if note.id in self._texts:
            self._texts[note.id] = (text, values)
            return
        known = self._notes.note(note.id)
        if known is not None:
            self.edits.change(known, replace(known, text=text, values=values), "words of a note")

    @Slot(object)
    def _on_marker_written(self, marker: Note) -> None:
        self.edits.note_added(marker, self._marked_paths.pop(marker.id))
        typed = self._texts.pop(marker.id, None)
        if typed is not None:
            self._on_edited(marker, *typed)

    # Going ----------------------------------------------------------------------------------------------

    @Slot(object)
    def select(self, note: Note) -> None:
        """Select the stretch of a note; a moment only gets the cursor."""
        navigator = self._window.timeline.navigator
        if note.is_moment:
            navigator.move_cursor(note.time)
        else:
            navigator.set_selection(note.interval)

    def go_to(self, note: Note) -> None:
        """Pick a note; cursor and selection go there."""
        navigator = self._window.timeline.navigator
        navigator.set_selection(None if note.is_moment else note.interval)
        navigator.move_cursor(note.time)
        self._strip.plot.pick(note.id)

    @Slot()
    def go_back(self) -> None:
        """To the note before."""
        self._step(-1)

    @Slot()
    def go_on(self) -> None:
        """To the next note."""
        self._step(1)

    def _step(self, direction: int) -> None:
        cursor = self._window.timeline.navigator.cursor_time
        picked = self.picked
        if picked is None and cursor is None:
            return
        key = (picked.time, picked.end_time, picked.id) if picked else (cursor or 0, 0, "")
        rows = self._notes.all_rows()
        found = [row.after(key) if direction > 0 else row.before(key) for row in rows]
        there = sorted((n for n in found if n), key=lambda note: (note.time, note.end_time, note.id))
        if there:
            self.go_to(there[0] if direction > 0 else there[-1])

    @Slot(object)
    def _on_status(self, status: Any) -> None:
        self._clock.take_status(status, monotonic_ns())
