"""What a chain that is attached to a recording says just now: the newest values of its growing partition.

Asks the reader, about once a second and one question after the other: neither recorder nor chain is asked.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from studio.app.answers import ValueAt
from studio.formats.recording import RecordingInfo
from studio.host.protocol import OpenRecording, ReadValues
from studio.ui.panels.mark_plot import one_line
from studio.ui.panels.questions import Reader
from studio.ui.panels.signal_legend import short_name

LOOK_MS = 1000
MOST_STREAMS = 4
LONGEST = 40
"""Letters of one value; texts and JSON may be long."""


class NewestResults(QObject):
    """Looks at one partition until it is closed."""

    def __init__(
        self,
        reader: Reader,
        path: str,
        tell: Callable[[str], None],
        parent: QObject,
        *,
        interval_ms: int = LOOK_MS,
    ) -> None:
        """`tell` is called with words for people, as often as there is something newer."""
        super().__init__(parent)
        self._reader, self._path, self._tell = reader, path, tell
        self._is_closed = False
        self._timer = QTimer(self, singleShot=True, interval=interval_ms)
        self._timer.timeout.connect(self._on_timer_timeout)

    def start(self) -> None:
        """Look from now on."""
        self._timer.start()

    @Slot()
    def close(self) -> None:
        """Ask nothing more; answers on their way are dropped. Idempotent."""
        self._is_closed = True
        self._timer.stop()

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._reader.ask(OpenRecording(self._path), self._take_info, self._try_later)

    def _take_info(self, info: RecordingInfo) -> None:
        if self._is_closed:
            return
        names = tuple(stream.name for stream in info.streams if stream.message_count)[:MOST_STREAMS]
        if not info.live or not names:  # nothing yet, or the result of before, which is about to be replaced
            self._timer.start()
            return
        self._reader.ask(ReadValues(info.path, names, info.last_time), self._take_values, self._try_later)

    def _take_values(self, values: tuple[ValueAt, ...]) -> None:
        if not self._is_closed:
            self._tell(words_of(values))
            self._timer.start()

    def _try_later(self, _: str) -> None:
        """It is not there yet, or just being written; a chain that fails tells so itself."""
        if not self._is_closed:
            self._timer.start()


def words_of(values: tuple[ValueAt, ...]) -> str:
    """`level 23 dB · beats 4`; what has nothing to say is left out."""
    texts = [(short_name(value.stream), one_line(value.text)) for value in values if value.text]
    return " · ".join(
        f"{name} {text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}" for name, text in texts
    )
