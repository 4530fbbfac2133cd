"""What "Measure now" has found: how long the replies took, as bars and in words."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.app.clock_sync import ClockMeasurement
from studio.timing import Duration
from studio.ui.painting import painting
from studio.ui.sync.clock_texts import bound_text, offset_text, span_text
from studio.ui.sync.section import column, hint, show_text
from studio.ui.theme import Theme

BARS = 24
HEIGHT = 40


def histogram(round_trips: tuple[Duration, ...], bars: int = BARS) -> tuple[int, ...]:
    """How many replies fall into each of equally wide parts between the shortest and the longest."""
    counts = [0] * bars
    if round_trips:
        low, high = min(round_trips), max(round_trips)
        for round_trip in round_trips:
            counts[min(bars - 1, (round_trip - low) * bars // max(1, high - low))] += 1
    return tuple(counts)


def measurement_words(measurement: ClockMeasurement) -> str:
    """`16 of 16 replies, round trip 190 to 430 µs, offset +3.500 s, ± 180 µs`."""
    trips = measurement.round_trips
    words = [f"{len(trips)} of {measurement.asked} replies"]
    if trips:
        words.append(f"round trip {span_text(min(trips))} to {span_text(max(trips))}")
    if measurement.offset is not None:
        words.append(f"offset {offset_text(measurement.offset)}")
    if measurement.bound is not None:
        words.append(bound_text(measurement.bound))
    return "Measured: " + ", ".join(words)


class Bars(QWidget):
    """The histogram."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._counts: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Low."""
        return QSize(200, HEIGHT)

    def show_counts(self, counts: tuple[int, ...]) -> None:
        """Draw these."""
        if counts != self._counts:
            self._counts = counts
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """A bar for each part, on a line."""
        with painting(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        highest = max(self._counts, default=0)
        if not highest:
            return
        width, room = self.width() / len(self._counts), self.height() - 2
        for number, count in enumerate(self._counts):
            height = room * count / highest
            place = QRectF(number * width, room - height, max(1.0, width - 2), height)
            painter.fillRect(place, self._theme.colour("accent"))
        painter.setPen(self._theme.colour("border"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)


class MeasurementView(QWidget):
    """Bars and words; takes no room before something was measured."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._bars = Bars(theme)
        self._words = hint(theme)
        lines = column(self, spacing=4)
        lines.addWidget(self._bars)
        lines.addWidget(self._words)
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeft)

    def show_measurement(self, measurement: ClockMeasurement | None) -> None:
        """Show what was found; None: nothing was measured."""
        self.setVisible(measurement is not None)
        if measurement is not None:
            self._bars.show_counts(histogram(measurement.round_trips))
            self._bars.setAccessibleName(f"How long {len(measurement.round_trips)} replies took")
            show_text(self._words, measurement_words(measurement))
