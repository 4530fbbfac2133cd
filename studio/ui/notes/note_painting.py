"""Draws the notes of one track that are in view: bars with words, moments as ticks, crowds as a carpet.

What is drawn never grows with the number of notes: one that shares its pixels with another is drawn with it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from studio.formats.notes import Note
from studio.ui.notes.note_index import NoteRow
from studio.ui.notes.note_look import note_words
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.theme import Theme

MOST_SINGLE = 600
"""More notes than that in one row are drawn without words, each pixel once."""
BAR_ALPHA = 110
CARPET_ALPHA = 150
MARGIN = 4
LEAST_TEXT = 14
"""Pixels below which words are left away."""
FAR = 16.0
"""Pixels outside of the plot at which bars are cut: far ends would lose digits in the paint engine."""


@dataclass(frozen=True, slots=True)
class RowLook:
    """How one row is drawn."""

    top: float
    height: float
    axis: TimeAxis
    colour_of: Callable[[Note], str]
    carpet: str
    """Colour of what is drawn without looking at each note."""
    picked: str = ""
    """Id of the note that is picked."""


def draw_row(painter: QPainter, row: NoteRow, look: RowLook, theme: Theme) -> None:
    """Draw what is in view of a row."""
    seen = row.seen(look.axis.left, look.axis.right)
    if len(seen) > MOST_SINGLE:
        _draw_carpet(painter, row, seen, look)
        picked = [n for n in seen if look.picked and row.notes[n].id == look.picked]
        seen = np.array(picked, np.intp)
    notes = [row.notes[n] for n in seen]
    starts = [look.axis.x_of(note.time) for note in notes]
    for n, note in enumerate(notes):
        following = starts[n + 1] if n + 1 < len(starts) else float(look.axis.width)
        _draw_note(painter, note, look, theme, following)


def _draw_carpet(
    painter: QPainter, row: NoteRow, seen: "np.ndarray[tuple[int], np.dtype[np.intp]]", look: RowLook
) -> None:
    """Every pixel column that a note covers, once."""
    axis, width = look.axis, look.axis.width
    lefts = np.clip(axis.xs_of(row.starts[seen]), 0, width).astype(np.int64)
    rights = np.clip(axis.xs_of(row.ends[seen]), 0, width).astype(np.int64)
    steps = np.zeros(width + 2, np.int64)
    np.add.at(steps, lefts, 1)
    np.add.at(steps, rights + 1, -1)
    covered = np.flatnonzero(np.cumsum(steps)[: width + 1] > 0)
    colour = QColor(look.carpet)
    colour.setAlpha(CARPET_ALPHA)
    painter.setPen(QPen(colour, 1))
    top, bottom = look.top + 4, look.top + look.height - 4
    painter.drawLines([QLineF(x + 0.5, top, x + 0.5, bottom) for x in covered.tolist()])


def _draw_note(painter: QPainter, note: Note, look: RowLook, theme: Theme, following: float) -> None:
    axis, colour = look.axis, QColor(look.colour_of(note))
    left = max(axis.x_of(note.time), -FAR)
    right = min(axis.x_of(note.end_time), axis.width + FAR)
    is_picked = note.id == look.picked
    room = QRectF(left, look.top + 2.5, max(1.0, right - left), look.height - 5)
    if right - left >= 2:
        _draw_bar(painter, room, colour, theme, is_picked=is_picked)
        text_left, text_right = max(left, 0.0) + MARGIN, min(right, following) - 2
    else:
        _draw_tick(painter, round(left) + 0.5, look, colour, theme, is_picked=is_picked)
        text_left, text_right = left + MARGIN + 3, following - 3
    words = note_words(note)
    if words and text_right - text_left >= LEAST_TEXT:
        space = QRectF(text_left, look.top, text_right - text_left, look.height)
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(space.width()))
        painter.setPen(theme.colour("text"))
        painter.drawText(space, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _draw_bar(painter: QPainter, room: QRectF, colour: QColor, theme: Theme, *, is_picked: bool) -> None:
    fill = QColor(colour)
    fill.setAlpha(BAR_ALPHA)
    painter.setBrush(fill)
    painter.setPen(QPen(theme.colour("text"), 2) if is_picked else QPen(colour, 1))
    painter.drawRoundedRect(room, 3, 3)


def _draw_tick(
    painter: QPainter, x: float, look: RowLook, colour: QColor, theme: Theme, *, is_picked: bool
) -> None:
    top, bottom = look.top + 2, look.top + look.height - 2
    painter.setPen(QPen(theme.colour("text") if is_picked else colour, 2 if is_picked else 1))
    painter.drawLine(QLineF(x, top, x, bottom))
    painter.setPen(QPen(theme.colour("text"), 1) if is_picked else Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRect(QRectF(x - 2.5, top, 5, 5))
