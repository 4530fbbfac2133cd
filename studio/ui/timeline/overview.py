"""The overview strip: the whole session with its view window and selection, both to be dragged.

Paints and turns the mouse into moves of the navigator; what it hints at is asked for by `OverviewData`.
"""

from PySide6.QtCore import QEvent, QLineF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from studio.app.answers import Marks
from studio.formats.signal import SignalWindow
from studio.host.protocol import Query, ReadMarks, ReadWindow
from studio.timing import TimeInterval, Timestamp
from studio.ui.painting import painting
from studio.ui.panels.questions import Questions, Reader
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.theme import Theme
from studio.ui.timeline.navigator import Navigator
from studio.ui.timeline.overview_ground import OverviewGround
from studio.ui.timeline.overview_hint import Hint, hint_of_marks, hint_of_signal, hinted_stream
from studio.ui.timeline.overview_parts import OverviewParts, Part
from studio.ui.timeline.session import Session
from studio.ui.timeline.time_mouse import CLICK_PIXELS, WHEEL_UNIT, ZOOM_PER_STEP

HEIGHT = 44
MARK_LIMIT = 2000
SHADE_ALPHA = 150

_EDGES = (Part.WINDOW_LEFT, Part.WINDOW_RIGHT, Part.SELECTION_LEFT, Part.SELECTION_RIGHT)


