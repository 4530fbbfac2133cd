"""What is done with the mouse to panels as a whole: dropped on, picked, made higher or wider, moved.

Turns it into changes of the arrangement; draws nothing.
"""

from PySide6.QtCore import QObject, Signal, Slot

from studio.formats.recording import StreamRef
from studio.ui.timeline.arrangement import Arrangement
from studio.ui.timeline.cursor_moves import CursorMoves
from studio.ui.timeline.drop_target import DropTarget
from studio.ui.timeline.live_arrangement import LiveArrangement
from studio.ui.timeline.panel_stack import PanelStack


class PanelGestures(QObject):
    """Listens to one stack of panels."""

    others_dropped = Signal(object)  # tuple[StreamRef, ...] that are not of the session on screen

    def __init__(
        self, stack: PanelStack, arrangement: Arrangement, live: LiveArrangement, moves: CursorMoves
    ) -> None:
        super().__init__(stack)
        self._arrangement, self._moves = arrangement, moves
        drops = DropTarget(stack, arrangement.can_overlay, arrangement.shows_instant)
        drops.dropped_between.connect(self._on_dropped_between)
        drops.dropped_onto.connect(self._on_dropped_onto)
        drops.dropped_beside.connect(arrangement.add_beside)
        stack.picked.connect(self._on_panel_picked)
        for each in (
            arrangement,
            live,
        ):  # one of them has the panels on screen, to the other it means nothing
            stack.height_chosen.connect(each.set_height)
            stack.shares_chosen.connect(each.set_shares)
            stack.move_wanted.connect(each.move)
            stack.beside_wanted.connect(each.move_beside)

    @Slot(object, int)
    def _on_dropped_between(self, refs: tuple[StreamRef, ...], gap: int) -> None:
        others = self._arrangement.add_dropped(refs, gap)
        if others:
            self.others_dropped.emit(others)

    @Slot(object, int)
    def _on_dropped_onto(self, ref: StreamRef, panel: int) -> None:
        self._arrangement.overlay(ref, panel)

    @Slot(int)
    def _on_panel_picked(self, panel: int) -> None:
        """Steps go along the stream of the panel whose header was pressed."""
        ref = self._arrangement.stream_of(panel)
        if ref is not None:
            self._moves.pick(ref)
