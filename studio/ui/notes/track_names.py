"""The left column of the notes panel: the tracks with their colours, and what is picked of them."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.ui.notes.note_look import track_colour
from studio.ui.notes.session_notes import SessionNotes
from studio.ui.painting import painting
from studio.ui.panels.panel import PLOT_LEFT
from studio.ui.panels.panel_header import WIDTH
from studio.ui.theme import Theme

MARGIN = 8
SWATCH = 10


class TrackNames(QWidget):
    """One line for each track; the track that new notes come to is bold."""

    chosen = Signal(str)  # name of the track that new notes shall come to
    edit_wanted = Signal()
    menu_wanted = Signal(object, object)  # None, QPoint of the screen

    def __init__(self, theme: Theme, notes: SessionNotes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notes_tracks")
        self._theme, self._notes = theme, notes
        self.row_height = 24
        self.current = ""
        self.setFixedWidth(PLOT_LEFT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setToolTip("Tracks of notes. A click: new notes come here. A double click: edit the tracks.")
        theme.changed.connect(self._on_changed)
        notes.changed.connect(self._on_changed)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """The width of the headers of panels."""
        return QSize(PLOT_LEFT, self.row_height)

    @Slot()
    def _on_changed(self) -> None:
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Swatch, name, count."""
        with painting(self) as painter:
            theme, height = self._theme, self.row_height
            painter.fillRect(self.rect(), theme.colour("background"))
            painter.fillRect(QRectF(0, 0, WIDTH, self.height()), theme.colour("raised"))
            tracks = self._notes.tracks
            if not tracks:
                painter.setPen(theme.colour("muted"))
                room = QRectF(MARGIN, 0, WIDTH - 2 * MARGIN, height)
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, "Notes")
            for place, track in enumerate(tracks):
                top = place * height
                swatch = QRectF(MARGIN, top + (height - SWATCH) / 2, SWATCH, SWATCH)
                painter.fillRect(swatch, track_colour(track, place, theme))
                font = self.font()
                font.setBold(track.name == self.current)
                painter.setFont(font)
                painter.setPen(theme.colour("text"))
                count = str(sum(len(row.notes) for row in self._notes.rows(track.name)))
                taken = painter.fontMetrics().horizontalAdvance(count) + MARGIN
                left = 2 * MARGIN + SWATCH
                room = QRectF(left, top, WIDTH - left - MARGIN - taken, height)
                name = painter.fontMetrics().elidedText(
                    track.name, Qt.TextElideMode.ElideRight, int(room.width())
                )
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
                painter.setPen(theme.colour("muted"))
                right = QRectF(WIDTH - MARGIN - taken, top, taken, height)
                painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A track is chosen."""
        tracks, at = self._notes.tracks, int(event.position().y() // self.row_height)
        if event.button() == Qt.MouseButton.LeftButton and 0 <= at < len(tracks):
            self.current = tracks[at].name
            self.chosen.emit(self.current)
            self.update()

    def mouseDoubleClickEvent(self, _: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """The tracks shall be edited."""
        self.edit_wanted.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 (Qt's name)
        """A menu is wanted."""
        self.menu_wanted.emit(None, event.globalPos())
        event.accept()
