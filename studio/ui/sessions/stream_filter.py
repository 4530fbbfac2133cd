"""The line under the search: which streams of opened recordings are shown; open all, close all."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from studio.ui.named import named
from studio.ui.theme import Theme

DELAY_MS = 200
"""Each recording that is opened up is asked again; nobody wants that for every letter."""
EXPLANATION = (
    "Of recordings that are opened up, only streams whose names hold all of these words. Escape shows all."
)


class StreamFilter(QWidget):
    """Tells words and wishes; knows no streams."""

    filtered = Signal(str)
    left = Signal()  # the user wants to go to what was found
    open_all_wanted = Signal()
    close_all_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.line = named(_Line(placeholderText="Filter streams"), "streams_filter")
        self.line.setClearButtonEnabled(True)
        self.line.setToolTip(EXPLANATION)
        self._open = named(QToolButton(autoRaise=True), "expand_all")
        self._open.setToolTip("Open up all rows")
        self._close = named(QToolButton(autoRaise=True), "collapse_all")
        self._close.setToolTip("Close up all rows")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 4)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        row.addWidget(self._open)
        row.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._timer.timeout.connect(self._tell)
        self.line.textChanged.connect(self._timer.start)
        self.line.returnPressed.connect(self._on_return_pressed)
        self.line.left.connect(self.left)
        self._open.clicked.connect(self.open_all_wanted)
        self._close.clicked.connect(self.close_all_wanted)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @Slot()
    def _tell(self) -> None:
        self._timer.stop()
        self.filtered.emit(" ".join(self.line.text().split()))

    @Slot()
    def _on_return_pressed(self) -> None:
        self._tell()
        self.left.emit()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._open.setIcon(self._theme.icon("expand-all", "muted"))
        self._close.setIcon(self._theme.icon("collapse-all", "muted"))


class _Line(QLineEdit):
    """Escape empties it and leaves; the arrow down leaves."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.left.emit()
        else:
            super().keyPressEvent(event)
