"""What the user does to live panels: move, resize, add. Kept, so that they stand so the next time.

Every live stream has its usual panel, which cannot be closed: which devices are live is chosen elsewhere.
Numbers inside messages and XY plots are panels that are added and closed; figures are laid over pictures.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from studio.ui.panels.panel_plan import PanelPlan
from studio.ui.timeline import live_layout, plan_edits, plan_rows
from studio.ui.timeline.plan_rows import Plans
from studio.ui.timeline.streams import LiveStreams


class LiveMemory(Protocol):
    """Where it is kept; `KeptLayouts` is one."""

    @property
    def live(self) -> Any:
        """As it was kept last; None: never."""
        ...

    def keep_live(self, layout: Any) -> None:
        """Live panels stand like this now."""
        ...


class LiveArrangement(QObject):
    """The places of live panels."""

    changed = Signal()  # the panels on screen stand otherwise
    menu_wanted = Signal(object, object)  # Panel, QPoint of the screen

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._streams: LiveStreams | None = None
        self._memory: LiveMemory | None = None

    def attach(self, memory: LiveMemory) -> None:
        """Keep it there."""
        self._memory = memory

    def watch(self, streams: LiveStreams | None) -> None:
        """Let the panels of these streams stand as they stood; None: nothing is live."""
        self._streams = streams
        if streams is None:
            return
        if self._memory is not None:
            streams.show_plans(live_layout.bound(self._memory.live, streams.kinds))
        streams.listen(self.replace, self.menu_wanted.emit)

    @property
    def streams(self) -> LiveStreams | None:
        """What is live; None: nothing is on screen."""
        return self._streams

    def add(self, plan: PanelPlan, gap: int) -> None:
        """One panel more, in this gap."""
        self._change(lambda plans: plan_edits.inserted(plans, gap, plan))

    def close(self, plan: PanelPlan) -> None:
        """Without this panel, which was added."""
        if plan.kind in live_layout.ADDED:
            self._change(
                lambda plans: plan_edits.closed(plans, plans.index(plan)) if plan in plans else plans
            )

    def replace(self, before: PanelPlan, plan: PanelPlan) -> None:
        """Another plan for a panel."""
        self._change(lambda plans: tuple(plan if each == before else each for each in plans))

    @property
    def is_live(self) -> bool:
        """Whether there are live panels on screen."""
        return self._streams is not None

    @Slot()
    def reset(self) -> None:
        """As nobody had arranged them."""
        streams = self._streams
        if streams is not None:
            self._change(lambda _: live_layout.usual(streams.kinds))

    @Slot(int, int)
    def set_height(self, index: int, height: int) -> None:
        """A panel, and those beside it, of this height; 0: as it likes."""
        self._change(lambda plans: plan_edits.as_high(plans, index, height))

    @Slot(object)
    def set_shares(self, shares: Mapping[int, int]) -> None:
        """Panels of a row so wide."""
        self._change(lambda plans: plan_rows.shared(plans, shares))

    @Slot(int, int)
    def move(self, index: int, gap: int) -> None:
        """A panel into another gap."""
        self._change(lambda plans: plan_edits.moved(plans, index, gap))

    @Slot(int, int, bool)
    def move_beside(self, index: int, other: int, after: bool) -> None:
        """A panel at the right of another one (`after`) or at its left."""
        self._change(lambda plans: plan_rows.beside(plans, index, other, after=after))

    def _change(self, edit: Callable[[Plans], Plans]) -> None:
        streams = self._streams
        if streams is None:
            return
        plans = edit(streams.plans)
        if plans != streams.plans:
            streams.show_plans(plans)
            if self._memory is not None:
                self._memory.keep_live(live_layout.kept(plans, self._memory.live))
            self.changed.emit()
