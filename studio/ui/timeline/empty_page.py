"""What the timeline shows when there is nothing: what to do."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.ui.theme import Theme

ICON_PIXELS = 48


class EmptyPage(QWidget):
    """An icon and a sentence in the middle."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline_empty")
        self._theme = theme
        self._icon = QLabel(self)
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label = QLabel(self)
        self._label.setObjectName("timeline_empty_text")
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(self._icon)
        column.addWidget(self._label)
        column.addStretch(1)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def show_text(self, text: str) -> None:
        """Say this."""
        self._label.setText(text)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._icon.setPixmap(self._theme.icon("signal", "muted").pixmap(ICON_PIXELS, ICON_PIXELS))
        self._label.setStyleSheet(f"color: {self._theme.colour('muted').name()};")
