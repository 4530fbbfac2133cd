"""The panels one below the other: heights and order by dragging, a scroll bar when they are too many.

Owns where panels stand and nothing of what they show. What the user wants is told; the plans decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from studio.ui.panels.panel import Panel
from studio.ui.timeline.panel_grips import BottomEdge, HeaderGrip
from studio.ui.timeline.stack_heights import Wish, heights_of

EDGE = 4
"""Pixels below each panel that can be dragged."""
INSERTION_LINE = 3
NEARBY = 64
"""Pixels: a panel so near is already in sight, so that there is something on it when it comes."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A panel and what its plan says about its place."""

    panel: Panel
    height: int = 0
    hidden: bool = False


class PanelStack(QScrollArea):
    """Holds panels; deletes those it is not told of any more."""

    height_chosen = Signal(int, int)  # number of the panel, pixels; 0: as it likes
    sight_changed = Signal()  # other panels than before are in sight
    picked = Signal(int)  # number of the panel whose header was pressed
    move_wanted = Signal(int, int)  # number of the panel, gap it shall go to

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline_stack")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column = QWidget()
        self._column.setObjectName("timeline_panels")
        self.setWidget(self._column)
        self._placed: tuple[Placed, ...] = ()
        self._edges: dict[Panel, BottomEdge] = {}
        self._grips: dict[Panel, HeaderGrip] = {}
        self._line = QFrame(self._column)
        self._line.setObjectName("insertion_line")
        self._line.hide()
        self._in_sight: frozenset[Panel] = frozenset()
        self.verticalScrollBar().valueChanged.connect(self._look)

    @property
    def in_sight(self) -> frozenset[Panel]:
        """Those that are not hidden, nor scrolled away further than a little."""
        return self._in_sight

    @property
    def panels(self) -> tuple[Panel, ...]:
        """From top to bottom."""
        return tuple(placed.panel for placed in self._placed)

    def show_panels(self, placed: Sequence[Placed]) -> None:
        """Show these instead of those before; those that stay are not made anew."""
        kept = {one.panel for one in placed}
        for panel in self.panels:
            if panel not in kept:
                self._drop(panel)
        self._placed = tuple(placed)
        for one in placed:
            if one.panel not in self._edges:
                self._take(one.panel)
            one.panel.setVisible(not one.hidden)
            self._edges[one.panel].setVisible(not one.hidden)
        self._arrange()

    def gap_at(self, y: int) -> int:
        """The gap between panels that is nearest to a height in the column."""
        middles = [
            (one.panel.y() + one.panel.height() / 2) if not one.hidden else float("-inf")
            for one in self._placed
        ]
        below = [n for n, middle in enumerate(middles) if middle <= y]
        return below[-1] + 1 if below else 0

    def panel_at(self, y: int) -> int | None:
        """Number of the panel whose middle half is at a height in the column; None: between two."""
        for n, one in enumerate(self._placed):
            quarter = one.panel.height() / 4
            if not one.hidden and one.panel.y() + quarter <= y <= one.panel.y() + 3 * quarter:
                return n
        return None

    def y_in_column(self, position: QPoint) -> int:
        """The height in the column of a position in the viewport."""
        return self._column.mapFrom(self.viewport(), position).y()

    def show_line(self, gap: int | None, panel: int | None = None) -> None:
        """Show where something dropped would go: into a gap, or onto a panel; neither: nothing."""
        shown = [one.panel for one in self._placed if not one.hidden]
        self._line.setVisible(gap is not None or panel is not None)
        if panel is not None:
            self._line.setGeometry(self._placed[panel].panel.geometry())
        elif gap is not None:
            below = [one.panel for one in self._placed[gap:] if not one.hidden]
            end = shown[-1].geometry().bottom() + 1 if shown else 0
            y = max(0, (below[0].y() if below else end + EDGE) - EDGE // 2 - INSERTION_LINE // 2)
            self._line.setGeometry(0, y, self._column.width(), INSERTION_LINE)
        colour = self.palette().highlight().color().name()
        ground = f"background: {colour};" if panel is None else "background: transparent;"
        self._line.setStyleSheet(f"#insertion_line {{ {ground} border: 2px solid {colour}; }}")
        self._line.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """The panels share the new room."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Fonts and styles change how high panels must be."""
        handled = super().event(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._arrange()
        return handled

    # Panels ---------------------------------------------------------------------------------------------

    def _take(self, panel: Panel) -> None:
        panel.setParent(self._column)
        edge = self._edges[panel] = BottomEdge(panel, self._column)
        edge.dragged.connect(self._on_edge_dragged)
        edge.released.connect(self._on_edge_released)
        edge.reset.connect(self._on_edge_reset)
        grip = self._grips[panel] = HeaderGrip(panel, self._column)
        grip.pressed.connect(self._on_grip_pressed)
        grip.moved.connect(self._on_grip_moved)
        grip.released.connect(self._on_grip_released)

    def _drop(self, panel: Panel) -> None:
        self._edges.pop(panel).deleteLater()
        self._grips.pop(panel).deleteLater()
        panel.hide()
        panel.deleteLater()

    def _number_of(self, panel: Panel) -> int:
        return self.panels.index(panel)

    # Places ---------------------------------------------------------------------------------------------

    def _arrange(self, dragged: Panel | None = None, height: int = 0) -> None:
        shown = [one for one in self._placed if not one.hidden]
        room = self.viewport().height() - EDGE * len(shown)
        wishes = [_wish(one, height if one.panel is dragged else one.height) for one in shown]
        y, width = 0, self.viewport().width()
        for one, taken in zip(shown, heights_of(wishes, room), strict=True):
            one.panel.setGeometry(0, y, width, taken)
            self._edges[one.panel].setGeometry(0, y + taken, width, EDGE)
            y += taken + EDGE
        self._column.resize(width, max(y, self.viewport().height()))
        self._look()

    @Slot()
    def _look(self) -> None:
        top, height = self.verticalScrollBar().value() - NEARBY, self.viewport().height() + 2 * NEARBY
        seen = frozenset(
            one.panel
            for one in self._placed
            if not one.hidden and one.panel.y() < top + height and one.panel.geometry().bottom() >= top
        )
        if seen != self._in_sight:
            self._in_sight = seen
            self.sight_changed.emit()

    @Slot(object, int)
    def _on_edge_dragged(self, panel: Panel, height: int) -> None:
        self._arrange(panel, height)

    @Slot(object, int)
    def _on_edge_released(self, panel: Panel, height: int) -> None:
        self.height_chosen.emit(self._number_of(panel), max(height, panel.minimumHeight()))

    @Slot(object)
    def _on_edge_reset(self, panel: Panel) -> None:
        self.height_chosen.emit(self._number_of(panel), 0)

    @Slot(object)
    def _on_grip_pressed(self, panel: Panel) -> None:
        self.picked.emit(self._number_of(panel))

    @Slot(int)
    def _on_grip_moved(self, y: int) -> None:
        self.show_line(self.gap_at(y))

    @Slot(object, int)
    def _on_grip_released(self, panel: Panel, y: int) -> None:
        self.show_line(None)
        number, gap = self._number_of(panel), self.gap_at(y)
        if gap not in (number, number + 1):
            self.move_wanted.emit(number, gap)


def _wish(one: Placed, height: int) -> Wish:
    return Wish(liked=one.panel.sizeHint().height(), least=one.panel.minimumHeight(), chosen=height)
