"""What a stored stream of texts says at the cursor, in full."""

from studio.app.answers import TextAt
from studio.formats.recording import StreamRef
from studio.host.protocol import ReadText
from studio.timing import Timestamp
from studio.ui import readable
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.panel import Panel, text_panel
from studio.ui.panels.panel_content import BoundStream, Choose, Tell, Values
from studio.ui.panels.panel_plan import PanelOptions
from studio.ui.panels.questions import Questions, Reader
from studio.ui.panels.stored_data import words_of
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.time_text import elapsed_text
from studio.ui.theme import Theme

NOTHING_YET = "nothing was said yet at this moment"
NOT_INSIDE = "this message says nothing of {}"


class TextContent:
    """See PanelContent."""

    def __init__(self, theme: Theme, reader: Reader, stream: BoundStream) -> None:
        self._stream = stream
        self._panel, self._plot = text_panel(theme, stream.ref.name)
        self._questions = Questions(reader, self._take_text, words_of(self._plot))
        self._found: TextAt | None = None
        self._asked_time: Timestamp = 0
        self._origin_time: Timestamp = 0
        self._is_stale = False
        self._member = ""
        self._tell: Tell = _nobody

    @property
    def panel(self) -> Panel:
        """See PanelContent."""
        return self._panel

    @property
    def value_streams(self) -> tuple[StreamRef, ...]:
        """None: the text is asked for in full."""
        return ()

    def show_frame(self, frame: TimeFrame) -> None:
        """See PanelContent."""
        self._origin_time, self._asked_time = frame.origin_time, frame.reading_time
        ref = self._stream.ref
        query = ReadText(ref.path, ref.name, frame.reading_time, self._member)
        self._questions.want(query, anew=self._is_stale)
        self._is_stale = False

    def legend(self, values: Values) -> tuple[LegendLine, ...]:
        """When it was said, and which of how many it is."""
        inside = (LegendLine("", self._member),) if self._member else ()
        if self._found is None:
            return inside
        number = readable.count(self._found.number)
        lines = [
            *inside,
            LegendLine("said at", elapsed_text(self._found.originating_time - self._origin_time)),
            LegendLine("message", f"{number} of {readable.count(self._stream.info.message_count)}"),
        ]
        return (*lines, LegendLine("", "cut: too long")) if self._found.is_cut else tuple(lines)

    def listen(self, choose: Choose, tell: Tell) -> None:
        """See PanelContent."""
        self._tell = tell

    def show_options(self, options: PanelOptions) -> None:
        """See PanelContent; of several members the first."""
        self._member = next(iter(options.members), "")

    def refresh(self, streams: tuple[BoundStream, ...], since_time: Timestamp) -> None:
        """See PanelContent."""
        self._stream = streams[0]
        self._is_stale = self._is_stale or self._asked_time >= since_time

    def close(self) -> None:
        """See PanelContent."""
        self._questions.close()

    def _take_text(self, found: TextAt | None) -> None:
        self._found = found
        if found is None:
            self._plot.take_words(NOTHING_YET, dimmed=False)
        elif self._member and not found.text:
            self._plot.take_words(NOT_INSIDE.format(self._member), dimmed=False)
        else:
            self._plot.take_text(found.text)
        self._tell()


def _nobody() -> None:
    """Nobody listens yet."""
