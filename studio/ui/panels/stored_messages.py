"""Carries counts and latencies of messages from the reader process to whoever draws them.

Of very many messages the first answer is a sketch; it is asked again, now and then, until it is exact.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from studio.formats.message_columns import MessageColumns
from studio.host.protocol import ReadMessages
from studio.timing import Duration, Timestamp
from studio.ui.panels.message_stretch import MessageStretch
from studio.ui.panels.questions import Questions, Reader
from studio.ui.panels.time_frame import TimeFrame

FINER_INTERVAL_MS = 40
"""Between two looks at what is not exact yet: others ask the reader, too."""


class StoredMessages(QObject):
    """The messages of one stored stream, counted."""

    def __init__(
        self,
        reader: Reader,
        path: str,
        stream: str,
        take: Callable[[MessageColumns], None],
        take_words: Callable[[str], None],
        *,
        least_ns: Duration = 1,
        round_ns: bool = False,
    ) -> None:
        super().__init__()
        self._path, self._stream = path, stream
        self._take = take
        self._least_ns, self._round_ns = least_ns, round_ns
        self._asked: MessageStretch | None = None
        self._is_stale = False
        self._questions = Questions(reader, self._take_columns, take_words)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FINER_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def show_frame(self, frame: TimeFrame) -> None:
        """Ask for what is in view, unless it has been asked for already."""
        wanted = MessageStretch.around(frame.axis, self._least_ns, round_ns=self._round_ns)
        if self._asked is not None and self._asked.serves(frame.axis, wanted):
            return
        self._asked = wanted
        self._questions.want(self._query(wanted), anew=self._is_stale)
        self._is_stale = False

    def refresh(self, since_time: Timestamp) -> None:
        """What lies after `since_time` has changed: ask again with the next frame."""
        if self._asked is None or self._asked.right >= since_time:
            self._asked, self._is_stale = None, True

    def close(self) -> None:
        """Drop answers still on their way."""
        self._timer.stop()
        self._questions.close()

    def _query(self, stretch: MessageStretch) -> ReadMessages:
        return ReadMessages(self._path, self._stream, stretch.left, stretch.right, stretch.columns)

    def _take_columns(self, columns: MessageColumns) -> None:
        self._take(columns)
        if columns.known_share < 1.0:
            self._timer.start()

    @Slot()
    def _on_timer_timeout(self) -> None:
        if self._asked is not None:
            self._questions.ask_again(self._query(self._asked))
