"""Carries stored data from the reader process to a plot: asks for what is in view, newest question only.

Never more than one question of a stream is on its way, so that fast dragging costs what the reader can
answer and not more. Nothing waits; answers arrive on the GUI thread.
"""

from collections.abc import Callable

from studio.app.answers import Marks
from studio.formats.signal import SignalWindow
from studio.host.protocol import ReadMarks, ReadWindow
from studio.timing import Timestamp
from studio.ui.panels.mark_plot import MarkPlot
from studio.ui.panels.panel import Plot
from studio.ui.panels.questions import Questions, Reader
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.stored_window import StoredStretch, centred
from studio.ui.panels.time_frame import TimeFrame

MARK_LIMIT = 500


class StoredSignal:
    """Curves and waveforms of a stored stream."""

    def __init__(self, reader: Reader, path: str, stream: str, plot: SignalPlot, *, layer: int = 0) -> None:
        self._path, self._stream, self._plot, self._layer = path, stream, plot, layer
        self._asked: StoredStretch | None = None
        self._is_stale = False
        self._questions = Questions(reader, self._take_window, words_of(plot))

    def show_frame(self, frame: TimeFrame) -> None:
        """Ask for what is in view, unless it has been asked for already."""
        if self._asked is not None and self._asked.serves(frame.axis, frame.pixel_ratio):
            return
        stretch = self._asked = StoredStretch.around(frame.axis, frame.pixel_ratio)
        query = ReadWindow(self._path, self._stream, stretch.left, stretch.right, stretch.columns)
        self._questions.want(query, anew=self._is_stale)
        self._is_stale = False

    def refresh(self, since_time: Timestamp) -> None:
        """What lies after `since_time` has changed: ask again with the next frame."""
        if self._asked is None or self._asked.right >= since_time:
            self._asked, self._is_stale = None, True

    def close(self) -> None:
        """Drop answers still on their way."""
        self._questions.close()

    def _take_window(self, window: SignalWindow) -> None:
        self._plot.take_window(centred(window), layer=self._layer)


class StoredMarks:
    """Events and texts of a stored stream."""

    def __init__(
        self,
        reader: Reader,
        path: str,
        stream: str,
        plot: MarkPlot,
        tell: Callable[[], None] = lambda: None,
    ) -> None:
        """`tell` is called when the plot has got new marks."""
        self._path, self._stream, self._plot, self._tell = path, stream, plot, tell
        self._asked: StoredStretch | None = None
        self._is_stale = False
        self._questions = Questions(reader, self._take_marks, words_of(plot))

    def show_frame(self, frame: TimeFrame) -> None:
        """Ask for what is in view, unless it has been asked for already."""
        if self._asked is not None and self._asked.serves(frame.axis, 1.0):
            return
        stretch = self._asked = StoredStretch.around(frame.axis, 1.0)
        query = ReadMarks(self._path, self._stream, stretch.left, stretch.right, limit=MARK_LIMIT)
        self._questions.want(query, anew=self._is_stale)
        self._is_stale = False

    def refresh(self, since_time: Timestamp) -> None:
        """What lies after `since_time` has changed: ask again with the next frame."""
        if self._asked is None or self._asked.right >= since_time:
            self._asked, self._is_stale = None, True

    def close(self) -> None:
        """Drop answers still on their way."""
        self._questions.close()

    def _take_marks(self, marks: Marks) -> None:
        self._plot.take_marks(marks)
        self._tell()


def words_of(plot: Plot) -> Callable[[str], None]:
    """Shows why there is no answer, over what was there before."""

    def show(text: str) -> None:
        plot.take_words(text, dimmed=bool(text))

    return show
