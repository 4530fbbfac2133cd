"""The panel of notes on the timeline: names of the tracks, and their rows on the time axis."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from studio.ui.notes.note_plot import NotePlot
from studio.ui.notes.session_notes import SessionNotes
from studio.ui.notes.track_names import TrackNames
from studio.ui.theme import Theme

MOST_ROWS = 6
"""More tracks than that are scrolled."""
GAP = 4
"""Pixels to the panel below, as between panels."""


class NoteStrip(QScrollArea):
    """As high as it has tracks, up to a limit."""

    def __init__(self, theme: Theme, notes: SessionNotes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notes_strip")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setViewportMargins(0, 0, 0, GAP)
        self.setStyleSheet("#notes_strip { background: transparent; }")
        self.plot = NotePlot(theme, notes)
        self.names = TrackNames(theme, notes)
        self._inside = QWidget()
        row = QHBoxLayout(self._inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.names)
        row.addWidget(self.plot, 1)
        self.setWidget(self._inside)
        notes.changed.connect(self._fit)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """On the border to the panel below: the menu of the tracks, a wish that scroll areas drop."""
        if isinstance(event, QContextMenuEvent):
            self.names.menu_wanted.emit(None, event.globalPos())
            event.accept()
            return True
        return super().event(event)

    @Slot()
    def _fit(self) -> None:
        rows, height = self.plot.row_count, self.plot.row_height
        self.names.row_height = height
        self._inside.setFixedHeight(rows * height)
        self.setFixedHeight(min(rows, MOST_ROWS) * height + GAP)
