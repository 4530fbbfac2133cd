"""The picture of a stored stream at the cursor."""

from studio.formats.recording import StreamRef
from studio.timing import Timestamp
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.panel import Panel, picture_panel
from studio.ui.panels.panel_content import BoundStream, Choose, Tell, Values
from studio.ui.panels.panel_plan import PanelOptions
from studio.ui.panels.questions import Reader
from studio.ui.panels.stored_pictures import StoredPictures
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme


class PictureContent:
    """See PanelContent."""

    def __init__(self, theme: Theme, reader: Reader, stream: BoundStream) -> None:
        self._panel, self._plot = picture_panel(theme, stream.ref.name, stream.info.format)
        self._data = StoredPictures(reader, stream.ref.path, stream.ref.name, self._plot)

    @property
    def panel(self) -> Panel:
        """See PanelContent."""
        return self._panel

    @property
    def value_streams(self) -> tuple[StreamRef, ...]:
        """None: a picture says enough."""
        return ()

    def show_frame(self, frame: TimeFrame) -> None:
        """See PanelContent."""
        self._data.show_frame(frame)

    def legend(self, values: Values) -> tuple[LegendLine, ...]:
        """Nothing: the time of the picture is written on it."""
        return ()

    def listen(self, choose: Choose, tell: Tell) -> None:
        """Nothing can be chosen here."""

    def show_options(self, options: PanelOptions) -> None:
        """See PanelContent."""
        self._plot.show_fit(options.fit)
        self._plot.show_flip(left_to_right=options.mirrored, upside_down=options.upside_down)

    def refresh(self, streams: tuple[BoundStream, ...], since_time: Timestamp) -> None:
        """See PanelContent."""
        self._data.refresh(since_time)

    def close(self) -> None:
        """See PanelContent."""
        self._data.close()
