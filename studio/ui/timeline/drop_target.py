"""Takes streams that are dropped on the panels: between two it is a new one, in the middle of one an overlay,
at the side of one that shows an instant it comes beside it.

Shows where it would go, and tells; makes no panels itself.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Signal
from PySide6.QtGui import QDragLeaveEvent, QDragMoveEvent, QDropEvent

from studio.formats.recording import StreamRef
from studio.ui.stream_drag import carries_streams, refs_in
from studio.ui.timeline.drop_spots import Beside
from studio.ui.timeline.panel_stack import PanelStack

CanOverlay = Callable[[int, StreamRef], bool]
ShowsInstant = Callable[[StreamRef], bool]


class DropTarget(QObject):
    """Watches the stack of panels."""

    dropped_between = Signal(object, int)  # tuple[StreamRef, ...], gap
    dropped_onto = Signal(object, int)  # StreamRef, number of the panel
    dropped_beside = Signal(object, int, bool)  # StreamRef, number of the panel, whether at its right

    def __init__(self, stack: PanelStack, can_overlay: CanOverlay, shows_instant: ShowsInstant) -> None:
        super().__init__(stack)
        self._stack, self._can_overlay, self._shows_instant = stack, can_overlay, shows_instant
        stack.viewport().setAcceptDrops(True)
        stack.viewport().installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Drags over the stack."""
        if isinstance(event, QDropEvent):  # entering and moving are drops, too
            if not carries_streams(event.mimeData()):
                return False
            position = event.position().toPoint()
            if event.type() == QEvent.Type.Drop:
                self._drop(event, position)
            elif isinstance(event, QDragMoveEvent):
                self._show(refs_in(event.mimeData()), position)
            event.acceptProposedAction()
            return True
        if isinstance(event, QDragLeaveEvent):
            self._stack.show_spot(None)
        return False

    def _show(self, refs: tuple[StreamRef, ...], position: QPoint) -> None:
        panel = self._panel_for(refs, position)
        if panel is None:
            self._stack.show_spot(self._side(refs, position) or self._gap(position))
        else:
            self._stack.show_onto(panel)

    def _drop(self, event: QDropEvent, position: QPoint) -> None:
        self._stack.show_spot(None)
        refs = refs_in(event.mimeData())
        panel, side = self._panel_for(refs, position), self._side(refs, position)
        if panel is not None:
            self.dropped_onto.emit(refs[0], panel)
        elif side is not None:
            self.dropped_beside.emit(refs[0], side.panel, side.after)
        elif refs:
            self.dropped_between.emit(refs, self._gap(position))

    def _gap(self, position: QPoint) -> int:
        return self._stack.gap_at(self._stack.in_column(position))

    def _side(self, refs: tuple[StreamRef, ...], position: QPoint) -> Beside | None:
        """The panel beside which the one of the stream would stand."""
        if len(refs) != 1 or not self._shows_instant(refs[0]):
            return None
        return self._stack.side_at(self._stack.in_column(position))

    def _panel_for(self, refs: tuple[StreamRef, ...], position: QPoint) -> int | None:
        """The panel that would show the stream besides its own."""
        panel = self._stack.panel_at(self._stack.in_column(position))
        if panel is None or len(refs) != 1 or not self._can_overlay(panel, refs[0]):
            return None
        return panel
