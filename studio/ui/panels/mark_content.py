"""Events, texts and annotations of a stored stream as bars and ticks with their words."""

from studio.formats.recording import StreamRef
from studio.timing import Timestamp
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.mark_plot import one_line
from studio.ui.panels.panel import Panel, mark_panel
from studio.ui.panels.panel_content import BoundStream, Choose, Values
from studio.ui.panels.panel_plan import PanelOptions
from studio.ui.panels.questions import Reader
from studio.ui.panels.stored_data import StoredMarks
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme


class MarkContent:
    """See PanelContent."""

    def __init__(self, theme: Theme, reader: Reader, stream: BoundStream, index: int) -> None:
        self._stream = stream
        self._panel, plot = mark_panel(theme, stream.ref.name, index)
        self._data = StoredMarks(reader, stream.ref.path, stream.ref.name, plot)

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
        self._data.show_frame(frame)

    def legend(self, values: Values) -> tuple[LegendLine, ...]:
        """What was said last at the cursor."""
        value = values.get(self._stream.ref)
        return (LegendLine("", one_line(value.text)),) if value is not None and value.text else ()

    def listen(self, choose: Choose) -> None:
        """Nothing can be chosen here."""

    def show_options(self, options: PanelOptions) -> None:
        """See PanelContent."""

    def refresh(self, streams: tuple[BoundStream, ...], since_time: Timestamp) -> None:
        """See PanelContent."""
        self._stream = streams[0]
        self._data.refresh(since_time)

    def close(self) -> None:
        """See PanelContent."""
        self._data.close()
