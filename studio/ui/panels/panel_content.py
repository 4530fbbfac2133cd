"""What the panels of stored streams have in common, whatever they draw. No drawing here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from studio.app.answers import ValueAt
from studio.formats.recording import RecordingInfo, StreamInfo, StreamRef
from studio.timing import Timestamp
from studio.ui.panels.header_text import LegendLine
from studio.ui.panels.panel import Panel
from studio.ui.panels.panel_plan import PanelOptions
from studio.ui.panels.time_frame import TimeFrame

Choose = Callable[[PanelOptions], None]

Tell = Callable[[], None]

Values = Mapping[StreamRef, ValueAt]
"""What streams say at the cursor."""


@dataclass(frozen=True, slots=True)
class BoundStream:
    """A stream of a plan, found in a recording."""

    ref: StreamRef
    info: StreamInfo


class PanelContent(Protocol):
    """What is inside a panel of one kind: its plot, and what carries data to it. GUI thread only."""

    @property
    def panel(self) -> Panel:
        """The widget."""
        ...

    @property
    def value_streams(self) -> tuple[StreamRef, ...]:
        """Whose values at the cursor it wants to be told."""
        ...

    def show_frame(self, frame: TimeFrame) -> None:
        """Ask for what is in view and draw what is there."""
        ...

    def legend(self, values: Values) -> tuple[LegendLine, ...]:
        """What the header says of the cursor."""
        ...

    def listen(self, choose: Choose, tell: Tell) -> None:
        """Call `choose` with what the user chooses in the plot, the axis or the legend.

        And `tell` when the legend has something new to say, other than by `legend`'s values.
        """
        ...

    def show_options(self, options: PanelOptions) -> None:
        """Draw like this from now on."""
        ...

    def refresh(self, streams: tuple[BoundStream, ...], since_time: Timestamp) -> None:
        """The recording has grown: what lies after `since_time` has to be asked for anew."""
        ...

    def close(self) -> None:
        """Drop answers still on their way. Idempotent."""
        ...


@runtime_checkable
class NamesCurves(Protocol):
    """A content whose curves are not told by the formats of its streams."""

    @property
    def curve_names(self) -> dict[str, str]:
        """What options call each curve, and what people call it."""
        ...


def bound_streams(infos: tuple[RecordingInfo, ...], refs: tuple[StreamRef, ...]) -> tuple[BoundStream, ...]:
    """Those of the streams that the recordings hold, in order."""
    known = {StreamRef(info.path, stream.name): stream for info in infos for stream in info.streams}
    return tuple(BoundStream(ref, known[ref]) for ref in refs if ref in known)
