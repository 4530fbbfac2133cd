"""The panels of the session on screen, one for each plan, and the values they say at the cursor.

Makes, keeps and closes panels so that they match the plans; asks the reader for values once per partition.
"""

from collections.abc import Collection, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from studio.app.answers import ValueAt
from studio.formats.recording import StreamInfo, StreamRef
from studio.host.protocol import ReadValues
from studio.ui.panels.panel import Panel
from studio.ui.panels.panel_plan import PanelKind, PanelPlan
from studio.ui.panels.questions import Questions, Reader
from studio.ui.panels.stored_panel import StoredPanel, stored_panel
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.theme import Theme
from studio.ui.timeline.placed import Placed, places_of
from studio.ui.timeline.session import Session


class SessionStreams(QObject):
    """A session and its panels."""

    plan_changed = Signal(object, object)  # StoredPanel, PanelPlan: the user wants it like this
    close_requested = Signal(object)  # StoredPanel
    snap_requested = Signal(object)  # StreamRef
    menu_opening = Signal(object, object)  # StoredPanel, QMenu

    def __init__(self, theme: Theme, reader: Reader, session: Session, plans: Sequence[PanelPlan]) -> None:
        super().__init__()
        self._theme, self._reader = theme, reader
        self._session = session
        self._made: tuple[StoredPanel, ...] = ()
        self._made_count = 0
        self._values: dict[str, Questions] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._frame: TimeFrame | None = None
        self.show_plans(plans)

    @property
    def session(self) -> Session:
        """What is on screen."""
        return self._session

    @property
    def plans(self) -> tuple[PanelPlan, ...]:
        """Of the panels, from top to bottom."""
        return tuple(made.plan for made in self._made)

    @property
    def stored_panels(self) -> tuple[StoredPanel, ...]:
        """One for each plan."""
        return self._made

    @property
    def panels(self) -> tuple[Panel, ...]:
        """See Streams."""
        return tuple(made.panel for made in self._made)

    @property
    def places(self) -> tuple[Placed, ...]:
        """See Streams."""
        return places_of(self.panels, self.plans)

    def show_plans(self, plans: Sequence[PanelPlan]) -> None:
        """Have these panels; those that already show what a plan wants are kept."""
        spare = list(self._made)
        self._made = tuple(self._kept(plan, spare) or self._new(plan) for plan in plans)
        for panel in spare:
            panel.close()
        self._look()

    def see(self, panels: Collection[Panel]) -> None:
        """These are on screen: the others ask for nothing until they are."""
        for made in self._made:
            made.see(made.panel in panels)
        self._look()
        if self._frame is not None:
            self._ask_values(self._frame)

    def show_frame(self, frame: TimeFrame) -> None:
        """See Streams."""
        self._frame = frame
        # Pictures are asked for first: they are what is waited for.
        for made in sorted(self._made, key=lambda made: made.plan.kind is not PanelKind.VIDEO):
            made.show_frame(frame)
        self._ask_values(frame)

    def take_session(self, session: Session) -> None:
        """The partitions have grown, were replaced, or there is one more."""
        before, self._session = self._session, session
        plans = self.plans
        for made in self._made:
            for info in session.only(made.plan.streams):
                made.refresh(info)
        # A panel that had nothing to draw becomes one that has; what was replaced is drawn anew.
        other = {
            ref
            for plan in plans
            for ref in plan.streams
            if _is_other(before.stream(ref), session.stream(ref))
        }
        if other:
            stale = [made for made in self._made if other.intersection(made.plan.streams)]
            self._made = tuple(made for made in self._made if made not in stale)
            for made in stale:
                made.close()
            self.show_plans(plans)

    def close(self) -> None:
        """See Streams."""
        for questions in self._values.values():
            questions.close()
        for made in self._made:
            made.close()

    # Panels ---------------------------------------------------------------------------------------------

    def _kept(self, plan: PanelPlan, spare: list[StoredPanel]) -> StoredPanel | None:
        for made in spare:
            if (made.plan.kind, made.plan.streams) == (plan.kind, plan.streams):
                spare.remove(made)
                if made.plan != plan:
                    made.change_plan(plan)
                return made
        return None

    def _new(self, plan: PanelPlan) -> StoredPanel:
        # Only what it shows: a recording may have very many streams.
        infos = self._session.only(plan.streams)
        made = stored_panel(self._theme, self._reader, infos, plan, self._made_count)
        self._made_count += 1
        made.plan_changed.connect(partial(self.plan_changed.emit, made))
        made.close_requested.connect(partial(self.close_requested.emit, made))
        made.snap_requested.connect(self.snap_requested)
        made.menu_opening.connect(partial(self._on_menu_opening, made))
        return made

    def _on_menu_opening(self, made: StoredPanel, menu: QMenu) -> None:
        self.menu_opening.emit(made, menu)

    def _look(self) -> None:
        """Note whose values somebody sees."""
        self._names = {}
        for ref in dict.fromkeys(ref for made in self._made if made.is_seen for ref in made.value_streams):
            if self._session.stream(ref) is not None:
                self._names[ref.path] = (*self._names.get(ref.path, ()), ref.name)
        for path in self._names.keys() - self._values.keys():
            take = partial(self._take_values, path)
            self._values[path] = Questions(self._reader, take, _ignore_words)

    def _ask_values(self, frame: TimeFrame) -> None:
        for path, names in self._names.items():
            self._values[path].want(ReadValues(path, names, frame.reading_time))

    def _take_values(self, path: str, values: tuple[ValueAt, ...]) -> None:
        by_ref = {StreamRef(path, value.stream): value for value in values}
        for made in self._made:
            made.take_values(by_ref)


def _is_other(before: StreamInfo | None, now: StreamInfo | None) -> bool:
    """Whether a stream is not just a longer one of before."""
    if before is None or now is None:
        return before is not now
    began = before.message_count > 0, now.message_count > 0
    if began != (True, True):
        return began[0] != began[1]
    return (before.format, before.first_time) != (now.format, now.first_time) or (
        now.message_count < before.message_count
    )


def _ignore_words(_: str) -> None:
    """A file that cannot be read is told by every panel already."""
