"""Carries the figures of a stored stream from the reader process to a layer over a picture, newest first."""

from collections.abc import Callable

from studio.app.answers import ShapesAt
from studio.host.picture_protocol import ReadShapes
from studio.timing import NS_PER_MS, Timestamp
from studio.ui.panels.panel_content import BoundStream
from studio.ui.panels.questions import Questions, Reader
from studio.ui.panels.time_frame import TimeFrame

Take = Callable[[ShapesAt | None], None]


class StoredShapes:
    """The figures of one stream at the cursor."""

    def __init__(self, reader: Reader, stream: BoundStream, take: Take) -> None:
        """`take` is told what is to be seen now; `problem` says why it cannot be."""
        self._ref, self._take = stream.ref, take
        self._asked_time: Timestamp = 0
        self._is_stale = False
        self.keep_ms = 0
        """How long figures are shown after their message; 0: until the next one."""
        self.problem = ""
        self._questions = Questions(reader, take, self._take_words)

    def show_frame(self, frame: TimeFrame) -> None:
        """Ask for what is seen at the frame's reading time."""
        self._asked_time = frame.reading_time
        query = ReadShapes(self._ref.path, self._ref.name, frame.reading_time, self.keep_ms * NS_PER_MS)
        self._questions.want(query, anew=self._is_stale)
        self._is_stale = False

    def refresh(self, since_time: Timestamp) -> None:
        """What lies after `since_time` has changed: ask again with the next frame."""
        self._is_stale = self._is_stale or self._asked_time >= since_time

    def close(self) -> None:
        """Drop answers still on their way."""
        self._questions.close()

    def _take_words(self, text: str) -> None:
        self.problem = text
        if text:
            self._take(None)
