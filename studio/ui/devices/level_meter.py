"""Shows the level of a microphone: a bar, the peak mark, figures. Paints only what it is told."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.timing import monotonic_ns
from studio.ui import readable
from studio.ui.devices.peak import Peak, fraction
from studio.ui.painting import painting
from studio.ui.theme import Theme, figures_font

BAR_HEIGHT = 8
HOT_DB = -6.0
CLIPPING_DB = -0.5
"""From here on the sound is being cut: a fault, so it is red."""


class LevelMeter(QWidget):
    """One meter, from -60 dB of full scale to 0."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._level: float | None = None
        self._peak = Peak()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_level(self, level: float | None) -> None:
        """The newest level, dB of full scale; None: silence."""
        self._level = level
        self._peak = self._peak.lifted(level, monotonic_ns())
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """As high as a line of text."""
        return QSize(160, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The figures and a little of the bar."""
        return QSize(96, self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw bar, mark and figures."""
        with painting(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(figures_font(self.font(), scale=0.92))
        room = painter.fontMetrics().horizontalAdvance(readable.level(-88.0)) + 8
        bar = QRectF(0, (self.height() - BAR_HEIGHT) / 2, self.width() - room, BAR_HEIGHT)
        self._paint_bar(painter, bar)
        painter.setPen(self._theme.colour("muted" if self._level is None else "text"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), right, readable.level(self._level))

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("raised"))
        painter.drawRoundedRect(bar, 2, 2)
        peak = self._peak.at(monotonic_ns())
        filled = QRectF(bar)
        filled.setWidth(bar.width() * fraction(self._level))
        painter.setBrush(self._theme.colour(_role(self._level if self._level is not None else peak)))
        painter.drawRoundedRect(filled, 2, 2)
        if fraction(peak) > 0:
            at = bar.left() + (bar.width() - 2) * fraction(peak)
            painter.setBrush(self._theme.colour(_role(peak)))
            painter.drawRect(QRectF(at, bar.top() - 2, 2, bar.height() + 4))


def _role(level: float) -> str:
    if level >= CLIPPING_DB:
        return "error"
    return "warning" if level >= HOT_DB else "ok"
