"""Carries the numbers inside stored messages from the reader process to whoever draws them.

Of very many messages the first answer is coarse; it is asked again, now and then, until it is exact.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from studio.formats.recording import StreamRef
from studio.formats.series import SeriesWindow
from studio.host.inside_protocol import ReadSeries
from studio.timing import Timestamp
from studio.ui.panels.questions import Questions, Reader
from studio.ui.panels.stored_window import StoredStretch
from studio.ui.panels.time_frame import TimeFrame

FINER_INTERVAL_MS = 40
"""Between two looks at what is not exact yet: others ask the reader, too."""


class StoredSeries(QObject):
    """The members of one stored stream."""

    def __init__(
        self,
        reader: Reader,
        ref: StreamRef,
        take: Callable[[SeriesWindow], None],
        take_words: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._ref, self._take = ref, take
        self._members: tuple[str, ...] = ()
        self._asked: StoredStretch | None = None
        self._is_stale = False
        self._questions = Questions(reader, self._take_window, take_words)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FINER_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def choose(self, members: tuple[str, ...]) -> None:
        """Ask for these from the next frame on; none: for all."""
        if members != self._members:
            self._members, self._asked = members, None

    def show_frame(self, frame: TimeFrame) -> None:
        """Ask for what is in view, unless it has been asked for already."""
        if self._asked is not None and self._asked.serves(frame.axis, frame.pixel_ratio):
            return
        self._asked = StoredStretch.around(frame.axis, frame.pixel_ratio)
        self._questions.want(self._query(self._asked), anew=self._is_stale)
        self._is_stale = False

    def refresh(self, since_time: Timestamp) -> None:
        """What lies after `since_time` has changed: ask again with the next frame."""
        if self._asked is None or self._asked.right >= since_time:
            self._asked, self._is_stale = None, True

    def close(self) -> None:
        """Drop answers still on their way."""
        self._timer.stop()
        self._questions.close()

    def _query(self, stretch: StoredStretch) -> ReadSeries:
        path, name = self._ref.path, self._ref.name
        return ReadSeries(path, name, stretch.left, stretch.right, stretch.columns, self._members)

    def _take_window(self, window: SeriesWindow) -> None:
        self._take(window)
        if window.known_share < 1.0:
            self._timer.start()

    @Slot()
    def _on_timer_timeout(self) -> None:
        if self._asked is not None:
            self._questions.ask_again(self._query(self._asked))
