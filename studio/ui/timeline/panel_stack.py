"""The panels one below the other: heights by dragging, a scroll bar when they are too many."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QWidget

from studio.ui.panels.panel import Panel


class PanelStack(QScrollArea):
    """Holds panels; deletes those it is told to drop."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline_stack")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._splitter = self._new_splitter()

    def show_panels(self, panels: tuple[Panel, ...]) -> None:
        """Show these instead of those before."""
        splitter = self._new_splitter()
        for n, panel in enumerate(panels):
            splitter.addWidget(panel)
            # Room that is left over is shared by what each kind likes to have.
            splitter.setStretchFactor(n, max(1, panel.sizeHint().height() // 8))
        splitter.setSizes([panel.sizeHint().height() for panel in panels])

    def _new_splitter(self) -> QSplitter:
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setObjectName("timeline_panels")
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(4)
        self.setWidget(self._splitter)  # deletes the one before with its panels
        return self._splitter
