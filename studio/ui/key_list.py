"""The list of keys (F1). Shows what `key_groups` says, in two columns; they scroll if the screen is small."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.ui.key_groups import KeyLine, key_groups
from studio.ui.named import named

SHARE_OF_SCREEN = 0.85
"""No larger than that: a dialog whose button lies below the screen cannot be closed with the mouse."""
CAPS_WIDTH = 136
"""Room for the keys, in all groups the same: what they do stands in one line."""


class KeyList(QDialog):
    """All keys by what they are for. Use `open` or `show`; it stops nobody."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keys_dialog")
        self.setWindowTitle("Keys")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        named(buttons.button(QDialogButtonBox.StandardButton.Close), "keys_close_button")
        buttons.rejected.connect(self.reject)
        self._area = named(QScrollArea(widgetResizable=True), "keys_area")
        self._inside = _columns()
        self._area.setWidget(self._inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 16)
        column.setSpacing(16)
        column.addWidget(self._area, 1)
        row = QHBoxLayout()
        row.setContentsMargins(24, 0, 24, 0)
        row.addWidget(buttons)
        column.addLayout(row)
        self.ensurePolished()
        self.resize(self.sizeHint())  # Qt alone would take two thirds of the screen at most

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """All of the keys, as far as the screen has room for them."""
        bar, inside = self._area.verticalScrollBar().sizeHint().width(), self._inside.sizeHint()
        below = super().sizeHint().height() - self._area.sizeHint().height()
        wanted = QSize(inside.width() + bar, inside.height() + below)
        return wanted.boundedTo(self.screen().availableSize() * SHARE_OF_SCREEN)


def _columns() -> QWidget:
    """The groups in two columns of about the same height."""
    inside = QWidget()
    row = QHBoxLayout(inside)
    row.setContentsMargins(24, 24, 24, 8)
    row.setSpacing(48)
    groups = key_groups()
    height, half = 0, sum(len(lines) + 2 for lines in groups.values()) / 2
    left, right = QVBoxLayout(), QVBoxLayout()
    for title, lines in groups.items():
        (left if height + len(lines) / 2 < half else right).addLayout(_group(title, lines))
        height += len(lines) + 2
    for column in (left, right):
        column.setSpacing(16)
        column.addStretch(1)
        row.addLayout(column, 1)
    return inside


def _group(title: str, lines: tuple[KeyLine, ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    grid.setColumnMinimumWidth(0, CAPS_WIDTH)
    heading = QLabel(title)
    font = heading.font()
    font.setBold(True)
    heading.setFont(font)
    heading.setContentsMargins(0, 0, 0, 4)
    grid.addWidget(heading, 0, 0, 1, 2)
    for line, (keys, text) in enumerate(lines, start=1):
        cap = named(QLabel(keys), "key_cap")
        grid.addWidget(cap, line, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(QLabel(text), line, 1)
    return grid
