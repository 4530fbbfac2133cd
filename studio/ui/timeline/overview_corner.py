"""What stands left of the overview strip: how long the session is, and what the strip hints at."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.ui.panels.panel import PLOT_LEFT
from studio.ui.panels.time_text import span_text
from studio.ui.theme import Theme, figures_font
from studio.ui.timeline.navigator import Navigator
from studio.ui.timeline.overview import Overview


class OverviewCorner(QWidget):
    """Two short lines."""

    def __init__(self, theme: Theme, overview: Overview, navigator: Navigator, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._overview, self._navigator = theme, overview, navigator
        self._length = QLabel(self)
        self._length.setObjectName("session_length")
        self._length.setFont(figures_font(self.font()))
        self._name = QLabel(self)
        self._name.setObjectName("overview_hint_name")
        self._name.setFont(figures_font(self.font(), scale=0.88))
        self.setFixedWidth(PLOT_LEFT)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 2, 8, 2)
        column.setSpacing(0)
        column.addWidget(self._length)
        column.addWidget(self._name)
        overview.session_changed.connect(self._refresh)
        navigator.changed.connect(self._refresh)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @Slot()
    def _refresh(self) -> None:
        extent = self._navigator.extent
        text = "" if extent is None else f"{span_text(extent.span)} in all"
        if text != self._length.text():
            self._length.setText(text)
        room = self.width() - 16
        name = self._overview.hint_name
        shown = self._name.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room)
        if shown != self._name.text():
            self._name.setText(shown)
            self._name.setToolTip(f"The strip shows {name}." if name else "")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """More or less of the name."""
        super().resizeEvent(event)
        self._refresh()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._name.setStyleSheet(f"color: {self._theme.colour('muted').name()};")
