"""The line that shows where something dragged would go. Knows where, and not what happens then."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QFrame, QWidget

THICKNESS = 3


class InsertionLine(QFrame):
    """Lies over the panels while something is dragged."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._column = parent
        self.setObjectName("insertion_line")
        self.hide()

    def show_between(self, y: int, width: int) -> None:
        """Between two rows."""
        self._show(QRect(0, max(0, y - THICKNESS // 2), width, THICKNESS), filled=True)

    def show_beside(self, panel: QRect, *, after: bool) -> None:
        """At the right of a panel (`after`), or at its left."""
        x = panel.right() + 1 if after else panel.left()
        most = self._column.width() - THICKNESS
        left = min(max(0, x - THICKNESS // 2), most)
        self._show(QRect(left, panel.top(), THICKNESS, panel.height()), filled=True)

    def show_onto(self, panel: QRect) -> None:
        """Around a panel that would take it in."""
        self._show(panel, filled=False)

    def _show(self, place: QRect, *, filled: bool) -> None:
        colour = self.palette().highlight().color().name()
        ground = colour if filled else "transparent"
        self.setStyleSheet(f"#insertion_line {{ background: {ground}; border: 2px solid {colour}; }}")
        self.setGeometry(place)
        self.show()
        self.raise_()
