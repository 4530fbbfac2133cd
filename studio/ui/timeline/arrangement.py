"""What the user does to the panels: add, move, resize, hide, close. Each can be taken back.

Turns wishes into the next tuple of plans and shows it; owns the step from one to the other and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from pydantic import TypeAdapter
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QUndoCommand

from studio.formats.recording import StreamRef
from studio.ui.panels.panel_plan import INSTANT, PanelKind, PanelPlan
from studio.ui.panels.stored_panel import StoredPanel
from studio.ui.stream_drag import WHOLE
from studio.ui.timeline import plan_edits, plan_rows
from studio.ui.timeline.first_plans import MOST_PANELS
from studio.ui.timeline.plan_rows import Plans
from studio.ui.timeline.session import Session
from studio.ui.timeline.session_streams import SessionStreams
from studio.ui.undo import Edit, Tell, Told

KIND = "panels"
"""Of edits that are made here."""
MOST_TOLD = 200
"""Panels of an edit that can be taken back after the window was killed; more would take a while to keep."""
_PLANS: TypeAdapter[Plans] = TypeAdapter(Plans)


class Stage(Protocol):
    """Where the panels are shown; the timeline is one."""

    @property
    def session(self) -> Session | None:
        """What is on screen."""
        ...

    @property
    def session_streams(self) -> SessionStreams | None:
        """Its panels."""
        ...

    @property
    def plans(self) -> Plans:
        """What is shown."""
        ...

    def show_plans(self, plans: Plans) -> None:
        """Show these panels."""
        ...


class Edits(Protocol):
    """Where edits go that can be taken back; the window's undo stack is one."""

    def change(
        self, text: str, *, do: Callable[[], None], undo: Callable[[], None], tell: Tell
    ) -> QUndoCommand:
        """Do this now, and be able to undo it."""
        ...


