"""The list of keys (F1). Shows what `actions.key_list` says."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from studio.ui.actions import key_list
from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.theme import Theme


class KeyList(QDialog):
    """All keys in two columns. Use `open` or `show`; it stops nobody."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keys_dialog")
        self.setWindowTitle("Keys")
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(8)
        for line, (keys, text) in enumerate(key_list()):
            key_label = QLabel(keys)
            tint(key_label, theme, "accent")
            grid.addWidget(key_label, line, 0)
            grid.addWidget(QLabel(text), line, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        named(buttons.button(QDialogButtonBox.StandardButton.Close), "keys_close_button")
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addLayout(grid)
        column.addWidget(buttons)