class Overview(QWidget):
    """The strip above the ruler."""

    session_changed = Signal()  # another is shown, or the same has become longer

    def __init__(
        self, theme: Theme, navigator: Navigator, reader: Reader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("timeline_overview")
        self._theme, self._navigator, self._reader = theme, navigator, reader
        self._session: Session | None = None
        self._hint: Hint | None = None
        self._ground = OverviewGround()
        self._part = Part.NOTHING
        self._offset = self._pressed_x = 0.0
        self._anchor_time: Timestamp | None = None
        self._is_click = False
        self._questions = Questions(reader, self._take_answer, _ignore_words)
        self.hint_name = ""
        """Of the stream that is hinted at; `session_changed` tells a new one, too."""
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setToolTip(
            "The whole session. Drag the window or its edges to move or zoom the view, "
            "click to go somewhere, drag with Shift to select."
        )
        navigator.changed.connect(self._on_changed)
        theme.changed.connect(self._on_changed)

    @property
    def parts(self) -> OverviewParts | None:
        """What lies where; None: nothing is shown."""
        view = self._navigator.view
        if view is None or view.is_live:
            return None
        axis = TimeAxis(view.first, view.last, max(1, self.width()))
        return OverviewParts(axis, view, self._navigator.selection)

    @property
    def hint(self) -> Hint | None:
        """The bars that are drawn."""
        return self._hint

    def show_session(self, session: Session | None) -> None:
        """Hint at this session from now on."""
        if session is None or self._session is None or session.paths != self._session.paths:
            self._hint = None
        self._session = session
        # Anew: the hint may have been dropped, or be that of the stream before it grew.
        self._ask(anew=True)
        self.session_changed.emit()
        self.update()

    def close_questions(self) -> None:
        """Drop answers still on their way. Idempotent."""
        self._questions.close()

    def _ask(self, *, anew: bool = False) -> None:
        parts = self.parts
        found = None if self._session is None else hinted_stream(self._session)
        if parts is None or found is None or not self.width():
            return  # not laid out yet: it is asked when there is room to show the answer
        (ref, stream), axis = found, parts.axis
        self.hint_name = ref.name
        if stream.format.kind.is_sampled:
            query: Query = ReadWindow(ref.path, ref.name, axis.left, axis.right, axis.width)
        else:
            query = ReadMarks(ref.path, ref.name, axis.left, axis.right, MARK_LIMIT)
        self._questions.want(query, anew=anew)

    def _take_answer(self, answer: SignalWindow | Marks) -> None:
        parts = self.parts
        if parts is None:
            return
        if isinstance(answer, Marks):
            self._hint = hint_of_marks(answer, parts.axis)
        else:
            self._hint = hint_of_signal(answer, parts.axis)
        self.update()

    @Slot()
    def _on_changed(self) -> None:
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """The hint needs a bar for each pixel."""
        super().resizeEvent(event)
        self._ask()

    # Painting -------------------------------------------------------------------------------------------

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Ground, hint, selection, shade outside of the view, window, cursor."""
        with painting(self) as painter:
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(0, 0, self._ground.picture(self._hint, self._theme, self.size(), ratio))
            parts = self.parts
            if parts is None:
                return
            self._draw_selection(painter, parts)
            self._draw_window(painter, parts)
            self._draw_cursor(painter, parts)

    def _draw_selection(self, painter: QPainter, parts: OverviewParts) -> None:
        if parts.selection is None:
            return
        left, right = parts.axis.x_of(parts.selection.left), parts.axis.x_of(parts.selection.right)
        colour = self._theme.colour("accent")
        colour.setAlpha(70)
        painter.fillRect(QRectF(left, 0, max(1.0, right - left), self.height()), colour)
        painter.setPen(QPen(self._theme.colour("accent"), 1))
        for x in (left, right):
            painter.drawLine(QLineF(round(x) + 0.5, 0, round(x) + 0.5, self.height()))

    def _draw_window(self, painter: QPainter, parts: OverviewParts) -> None:
        left, right = parts.window
        shade = QColor(self._theme.colour("background"))
        shade.setAlpha(SHADE_ALPHA)
        painter.fillRect(QRectF(0, 0, max(0.0, left), self.height()), shade)
        painter.fillRect(QRectF(right, 0, max(0.0, self.width() - right), self.height()), shade)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.colour("text"), 1))
        left, right = max(0.5, left), min(right, self.width() - 0.5)
        frame = QRectF(left, 0.5, right - left, self.height() - 1)
        painter.drawRoundedRect(frame, 2, 2)
        for x in (frame.left(), frame.right()):
            middle = self.height() / 2
            painter.fillRect(QRectF(x - 1.5, middle - 7, 3, 14), self._theme.colour("text"))

    def _draw_cursor(self, painter: QPainter, parts: OverviewParts) -> None:
        time = self._navigator.cursor_time
        if time is not None:
            x = round(parts.axis.x_of(time)) + 0.5
            painter.setPen(QPen(self._theme.colour("accent"), 1))
            painter.drawLine(QLineF(x, 0, x, self.height()))

    # Mouse ----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A part is taken."""
        parts, x = self.parts, event.position().x()
        if parts is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed_x, self._is_click = x, True
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._part, self._anchor_time = Part.NOTHING, parts.axis.time_at(x)
            return
        self._part = parts.part_at(x)
        self._anchor_time = parts.other_end(self._part)
        self._offset = x - parts.axis.x_of(parts.view.left)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """The part is dragged; without a button, the shape of the pointer tells what there is."""
        parts, x = self.parts, event.position().x()
        if parts is None:
            return
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._show_grip(parts.part_at(x))
            return
        self._is_click = self._is_click and abs(x - self._pressed_x) <= CLICK_PIXELS
        if self._is_click:
            return
        if self._anchor_time is not None:
            time = parts.axis.time_at(min(max(x, 0.0), self.width()))
            start, end = sorted((time, self._anchor_time))
            self._navigator.set_selection(TimeInterval(start, end))
        elif self._part is not Part.NOTHING:
            self._navigator.move(parts.dragged(self._part, x, self._offset))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A click beside the window brings it there, and the cursor."""
        parts, x = self.parts, event.position().x()
        if parts is not None and self._is_click and self._anchor_time is None:
            if self._part is Part.NOTHING:
                self._navigator.move(parts.centred(x))
            self._navigator.move_cursor(parts.axis.time_at(x))
        self._part, self._anchor_time, self._is_click = Part.NOTHING, None, False

    def mouseDoubleClickEvent(self, _: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """All of the session."""
        self._navigator.zoom_session()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Zooms about the time under the pointer."""
        parts, steps = self.parts, event.angleDelta().y() / WHEEL_UNIT
        if parts is not None and steps:
            about = parts.axis.time_at(event.position().x())
            inside = min(max(about, parts.view.left), parts.view.right)
            self._navigator.zoom(ZOOM_PER_STEP**-steps, inside)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Nothing is under the pointer."""
        super().leaveEvent(event)
        self._show_grip(Part.NOTHING)

    def _show_grip(self, part: Part) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if part in _EDGES:
            shape = Qt.CursorShape.SplitHCursor
        elif part is Part.WINDOW:
            shape = Qt.CursorShape.OpenHandCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)


def _ignore_words(_: str) -> None:
    """A file that cannot be read is told by every panel already."""
