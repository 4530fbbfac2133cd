"""Shows the text of one message in full: it can be scrolled, selected and copied."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from studio.ui.painting import painting
from studio.ui.panels import plot_paper
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme

MARGIN = 8


class TextPlot(QWidget):
    """The plot of one stream of texts; the ground around the text belongs to the time axis."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._frame: TimeFrame | None = None
        self._words = ""
        self._dimmed = False
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("panel_text")
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.viewport().installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(self.text)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self._on_theme_changed)

    def take_text(self, text: str) -> None:
        """Show this; what was selected stays selected while it is the same."""
        if text != self.text.toPlainText():
            self.text.setPlainText(text)

    def take_words(self, text: str, *, dimmed: bool) -> None:
        """Words instead of the text (empty: none)."""
        if (text, dimmed) != (self._words, self._dimmed):
            self._words, self._dimmed = text, dimmed
            self.text.setVisible(not text)
            self.update()

    def show_frame(self, frame: TimeFrame) -> None:
        """The cursor line moves behind the text; the text itself comes by `take_text`."""
        self._frame = frame
        self.update()

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """The wheel scrolls the text and, at its end, nothing: the time axis must not jump then."""
        if not isinstance(event, QWheelEvent) or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        bar = self.text.verticalScrollBar()
        by = event.angleDelta().y()
        at_end = bar.value() == (bar.minimum() if by > 0 else bar.maximum())
        if at_end and bar.maximum() > bar.minimum():
            event.accept()
            return True
        return False

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Ground, cursor, words."""
        with painting(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        plot_paper.draw_ground(painter, self, self._theme)
        if self._frame is not None:
            plot_paper.draw_cursor(painter, self, self._theme, self._frame)
        if self._words:
            role = "error" if self._dimmed else "muted"
            plot_paper.draw_words(painter, self, self._theme, self._words, role)
