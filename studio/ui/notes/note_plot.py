"""The rows of notes on the time axis: painted, picked, dragged.

Changes no note: it tells what is wanted.
"""

from functools import partial

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.formats.notes import Note, Track
from studio.ui.notes.note_grip import Grip, Part, distance, grip_of
from studio.ui.notes.note_index import NoteRow
from studio.ui.notes.note_look import note_colour, note_words, track_colour
from studio.ui.notes.note_painting import RowLook, draw_row
from studio.ui.notes.session_notes import SessionNotes
from studio.ui.painting import painting
from studio.ui.panels import plot_paper
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme

HIT_PIXELS = 6.0
CLICK_PIXELS = 3.0
ROW_PADDING = 9
"""Pixels a row is higher than its words."""
HINTS_APART = "      "


class NotePlot(QWidget):
    """All tracks, one row each."""

    picked = Signal(str)  # id of a note; empty: none
    dragged = Signal(object, object)  # Note before and after
    select_wanted = Signal(object)  # Note whose stretch shall be selected
    menu_wanted = Signal(object, object)  # Note or None, QPoint of the screen

    def __init__(self, theme: Theme, notes: SessionNotes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notes_plot")
        self._theme, self._notes = theme, notes
        self._frame: TimeFrame | None = None
        self._grip: Grip | None = None
        self._pressed_x = 0.0
        self._preview: Note | None = None
        self.picked_id = ""
        self.words = ""
        """Shown where there is no note."""
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self._on_changed)
        notes.changed.connect(self._on_changed)

    @property
    def row_height(self) -> int:
        """Pixels of a track."""
        return self.fontMetrics().height() + ROW_PADDING

    @property
    def row_count(self) -> int:
        """At least one, since the panel is always there."""
        return max(1, len(self._notes.tracks))

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """As high as its rows."""
        return QSize(400, self.row_height * self.row_count)

    def take_mouse(self) -> None:
        """See what the mouse does before whoever else watches; to be called after the others began to."""
        self.installEventFilter(self)

    def show_frame(self, frame: TimeFrame) -> None:
        """Draw this stretch of time."""
        self._frame = frame
        self.update()

    def pick(self, id: str) -> None:
        """This note is the one that keys are about; empty: none is."""
        if id != self.picked_id:
            self.picked_id = id
            self.update()
            self.picked.emit(id)

    def place_of(self, note: Note) -> QRectF:
        """Where a note is drawn, at least partly in view."""
        axis = None if self._frame is None else self._frame.axis
        names = [track.name for track in self._notes.tracks]
        if axis is None or note.track not in names:
            return QRectF()
        left, right = (min(max(axis.x_of(time), 0.0), axis.width) for time in (note.time, note.end_time))
        return QRectF(left, names.index(note.track) * self.row_height, right - left, self.row_height)

    def track_at(self, y: float) -> str:
        """The name of the track there; empty: none."""
        tracks, at = self._notes.tracks, int(y // self.row_height)
        return tracks[at].name if 0 <= at < len(tracks) else ""

    def note_at(self, position: QPointF) -> Note | None:
        """The note there; of several, the nearest and shortest."""
        if self._frame is None:
            return None
        axis, x = self._frame.axis, position.x()
        left, right = axis.time_at(x - HIT_PIXELS), axis.time_at(x + HIT_PIXELS)
        found = [
            row.notes[n]
            for row in self._notes.rows(self.track_at(position.y()))
            for n in row.seen(left, right)
        ]
        return min(found, key=lambda note: (distance(note, x, axis), note.end_time - note.time), default=None)

    # Painting -------------------------------------------------------------------------------------------

    @Slot()
    def _on_changed(self) -> None:
        self.updateGeometry()
        self.update()

    def _words_with_room(self) -> str:
        """Of what keys do, as much as there is room for: half a hint is none."""
        hints, measure = self.words.split(HINTS_APART), self.fontMetrics()
        while hints and measure.horizontalAdvance(HINTS_APART.join(hints)) > self.width():
            hints.pop()
        return HINTS_APART.join(hints)

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Ground, grid, rows, cursor."""
        with painting(self) as painter:
            plot_paper.draw_ground(painter, self, self._theme)
            frame = self._frame
            if frame is None:
                return
            plot_paper.draw_time_grid(painter, self, self._theme, frame)
            self._draw_rows(painter, frame.axis)
            plot_paper.draw_cursor(painter, self, self._theme, frame)
            if self.words and not self._notes.tracks:
                painter.setPen(self._theme.colour("muted"))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words_with_room())

    def _draw_rows(self, painter: QPainter, axis: TimeAxis) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        height, theme = self.row_height, self._theme
        for place, track in enumerate(self._notes.tracks):
            look = RowLook(
                top=place * height,
                height=height,
                axis=axis,
                colour_of=partial(_colour_of, track, place, theme),
                carpet=track_colour(track, place, theme),
                picked=self.picked_id,
            )
            if place:
                painter.fillRect(QRectF(0, look.top, self.width(), 1), theme.colour("grid"))
            for row in self._notes.rows(track.name):
                draw_row(painter, row, look, theme)
            if self._preview is not None and self._preview.track == track.name:
                draw_row(painter, NoteRow((self._preview,)), look, theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    # Mouse ----------------------------------------------------------------------------------------------

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """What is done to a note; all else is left to the timeline."""
        if not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            return self._press(event)
        if kind == QEvent.Type.MouseMove and self._grip is not None:
            self._drag(event.position().x())
            return True
        if kind == QEvent.Type.MouseButtonRelease and self._grip is not None:
            self._release()
            return True
        if kind == QEvent.Type.MouseButtonDblClick:
            note = self.note_at(event.position())
            if note is not None:
                self._grip = self._preview = None
                self.select_wanted.emit(note)
            return note is not None
        return False

    def _press(self, event: QMouseEvent) -> bool:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() != Qt.MouseButton.LeftButton or shift or self._frame is None:
            return False
        note = self.note_at(event.position())
        self.pick("" if note is None else note.id)
        if note is None:
            return False
        self._pressed_x = event.position().x()
        self._grip = grip_of(note, self._pressed_x, self._frame.axis)
        return True

    def _drag(self, x: float) -> None:
        if self._grip is None or self._frame is None:
            return
        if self._preview is None and abs(x - self._pressed_x) <= CLICK_PIXELS:
            return
        self._preview = self._grip.dragged_to(self._frame.axis.time_at(x))
        self.update()

    def _release(self) -> None:
        grip, preview = self._grip, self._preview
        self._grip = self._preview = None
        if grip is not None and preview is not None:
            self.dragged.emit(grip.note, preview)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Without a button, pointer and tooltip tell what there is."""
        note = self.note_at(event.position())
        if note is None or self._frame is None:
            self.setToolTip("")
            return
        part = grip_of(note, event.position().x(), self._frame.axis).part
        self.setCursor(Qt.CursorShape.OpenHandCursor if part is Part.BODY else Qt.CursorShape.SizeHorCursor)
        self.setToolTip(note_words(note))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 (Qt's name)
        """A menu is wanted."""
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            note = self.note_at(QPointF(event.pos()))
            if note is not None:
                self.pick(note.id)
            self.menu_wanted.emit(note, event.globalPos())
        event.accept()


def _colour_of(track: Track, place: int, theme: Theme, note: Note) -> str:
    return note_colour(note, track, place, theme)
