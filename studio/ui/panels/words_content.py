"""A panel that has nothing to draw and says why."""

from studio.formats.recording import StreamRef
from studio.timing import Timestamp
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.panel import Panel, mark_panel
from studio.ui.panels.panel_content import BoundStream, Choose, Tell, Values
from studio.ui.panels.panel_plan import PanelOptions, PanelPlan
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme


class WordsContent:
    """See PanelContent."""

    def __init__(self, theme: Theme, plan: PanelPlan, words: str) -> None:
        name = plan.streams[0].name if plan.streams else ""
        self._panel, plot = mark_panel(theme, name, 0)
        plot.take_words(words, dimmed=False)

    @property
    def panel(self) -> Panel:
        """See PanelContent."""
        return self._panel

    @property
    def value_streams(self) -> tuple[StreamRef, ...]:
        """None."""
        return ()

    def show_frame(self, frame: TimeFrame) -> None:
        """Nothing to ask for."""

    def legend(self, values: Values) -> tuple[LegendLine, ...]:
        """Nothing to say."""
        return ()

    def listen(self, choose: Choose, tell: Tell) -> None:
        """Nothing can be chosen here."""

    def show_options(self, options: PanelOptions) -> None:
        """Nothing to draw."""

    def refresh(self, streams: tuple[BoundStream, ...], since_time: Timestamp) -> None:
        """A stream that was empty has begun: whoever owns the panels makes this one anew."""

    def close(self) -> None:
        """Nothing to let go of."""
