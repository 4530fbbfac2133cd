"""One panel of the review timeline: made from a plan, fed by the reader, changed by the user.

Knows the plan and the streams it is bound to; what is drawn, and how, is its content's affair. A change that
needs another widget (kind, streams) is only told by `plan_changed`: whoever owns the panels makes it anew.
"""

from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QMenu

from studio.formats.recording import RecordingInfo, StreamRef
from studio.ui.panels.curve_menu import curve_names
from studio.ui.panels.panel import Panel
from studio.ui.panels.panel_content import BoundStream, NamesCurves, PanelContent, Values, bound_streams
from studio.ui.panels.panel_menu import fill_menu
from studio.ui.panels.panel_picture import save_picture, values_text
from studio.ui.panels.panel_plan import PanelOptions, PanelPlan
from studio.ui.panels.questions import Reader
from studio.ui.panels.reader_gate import ReaderGate
from studio.ui.panels.stored_header import stored_header
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme


class StoredPanel(QObject):
    """A panel of stored streams. GUI thread only; `stored_panel` makes one."""

    plan_changed = Signal(object)  # PanelPlan: the user wants it like this
    close_requested = Signal()
    snap_requested = Signal(object)  # StreamRef: the cursor shall snap to its messages
    menu_opening = Signal(object)  # QMenu that is about to be shown: add what is yours

    def __init__(
        self,
        theme: Theme,
        content: PanelContent,
        plan: PanelPlan,
        streams: tuple[BoundStream, ...],
        gate: ReaderGate,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._content = content
        self._gate = gate
        self._is_seen = True
        self._is_behind = False
        self._plan = plan
        self._streams = streams
        self._values: Values = {}
        self._frame: TimeFrame | None = None
        content.show_options(plan.options)
        content.listen(self.choose_options, self._show_header)
        content.panel.menu_requested.connect(self._on_menu_requested)
        self._show_header()

    @property
    def panel(self) -> Panel:
        """The widget."""
        return self._content.panel

    @property
    def theme(self) -> Theme:
        """Whose colours it has."""
        return self._theme

    @property
    def plan(self) -> PanelPlan:
        """What is shown and how."""
        return self._plan

    @property
    def streams(self) -> tuple[BoundStream, ...]:
        """Those of the plan that are there."""
        return self._streams

    @property
    def curve_names(self) -> dict[str, str]:
        """What options call each curve, and what people call it."""
        content = self._content
        return content.curve_names if isinstance(content, NamesCurves) else curve_names(self._streams)

    @property
    def value_streams(self) -> tuple[StreamRef, ...]:
        """Streams whose values at the cursor `take_values` wants to be told."""
        return self._content.value_streams

    @property
    def is_seen(self) -> bool:
        """Whether it is on screen: neither hidden nor scrolled away."""
        return self._is_seen

    def see(self, seen: bool) -> None:
        """It came on screen, or went; while it is away it asks nothing."""
        if seen == self._is_seen:
            return
        self._is_seen = seen
        if not seen:
            self._gate.shut()
            return
        self._gate.open()
        if self._is_behind and self._frame is not None:
            self.show_frame(self._frame)

    def show_frame(self, frame: TimeFrame) -> None:
        """Ask for what is in view and draw what is there; later, while nobody sees it."""
        self._frame = frame
        self._is_behind = not self._is_seen
        if self._is_behind:
            return
        self._content.show_frame(frame)
        self.panel.show_frame(frame)
        if not self.value_streams:
            self._show_header()  # nobody tells it values: it reads its own at the cursor

    def take_values(self, values: Values) -> None:
        """Show what the streams say at the cursor; other streams than its own are ignored."""
        mine = {ref: values[ref] for ref in self.value_streams if ref in values}
        # Streams of several recordings are told one recording after the other.
        told = {**self._values, **mine}
        if told != self._values:
            self._values = told
            self._show_header()

    def change_plan(self, plan: PanelPlan) -> None:
        """Show the options of `plan`, whose kind and streams are those of before; tells nobody."""
        self._plan = plan
        self._content.show_options(plan.options)
        self._show_header()
        if self._frame is not None:
            self.show_frame(self._frame)

    def refresh(self, info: RecordingInfo) -> None:
        """A recording has grown; if one of its streams is shown here, its new end is asked for."""
        before = {stream.ref: stream for stream in self._streams}
        grown = {
            stream.ref: stream
            for stream in bound_streams((info,), self._plan.streams)
            if stream.ref in before
        }
        changed = [ref for ref, stream in grown.items() if stream != before[ref]]
        if not changed:
            return
        since_time = min(before[ref].info.last_time for ref in changed)
        self._streams = tuple(grown.get(stream.ref, stream) for stream in self._streams)
        self._content.refresh(self._streams, since_time)
        self._show_header()
        if self._frame is not None:
            self.show_frame(self._frame)

    def close(self) -> None:
        """Drop answers still on their way. Idempotent."""
        self._content.close()

    # What the user wants --------------------------------------------------------------------------------

    def choose_options(self, options: PanelOptions) -> None:
        """The user wants these: show them and tell so."""
        self.choose_plan(replace(self._plan, options=options))

    def choose_plan(self, plan: PanelPlan) -> None:
        """The user wants this: show what can be shown here, and tell it."""
        if plan == self._plan:
            return
        if plan == replace(self._plan, options=plan.options):
            self.change_plan(plan)
        self.plan_changed.emit(plan)

    def snap(self, stream: BoundStream) -> None:
        """The cursor shall snap to its messages."""
        self.snap_requested.emit(stream.ref)

    def request_close(self) -> None:
        """The panel shall go."""
        self.close_requested.emit()

    def copy_values(self) -> None:
        """What the header says, to the clipboard."""
        time = None if self._frame is None else self._frame.reading_time
        QApplication.clipboard().setText(values_text(self.panel.header.text, time))

    def save_picture(self) -> None:
        """Ask where to, and save what the panel shows now."""
        save_picture(self.panel, self.panel.name)

    @Slot(object)
    def _on_menu_requested(self, place: QPoint) -> None:
        menu = QMenu(self.panel)
        menu.setObjectName("panel_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, self)
        self.menu_opening.emit(menu)
        menu.popup(place)

    def _show_header(self) -> None:
        legend = self._content.legend(self._values)
        self.panel.show_header(stored_header(self._plan, self._streams, legend))


def stored_panel(
    theme: Theme, reader: Reader, infos: tuple[RecordingInfo, ...], plan: PanelPlan, index: int
) -> StoredPanel:
    """The panel that `plan` describes, over the recordings on screen. `index` chooses its colours.

    Streams that the recordings do not hold are left out; a panel that has none left says so.
    """
    from studio.ui.panels.panel_contents import content_of

    streams = bound_streams(infos, plan.streams)
    gate = ReaderGate(reader)
    return StoredPanel(theme, content_of(theme, gate, plan, streams, index), plan, streams, gate)