class Arrangement(QObject):
    """Edits of the panels on screen. Without a session all of them do nothing."""

    def __init__(self, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stage = stage
        self._edits: Edits | None = None

    def attach(self, edits: Edits) -> None:
        """What is done from now on can be taken back there."""
        self._edits = edits

    def watch(self, streams: SessionStreams) -> None:
        """Do what the panels of these streams ask for."""
        streams.plan_changed.connect(self._on_plan_changed)
        streams.close_requested.connect(self._on_close_requested)

    def change(self, text: str, plans: Plans) -> None:
        """Show these panels; `text` follows the words Undo and Redo."""
        before, session = self._stage.plans, self._stage.session
        if session is None or plans == before:
            return
        paths = session.paths
        if self._edits is None:
            self._stage.show_plans(plans)
        else:
            self._edits.change(
                text,
                do=lambda: self._show(paths, plans),
                undo=lambda: self._show(paths, before),
                tell=lambda: _told(paths, before, plans),
            )

    def revived(self, text: str, data: Any) -> Edit:
        """A change that a window had made which was killed. Raises ValueError, LookupError or TypeError."""
        before, plans = (_PLANS.validate_python(data[name]) for name in ("before", "after"))
        paths = tuple(map(str, data["paths"]))
        return Edit(
            text,
            do=lambda: self._show(paths, plans),
            undo=lambda: self._show(paths, before),
            done=True,
            tell=lambda: _told(paths, before, plans),
        )

    def add_stream(
        self, ref: StreamRef, kind: PanelKind | None = None, gap: int | None = None, *, member: str = ""
    ) -> None:
        """A panel for a stream of the session, or for one member of it: in this gap, else below all."""
        plans, session = self._stage.plans, self._stage.session
        stream = None if session is None else session.stream(ref)
        if stream is not None:
            plan = plan_edits.plan_for(ref, stream, kind, member)
            index = len(plans) if gap is None else gap
            self.change(f"panel of {ref.name}", plan_edits.inserted(plans, index, plan))

    def add_dropped(self, refs: tuple[StreamRef, ...], gap: int) -> tuple[StreamRef, ...]:
        """Panels for these streams in a gap, all streams of a partition where none is named; returns those
        that are not of the session on screen."""
        session, plans, others = self._stage.session, self._stage.plans, []
        for ref in refs:
            info = None if session is None else session.partition(ref.path)
            if session is None or info is None:
                others.append(ref)
                continue
            names = (
                [ref.name] if ref.name != WHOLE else [stream.name for stream in info.streams[:MOST_PANELS]]
            )
            for name in names[:MOST_PANELS]:
                one = StreamRef(ref.path, name)
                stream = session.stream(one)
                if stream is not None:
                    plans = plan_edits.inserted(plans, gap, plan_edits.plan_for(one, stream))
                    gap += 1
        self.change("new panels", plans)
        return tuple(others)

    def shows_instant(self, ref: StreamRef) -> bool:
        """Whether the usual panel of a stream of this session may stand beside others."""
        session = self._stage.session
        stream = None if session is None else session.stream(ref)
        return stream is not None and plan_edits.plan_for(ref, stream).kind in INSTANT

    @Slot(object, int, bool)
    def add_beside(self, ref: StreamRef, other: int, after: bool) -> None:
        """A panel for a stream of the session at the right of another one (`after`) or at its left."""
        plans, session = self._stage.plans, self._stage.session
        stream = None if session is None else session.stream(ref)
        if stream is not None and other < len(plans):
            plans = plan_edits.inserted(plans, len(plans), plan_edits.plan_for(ref, stream))
            plans = plan_rows.beside(plans, len(plans) - 1, other, after=after)
            self.change(f"panel of {ref.name}", plans)

    def stream_of(self, index: int) -> StreamRef | None:
        """The first stream of a panel; None: the session does not have it, or the view is live."""
        plans, session = self._stage.plans, self._stage.session
        if session is None or index >= len(plans):
            return None
        return next((ref for ref in plans[index].streams if session.stream(ref) is not None), None)

    def can_overlay(self, index: int, ref: StreamRef) -> bool:
        """Whether a panel can show this stream besides its own."""
        plans, session = self._stage.plans, self._stage.session
        stream = None if session is None else session.stream(ref)
        return stream is not None and plan_edits.can_overlay(plans[index], ref, stream)

    def overlay(self, ref: StreamRef, index: int) -> bool:
        """Show a stream in a panel that is there; False: it does not fit."""
        if not self.can_overlay(index, ref):
            return False
        self.change(f"{ref.name} in another panel", plan_edits.overlaid(self._stage.plans, index, ref))
        return True

    @Slot(int, int)
    def set_height(self, index: int, height: int) -> None:
        """A panel, and those beside it, of this height; 0: as it likes."""
        plans = self._stage.plans
        if index < len(plans):
            self.change("height of a panel", plan_edits.as_high(plans, index, height))

    @Slot(object)
    def set_shares(self, shares: Mapping[int, int]) -> None:
        """Panels of a row so wide, in thousandths of their equal part; 0: equal."""
        self.change("widths of a row", plan_rows.shared(self._stage.plans, shares))

    @Slot(int, int)
    def move(self, index: int, gap: int) -> None:
        """A panel into another gap."""
        if index < len(self._stage.plans):
            self.change("order of the panels", plan_edits.moved(self._stage.plans, index, gap))

    @Slot(int, int, bool)
    def move_beside(self, index: int, other: int, after: bool) -> None:
        """A panel at the right of another one (`after`) or at its left."""
        plans = self._stage.plans
        if max(index, other) < len(plans):
            plans = plan_rows.beside(plans, index, other, after=after)
            self.change("panels beside each other", plans)

    def move_row(self, index: int, by: int) -> None:
        """A panel with those beside it one row up (-1) or down (1)."""
        self.change("order of the panels", plan_rows.row_moved(self._stage.plans, index, by))

    def move_alone(self, index: int) -> None:
        """A panel in a row of its own."""
        self.change("panel in a row of its own", plan_rows.alone(self._stage.plans, index))

    @Slot()
    def pictures_in_rows(self) -> None:
        """All pictures beside each other."""
        self.change("pictures beside each other", plan_rows.pictures_in_rows(self._stage.plans))

    @Slot()
    def all_alone(self) -> None:
        """Each panel in a row of its own."""
        self.change("panels below each other", plan_rows.all_alone(self._stage.plans))

    def hide(self, index: int) -> None:
        """A panel out of sight; it keeps its place."""
        plans = self._stage.plans
        self.change("hiding a panel", plan_edits.changed(plans, index, replace(plans[index], hidden=True)))

    @Slot()
    def show_all(self) -> None:
        """All hidden panels again."""
        self.change("hidden panels", plan_edits.all_shown(self._stage.plans))

    def _show(self, paths: tuple[str, ...], plans: Plans) -> None:
        """Only where the session is still on screen: another one has other streams."""
        session = self._stage.session
        if session is not None and session.paths == paths:
            self._stage.show_plans(plans)

    def _index_of(self, panel: StoredPanel) -> int | None:
        streams = self._stage.session_streams
        panels = () if streams is None else streams.stored_panels
        return panels.index(panel) if panel in panels else None

    @Slot(object, object)
    def _on_plan_changed(self, panel: StoredPanel, plan: PanelPlan) -> None:
        index = self._index_of(panel)
        if index is not None:
            self.change("look of a panel", plan_edits.changed(self._stage.plans, index, plan))

    @Slot(object)
    def _on_close_requested(self, panel: StoredPanel) -> None:
        index = self._index_of(panel)
        if index is not None:
            self.change("closing a panel", plan_edits.closed(self._stage.plans, index))


def _told(paths: tuple[str, ...], before: Plans, plans: Plans) -> Told | None:
    if len(before) + len(plans) > MOST_TOLD:
        return None
    dumped = {
        "before": _PLANS.dump_python(before, mode="json"),
        "after": _PLANS.dump_python(plans, mode="json"),
    }
    return Told(KIND, {"paths": paths, **dumped})
