"""The rows of panels one below the other: heights, widths and places by dragging, a scroll bar when they are
too many.

Owns where panels stand and nothing of what they show. What the user wants is told; the plans decide.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from studio.ui.panels.panel import Panel
from studio.ui.timeline import drop_spots
from studio.ui.timeline.drop_spots import Beside
from studio.ui.timeline.insertion_line import InsertionLine
from studio.ui.timeline.panel_grips import BottomEdge, HeaderGrip, SideEdge
from studio.ui.timeline.placed import Placed, Row, rows_shown
from studio.ui.timeline.row_widths import dragged, shares_of, widths_of
from studio.ui.timeline.stack_heights import Wish, heights_of

EDGE = 4
"""Pixels below each panel, and between those of a row, that can be dragged."""
LEAST_WIDTH = 96
"""Of a panel beside others."""
NEARBY = 64
"""Pixels: a panel so near is already in sight, so that there is something on it when it comes."""


class PanelStack(QScrollArea):
    """Holds panels; deletes those it is not told of any more."""

    height_chosen = Signal(int, int)  # number of the panel, pixels; 0: as it likes
    shares_chosen = Signal(object)  # dict[int, int]: of the panels of a row by their numbers; 0: equal
    sight_changed = Signal()  # other panels than before are in sight
    picked = Signal(int)  # number of the panel whose header was pressed
    move_wanted = Signal(int, int)  # number of the panel, gap it shall go to
    beside_wanted = Signal(int, int, bool)  # number of the panel, of that beside it, whether at its right

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
        self._sides: dict[Panel, SideEdge] = {}
        self._grips: dict[Panel, HeaderGrip] = {}
        self._line = InsertionLine(self._column)
        self._in_sight: frozenset[Panel] = frozenset()
        self.verticalScrollBar().valueChanged.connect(self._look)

    @property
    def in_sight(self) -> frozenset[Panel]:
        """Those that are not hidden, nor scrolled away further than a little."""
        return self._in_sight

    @property
    def panels(self) -> tuple[Panel, ...]:
        """From top to bottom, those of a row from left to right."""
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
            self._sides[one.panel].hide()
        for row in rows_shown(placed):
            for one in row:
                one.panel.stand_beside(len(row) > 1)
            for one in row[:-1]:
                self._sides[one.panel].show()
        self._arrange()

    def gap_at(self, point: QPoint) -> int:
        """The gap between rows that is nearest to a point of the column."""
        return drop_spots.gap_at(self._placed, point.y())

    def panel_at(self, point: QPoint) -> int | None:
        """Number of the panel whose middle half is at a point of the column; None: between two."""
        return drop_spots.panel_at(self._placed, point)

    def side_at(self, point: QPoint) -> Beside | None:
        """The panel beside which a new one that shows an instant would stand; None: between two rows."""
        return drop_spots.side_at(self._placed, point, None)

    def in_column(self, position: QPoint) -> QPoint:
        """Where in the column a position in the viewport is."""
        return self._column.mapFrom(self.viewport(), position)

    def show_spot(self, spot: Beside | int | None) -> None:
        """Show where something dropped would go: beside a panel, or into a gap; None: nothing."""
        if isinstance(spot, Beside):
            self._line.show_beside(self._placed[spot.panel].panel.geometry(), after=spot.after)
        elif spot is not None:
            below = [one.panel for one in self._placed[spot:] if not one.hidden]
            end = max((edge.geometry().bottom() + 1 for edge in self._shown_edges()), default=EDGE)
            self._line.show_between((below[0].y() if below else end) - EDGE // 2, self._column.width())
        else:
            self._line.hide()

    def show_onto(self, panel: int) -> None:
        """Show that something dropped would go into a panel."""
        self._line.show_onto(self._placed[panel].panel.geometry())

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
        side = self._sides[panel] = SideEdge(panel, self._column)
        side.dragged.connect(self._on_side_dragged)
        side.released.connect(self._on_side_released)
        side.reset.connect(self._on_side_reset)
        grip = self._grips[panel] = HeaderGrip(panel, self._column)
        grip.pressed.connect(self._on_grip_pressed)
        grip.moved.connect(self._on_grip_moved)
        grip.released.connect(self._on_grip_released)

    def _drop(self, panel: Panel) -> None:
        for parts in (self._edges, self._sides, self._grips):
            parts.pop(panel).deleteLater()
        panel.hide()
        panel.deleteLater()

    def _number_of(self, panel: Panel) -> int:
        return self.panels.index(panel)

    def _row_of(self, panel: Panel) -> Row:
        return next(row for row in rows_shown(self._placed) if any(one.panel is panel for one in row))

    def _shown_edges(self) -> list[BottomEdge]:
        return [self._edges[one.panel] for one in self._placed if not one.hidden]

    # Places ---------------------------------------------------------------------------------------------

    def _arrange(self, dragged_panel: Panel | None = None, height: int = 0) -> None:
        rows = rows_shown(self._placed)
        room = self.viewport().height() - EDGE * len(rows)
        wishes = [self._wish(row, dragged_panel, height) for row in rows]
        y, width = 0, self.viewport().width()
        for row, taken in zip(rows, heights_of(wishes, room), strict=True):
            self._place_row(row, self._widths_of(row), y, taken)
            y += taken + EDGE
        self._column.resize(width, max(y, self.viewport().height()))
        self._look()

    def _place_row(self, row: Row, widths: Sequence[int], y: int, height: int) -> None:
        x = 0
        for one, width in zip(row, widths, strict=True):
            one.panel.setGeometry(x, y, width, height)
            self._edges[one.panel].setGeometry(x, y + height, width + EDGE, EDGE)
            self._sides[one.panel].setGeometry(x + width, y, EDGE, height)
            x += width + EDGE

    def _widths_of(self, row: Row) -> tuple[int, ...]:
        room = self.viewport().width() - EDGE * (len(row) - 1)
        return widths_of([one.share for one in row], room, LEAST_WIDTH)

    def _wish(self, row: Row, dragged_panel: Panel | None, height: int) -> Wish:
        liked = max(one.panel.sizeHint().height() for one in row)
        if len(row) > 1:  # beside others there is room for larger ones, as far as they are wide
            liked = max(liked // 2, min(liked * 3 // 2, self.viewport().width() // len(row) * 3 // 4))
        chosen = max(one.height for one in row)
        if any(one.panel is dragged_panel for one in row):
            chosen = height
        return Wish(liked=liked, least=max(one.panel.minimumHeight() for one in row), chosen=chosen)

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

    # Grips ----------------------------------------------------------------------------------------------

    @Slot(object, int)
    def _on_edge_dragged(self, panel: Panel, height: int) -> None:
        self._arrange(panel, height)

    @Slot(object, int)
    def _on_edge_released(self, panel: Panel, height: int) -> None:
        self.height_chosen.emit(self._number_of(panel), max(height, panel.minimumHeight()))

    @Slot(object)
    def _on_edge_reset(self, panel: Panel) -> None:
        self.height_chosen.emit(self._number_of(panel), 0)

    @Slot(object, int)
    def _on_side_dragged(self, panel: Panel, by: int) -> None:
        row = self._row_of(panel)
        self._place_row(row, self._dragged_widths(row, panel, by), panel.y(), panel.height())

    @Slot(object, int)
    def _on_side_released(self, panel: Panel, by: int) -> None:
        row = self._row_of(panel)
        shares = shares_of(self._dragged_widths(row, panel, by))
        self.shares_chosen.emit({self._number_of(one.panel): n for one, n in zip(row, shares, strict=True)})

    @Slot(object)
    def _on_side_reset(self, panel: Panel) -> None:
        self.shares_chosen.emit({self._number_of(one.panel): 0 for one in self._row_of(panel)})

    def _dragged_widths(self, row: Row, panel: Panel, by: int) -> tuple[int, ...]:
        border = next(n for n, one in enumerate(row) if one.panel is panel)
        return dragged(self._widths_of(row), border, by, LEAST_WIDTH)

    @Slot(object)
    def _on_grip_pressed(self, panel: Panel) -> None:
        self.picked.emit(self._number_of(panel))

    @Slot(object, object)
    def _on_grip_moved(self, panel: Panel, point: QPoint) -> None:
        self.show_spot(drop_spots.spot_for(self._placed, point, self._number_of(panel)))

    @Slot(object, object)
    def _on_grip_released(self, panel: Panel, point: QPoint) -> None:
        self.show_spot(None)
        number = self._number_of(panel)
        spot = drop_spots.spot_for(self._placed, point, number)
        if isinstance(spot, Beside):
            self.beside_wanted.emit(number, spot.panel, spot.after)
        elif spot is not None:
            self.move_wanted.emit(number, spot)
