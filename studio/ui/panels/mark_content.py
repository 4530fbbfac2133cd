"""Events, texts and annotations of a stored stream as bars and ticks with their words."""

from studio.formats.recording import StreamRef
from studio.timing import Timestamp
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.mark_plot import one_line
from studio.ui.panels.panel import Panel, mark_panel
from studio.ui.panels.panel_content import BoundStream, Choose, Tell, Values
from studio.ui.panels.panel_plan import PanelOptions
from studio.ui.panels.questions import Reader
from studio.ui.panels.stored_data import StoredMarks
from studio.ui.panels.stored_messages import StoredMessages
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme


class MarkContent:
    """See PanelContent."""

    def __init__(self, theme: Theme, reader: Reader, stream: BoundStream, index: int) -> None:
        self._stream = stream
        path, name = stream.ref.path, stream.ref.name
        self._panel, self._plot = mark_panel(theme, name, index)
        self._data = StoredMarks(reader, path, name, self._plot, self._count)
        # A stream that cannot be read is told by the question for the marks.
        self._density = StoredMessages(reader, path, name, self._plot.take_density, _ignore)
        self._frame: TimeFrame | None = None

    @property
    def panel(self) -> Panel:
        """See PanelContent."""
        return self._panel

    @property
    def value_streams(self) -> tuple[StreamRef, ...]:
        """The one that is shown."""
        return (self._stream.ref,)

    def show_frame(self, frame: TimeFrame) -> None:
        """See PanelContent."""
        self._frame = frame
        self._data.show_frame(frame)
        self._count()

    def legend(self, values: Values) -> tuple[LegendLine, ...]:
        """What was said last at the cursor."""
        value = values.get(self._stream.ref)
        return (LegendLine("", one_line(value.text)),) if value is not None and value.text else ()

    def listen(self, choose: Choose, tell: Tell) -> None:
        """Nothing can be chosen here."""

    def show_options(self, options: PanelOptions) -> None:
        """See PanelContent."""

    def refresh(self, streams: tuple[BoundStream, ...], since_time: Timestamp) -> None:
        """See PanelContent."""
        self._stream = streams[0]
        self._data.refresh(since_time)
        self._density.refresh(since_time)

    def close(self) -> None:
        """See PanelContent."""
        self._data.close()
        self._density.close()

    def _count(self) -> None:
        """Where there are too many to be told one by one, ask how many are where."""
        if self._plot.has_more and self._frame is not None:
            self._density.show_frame(self._frame)


def _ignore(_: str) -> None:
    """Nothing to say."""
