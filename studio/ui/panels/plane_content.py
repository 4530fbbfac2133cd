"""One value of stored streams against another, over what is in view or what is selected."""

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from studio.formats.points import PathPoints
from studio.formats.recording import StreamRef
from studio.host.inside_protocol import ReadPoints
from studio.timing import TimeInterval, Timestamp
from studio.ui import readable
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.panel import Panel, plane_panel
from studio.ui.panels.panel_content import BoundStream, Choose, Tell, Values
from studio.ui.panels.panel_plan import PanelOptions
from studio.ui.panels.plane_choice import ONE_VALUE, axes_of, choices_of, value_of
from studio.ui.panels.questions import Questions, Reader
from studio.ui.panels.stored_data import words_of
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.value_ticks import number_text
from studio.ui.theme import Theme

FINER_INTERVAL_MS = 40
"""Between two looks at what is not exact yet: others ask the reader, too."""
NO_POINTS = "no values of both here"
NOTHING_SELECTED = "nothing is selected: Shift and a drag selects a stretch of time"


class PlaneContent(QObject):
    """See PanelContent."""

    def __init__(self, theme: Theme, reader: Reader, streams: tuple[BoundStream, ...], index: int) -> None:
        super().__init__()
        self._streams = streams
        self._options = PanelOptions()
        self._axes = axes_of(streams, "", "")
        self._points: PathPoints | None = None
        self._frame: TimeFrame | None = None
        self._is_stale = False
        self._tell: Tell = _nobody
        self._panel, self._plot = plane_panel(theme, streams[0].ref.name, index)
        self._questions = Questions(reader, self._take_points, words_of(self._plot))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FINER_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def panel(self) -> Panel:
        """See PanelContent."""
        return self._panel

    @property
    def value_streams(self) -> tuple[StreamRef, ...]:
        """Those that lie along an axis."""
        return tuple(dict.fromkeys(StreamRef(axis.path, axis.stream) for axis in self._axes or ()))

    @property
    def curve_names(self) -> dict[str, str]:
        """See NamesCurves."""
        return choices_of(self._streams, self._points)

    def show_frame(self, frame: TimeFrame) -> None:
        """See PanelContent."""
        self._frame = frame
        query = self._query()
        if query is not None:
            self._questions.want(query, anew=self._is_stale)
            self._is_stale = False

    def legend(self, values: Values) -> tuple[LegendLine, ...]:
        """What both are at the cursor, where the plot shows it, too; and whether these are all points."""
        if self._axes is None or self._points is None or self._frame is None:
            return ()
        found = [self._value(number, values) for number in (0, 1)]
        point = None if None in found else (found[0] or 0.0, found[1] or 0.0)
        self._plot.show_cursor(self._frame.reading_time, point)
        view = self._plot.view
        scales = max(abs(view.left), abs(view.right)), max(abs(view.low), abs(view.high))
        lines = [
            LegendLine(label, readable.NOTHING if value is None else number_text(value, scale))
            for label, value, scale in zip(self._labels(), found, scales, strict=True)
        ]
        return (*lines, *(LegendLine("", text) for text in self._remarks(self._points)))

    def listen(self, choose: Choose, tell: Tell) -> None:
        """See PanelContent."""
        self._tell = tell

    def show_options(self, options: PanelOptions) -> None:
        """See PanelContent."""
        self._options = options
        axes = axes_of(self._streams, options.across, options.up)
        if axes != self._axes:
            self._axes = axes
            self._plot.fit()
        self._plot.show_line(options.line)
        self._plot.show_even(options.even_scales)
        if axes is None:
            self._plot.take_words(ONE_VALUE, dimmed=False)

    def refresh(self, streams: tuple[BoundStream, ...], since_time: Timestamp) -> None:
        """See PanelContent."""
        self._streams, self._is_stale = streams, True

    def close(self) -> None:
        """See PanelContent."""
        self._timer.stop()
        self._questions.close()

    def _query(self) -> ReadPoints | None:
        if self._axes is None or self._frame is None:
            return None
        stretch: TimeInterval | None = TimeInterval(self._frame.axis.left, self._frame.axis.right)
        if self._options.over_selection:
            stretch = self._frame.selection
        if stretch is None:
            self._plot.take_words(NOTHING_SELECTED, dimmed=False)
            return None
        return ReadPoints(*self._axes, stretch.left, stretch.right)

    def _labels(self) -> tuple[str, str]:
        names = self._points.names if self._points is not None else ("", "")
        return self._label(0, names[0]), self._label(1, names[1])

    def _label(self, number: int, name: str) -> str:
        stream = self._stream(number)
        units = "" if stream is None else stream.info.format.units
        return f"{name} ({units})" if units else name

    def _stream(self, number: int) -> BoundStream | None:
        if self._axes is None:
            return None
        axis = self._axes[number]
        ref = StreamRef(axis.path, axis.stream)
        return next((stream for stream in self._streams if stream.ref == ref), None)

    def _value(self, number: int, values: Values) -> float | None:
        stream = self._stream(number)
        if self._axes is None or self._points is None or stream is None or stream.ref not in values:
            return None
        told = values[stream.ref]
        return value_of(self._axes[number], stream, told.members, told.values, self._points.names[number])

    def _remarks(self, points: PathPoints) -> list[str]:
        if points.known_share < 1.0:
            return [f"coarse: {max(1, int(100 * points.known_share))} % read"]
        if points.is_thinned:
            return [f"{readable.count(points.shown)} of {readable.count(points.total)} points"]
        return []

    def _take_points(self, points: PathPoints) -> None:
        self._points = points
        self._plot.take_points(points, self._labels())
        if not np.isfinite(points.xs + points.ys).any():
            self._plot.take_words(NO_POINTS, dimmed=False)
        self._tell()
        if points.known_share < 1.0:
            self._timer.start()

    @Slot()
    def _on_timer_timeout(self) -> None:
        query = self._query()
        if query is not None:
            self._questions.ask_again(query)


def _nobody() -> None:
    """Nobody listens yet."""
