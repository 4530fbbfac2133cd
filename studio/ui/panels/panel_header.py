"""The left column of a panel: dot, name, rate, health in words, and the values at the cursor.

Of a panel that stands beside others it is one line above the plot.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.ui.painting import painting
from studio.ui.panels.header_text import HeaderText, LegendLine
from studio.ui.panels.stream_health import Health
from studio.ui.theme import Theme, figures_font

WIDTH = 200
WIDEST = 16_777_215
"""As wide as a widget can be."""
MARGIN = 8
DOT = 8
SWATCH = 12
CLICK_PIXELS = 4
_ROLES = {Health.ALIVE: "ok", Health.WAITING: "warning", Health.DEAD: "error", Health.STORED: "muted"}


class PanelHeader(QWidget):
    """Shows a `HeaderText`; lines for which there is no room are counted, and left to the tooltip."""

    legend_clicked = Signal(str)  # the key of the line

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = HeaderText("")
        self._lines: list[tuple[QRectF, str]] = []
        """Where the legend lines that can be clicked were drawn."""
        self._pressed_at: QPointF | None = None
        self._is_line = False
        self.setFixedWidth(WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self._on_theme_changed)

    @property
    def text(self) -> HeaderText:
        """What is shown."""
        return self._text

    def show_text(self, text: HeaderText) -> None:
        """Show this from now on."""
        if text != self._text:
            self._text = text
            self.setToolTip(text.tooltip)
            self.update()

    def show_as_line(self, is_line: bool) -> None:
        """One line as wide as the panel, or a column at its left."""
        self._is_line = is_line
        self.setMinimumWidth(0 if is_line else WIDTH)
        self.setMaximumWidth(WIDEST if is_line else WIDTH)
        if is_line:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        else:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """As high as its one line, where it is one."""
        return QSize(WIDTH, self.fontMetrics().height() + MARGIN) if self._is_line else super().sizeHint()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()

    def key_at(self, position: QPointF) -> str:
        """The key of the legend line there; empty: none."""
        return next((key for room, key in self._lines if room.contains(position)), "")

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A press may become a click on the legend, or be meant for whoever moves panels."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A click on a line of the legend."""
        pressed, self._pressed_at = self._pressed_at, None
        if pressed is not None and (event.position() - pressed).manhattanLength() <= CLICK_PIXELS:
            key = self.key_at(pressed)
            if key:
                self.legend_clicked.emit(key)

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """One line below the other, as far as there is room."""
        with painting(self) as painter:
            if self._is_line:
                self._paint_line(painter)
            else:
                self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self._theme.colour("raised"))
        self._lines = []
        bold = QFont(self.font())
        bold.setBold(True)
        line = painter.fontMetrics().height() + 2
        top = min(MARGIN, max(2, (self.height() - line) // 2))
        title_top, small = top, figures_font(self.font(), scale=0.88)
        self._draw_dot(painter, top + line / 2)
        lone, legend = self._lone_value()
        room = int((self.height() - top) // line) - 1
        for text, role in self._second_lines(room - len(legend)):
            top += line
            if top + line > self.height():
                break
            # A value on its own shares the line of the rate: a low panel has room for two lines only.
            taken = self._draw_legend(painter, top, line, lone, small) if lone and role == "muted" else 0
            self._draw_line(painter, top, line, text, small, role, taken=taken)
        left_out = len(legend)
        for entry in legend:
            top += line
            if top + line > self.height():
                break
            self._draw_legend(painter, top, line, entry, small)
            left_out -= 1
        taken = self._draw_left_out(painter, title_top, line, left_out, small)
        name = self._name_for(bold, taken)
        self._draw_line(painter, title_top, line, name, bold, "text", indent=DOT + MARGIN, taken=taken)

    def _paint_line(self, painter: QPainter) -> None:
        """The name at the left; at the right what is wrong, else the values, else the rate."""
        painter.fillRect(self.rect(), self._theme.colour("raised"))
        self._lines = []
        bold, small = QFont(self.font()), figures_font(self.font(), scale=0.88)
        bold.setBold(True)
        line = painter.fontMetrics().height() + 2
        top = (self.height() - line) / 2
        self._draw_dot(painter, top + line / 2)
        name_room = min(
            QFontMetrics(bold).horizontalAdvance(self._text.name) + 2 * MARGIN, self.width() * 2 // 3
        )
        taken = max(0, self.width() - name_room - 2 * MARGIN - DOT)
        self._draw_line(
            painter, top, line, self._name_for(bold, taken), bold, "text", indent=DOT + MARGIN, taken=taken
        )
        health = self._text.health
        text = health.text or self._values_for(small, taken - MARGIN) or self._text.detail
        role = _ROLES[health.health] if health.text else "muted"
        indent = self.width() - taken - MARGIN
        self._draw_line(painter, top, line, text, small, role, indent=indent, at_right=True)

    def _values_for(self, font: QFont, room: int) -> str:
        """The first values that have room beside each other; one at least, if there are any."""
        values = [f"{one.name} {one.value}".strip() for one in self._text.legend]
        metrics = QFontMetrics(font)
        while len(values) > 1 and metrics.horizontalAdvance("   ".join(values)) > room:
            values.pop()
        return "   ".join(values)

    def _draw_left_out(self, painter: QPainter, top: float, line: int, count: int, font: QFont) -> int:
        """How many lines of the legend have no room, beside the name; returns the pixels it took."""
        if not count:
            return 0
        painter.setFont(font)
        painter.setPen(self._theme.colour("muted"))
        text, room = f"+{count}", QRectF(MARGIN, top, self.width() - 2 * MARGIN, line)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        return painter.fontMetrics().horizontalAdvance(text) + MARGIN

    def _name_for(self, font: QFont, taken: int) -> str:
        """The name; where it is too long, what tells the streams of one device apart."""
        name, room = self._text.name, self.width() - 3 * MARGIN - DOT - taken
        too_long = QFontMetrics(font).horizontalAdvance(name) > room
        return f"…/{name.rpartition('/')[2]}" if too_long and "/" in name else name

    def _second_lines(self, room: int) -> list[tuple[str, str]]:
        """Health first where it is bad; the rate gives way to the values of many channels."""
        text, health = self._text, self._text.health
        words = [(health.text, _ROLES[health.health])] if health.text else []
        gives_way = len(text.legend) > 1 and len(words) >= room
        return words + ([(text.detail, "muted")] if text.detail and not gives_way else [])

    def _draw_dot(self, painter: QPainter, y: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(_ROLES[self._text.health.health]))
        painter.drawEllipse(QPointF(MARGIN + DOT / 2, y), DOT / 2, DOT / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_line(
        self,
        painter: QPainter,
        top: float,
        line: int,
        text: str,
        font: QFont,
        role: str,
        *,
        indent: int = 0,
        taken: int = 0,
        at_right: bool = False,
    ) -> None:
        painter.setFont(font)
        painter.setPen(self._theme.colour(role))
        left = MARGIN + indent
        room = QRectF(left, top, self.width() - left - MARGIN - taken, line)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _lone_value(self) -> tuple[LegendLine | None, tuple[LegendLine, ...]]:
        legend, detail = self._text.legend, self._text.detail
        if len(legend) == 1 and not legend[0].name and legend[0].is_short and detail:
            return legend[0], ()
        return None, legend

    def _draw_legend(self, painter: QPainter, top: float, line: int, row: LegendLine, font: QFont) -> int:
        """Value at the right edge, colour and name at the left; returns the pixels the value took."""
        painter.setFont(font)
        metrics = painter.fontMetrics()
        left = float(MARGIN)
        if row.key:
            self._lines.append((QRectF(0, top, self.width(), line), row.key))
        if row.name and row.colour >= 0:
            self._draw_swatch(painter, QRectF(left, top + line / 2 - 1.5, SWATCH, 3), row)
            left += SWATCH + 6
        room = QRectF(left, top, self.width() - left - MARGIN, line)
        value = metrics.elidedText(row.value, Qt.TextElideMode.ElideRight, int(room.width()))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self._theme.colour("muted" if row.hidden else "text"))
        side = Qt.AlignmentFlag.AlignRight if row.name or row.is_short else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, side | middle, value)
        taken = metrics.horizontalAdvance(value) + MARGIN
        room.setWidth(room.width() - taken)
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, int(max(0, room.width())))
        painter.setPen(self._theme.colour("muted"))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | middle, name)
        return taken

    def _draw_swatch(self, painter: QPainter, room: QRectF, row: LegendLine) -> None:
        colour = self._theme.stream_colour(row.colour)
        if row.hidden:
            painter.setPen(QPen(colour, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(room.adjusted(0.5, -0.5, -0.5, 0.5))
        else:
            painter.fillRect(room, colour)
