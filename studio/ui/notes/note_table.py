"""All notes as a table: sorted, filtered, edited in its cells. Holds no note: it looks at `SessionNotes`."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor

from studio.errors import TimeTextError
from studio.formats.notes import Note, Track
from studio.timing import TIME_MAX, TimeInterval
from studio.ui.notes.note_look import note_colour
from studio.ui.notes.session_notes import SessionNotes
from studio.ui.panels.time_text import elapsed_text, span_text, wall_text
from studio.ui.theme import Theme
from studio.ui.timeline.time_entry import TimeContext, parse_duration, parse_time

Index = QModelIndex | QPersistentModelIndex

FIXED = ("Time", "Duration", "Track", "Text")
TIME, DURATION, TRACK, TEXT = range(len(FIXED))
REFRESH_MS = 50
"""Changes that come quickly after each other are shown together."""
ID_ROLE = Qt.ItemDataRole.UserRole


class NoteTable(QAbstractTableModel):
    """One row for each note that the filter finds."""

    edited = Signal(object, object)  # Note before and after
    refused = Signal(str)  # why what was typed means nothing
    refreshed = Signal()

    def __init__(self, theme: Theme, notes: SessionNotes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._notes = theme, notes
        self._rows: list[Note] = []
        self._columns: tuple[str, ...] = FIXED
        self._tracks: dict[str, tuple[int, Track]] = {}
        self._filter = ""
        self._order, self._descending = TIME, False
        self.origin_time = 0
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    # What is in it --------------------------------------------------------------------------------------

    @property
    def notes(self) -> list[Note]:
        """From top to bottom."""
        return self._rows

    @Slot()
    def want_refresh(self) -> None:
        """Something is otherwise: show it soon."""
        if not self._timer.isActive():
            self._timer.start()

    @Slot(str)
    def set_filter(self, text: str) -> None:
        """Show only notes that say all of these words somewhere."""
        self._filter = text
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what is noted now."""
        self._tracks = {track.name: (place, track) for place, track in enumerate(self._notes.tracks)}
        attributes = (a.name for _, track in self._tracks.values() for a in track.attributes)
        columns = (*FIXED, *dict.fromkeys(attributes))
        rows = self._sorted(self._notes.by_time())
        if columns == self._columns and [n.id for n in rows] == [n.id for n in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(columns) - 1))
            return
        self.beginResetModel()
        self._rows, self._columns = rows, columns
        self.endResetModel()
        self.refreshed.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By this column; equal ones by time."""
        self._order, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self.refresh()

    def note_at(self, row: int) -> Note:
        """The note of a row."""
        return self._rows[row]

    def row_of(self, id: str) -> int:
        """The row of a note; -1: it is not shown."""
        return next((row for row, note in enumerate(self._rows) if note.id == id), -1)

    def choices(self, index: Index) -> tuple[str, ...]:
        """What a cell may be; empty: any text."""
        if index.column() == TRACK:
            return tuple(self._tracks)
        _, track = self._tracks.get(self._rows[index.row()].track, (0, Track("")))
        name = self._columns[index.column()]
        found = next((a for a in track.attributes if a.name == name), None)
        if index.column() <= TEXT or found is None or not found.choices:
            return ()
        return ("", *(choice.value for choice in found.choices))

    def _found(self, notes: list[Note]) -> list[Note]:
        words = self._filter.casefold().split()
        return [note for note in notes if _says(note, words)] if words else notes

    def _sorted(self, notes: list[Note]) -> list[Note]:
        by_time = self._found(notes)
        column = self._columns[self._order] if self._order < len(self._columns) else FIXED[TIME]
        if column == FIXED[TIME]:
            return by_time[::-1] if self._descending else by_time
        if column == FIXED[DURATION]:
            return sorted(by_time, key=lambda note: note.end_time - note.time, reverse=self._descending)
        return sorted(by_time, key=lambda note: _text(note, column).casefold(), reverse=self._descending)

    # What Qt asks ---------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 (Qt's name)
        """Notes."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 (Qt's name)
        """Four, and one for each attribute."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """What a column is about."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """All of it can be typed."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell."""
        note = self._rows[index.row()]
        if role == Qt.ItemDataRole.EditRole and index.column() <= DURATION:
            return self._exact(note, index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._cell(note, index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == TRACK:
            place, track = self._tracks.get(note.track, (0, Track(note.track)))
            return QColor(note_colour(note, track, place, self._theme))
        if role == Qt.ItemDataRole.ToolTipRole:
            return wall_text(note.time) if index.column() <= DURATION else self._cell(note, index.column())
        return note.id if role == ID_ROLE else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """A cell was edited: tell what the note shall be."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        note, text = self._rows[index.row()], str(value)
        if index.column() <= DURATION:
            try:
                after = self._placed(note, index.column(), text)
            except TimeTextError as error:
                self.refused.emit(str(error))
                return False
        elif index.column() == TRACK:
            after = replace(note, track=text or note.track)
        elif index.column() == TEXT:
            after = replace(note, text=text)
        else:
            name = self._columns[index.column()]
            values = {key: kept for key, kept in note.values.items() if key != name}
            after = replace(note, values=values | {name: text} if text else values)
        if after != note:
            self.edited.emit(note, after)
        return True

    def _exact(self, note: Note, column: int) -> str:
        """A time as it is edited: nothing of it is rounded away."""
        span = note.time - self.origin_time if column == TIME else note.end_time - note.time
        whole, _, decimals = elapsed_text(span, 9).partition(".")
        return "" if column == DURATION and note.is_moment else f"{whole}.{decimals.rstrip('0'):0<3}"

    def _placed(self, note: Note, column: int, typed: str) -> Note:
        """A note at another time, or as long as that. Raises TimeTextError."""
        if typed.strip() == self._exact(note, column):
            return note
        if column == DURATION:
            duration = parse_duration(typed) if typed.strip() else 0
            return replace(note, end_time=min(note.time + duration, TIME_MAX))
        origin = self.origin_time
        time = parse_time(typed, TimeContext(origin, origin, TimeInterval(note.time, note.end_time)))
        return replace(note, time=time, end_time=min(time + note.end_time - note.time, TIME_MAX))

    def _cell(self, note: Note, column: int) -> str:
        if column == TIME:
            return elapsed_text(note.time - self.origin_time)
        if column == DURATION:
            return "" if note.is_moment else span_text(note.end_time - note.time)
        return _text(note, self._columns[column])


def _text(note: Note, column: str) -> str:
    if column == FIXED[TRACK]:
        return note.track
    return note.text if column == FIXED[TEXT] else note.values.get(column, "")


def _says(note: Note, words: list[str]) -> bool:
    said = " ".join((note.track, note.text, *note.values.values())).casefold()
    return all(word in said for word in words)
