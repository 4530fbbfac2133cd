"""Asks which words the keys 1 to 9 drop as markers. Keeps nothing itself."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from studio.ui.named import named

WIDTH = 280


class PresetsDialog(QDialog):
    """One line for each key."""

    chosen = Signal(object)  # tuple[str, ...]

    def __init__(self, presets: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("presets_dialog")
        self.setWindowTitle("Marker keys")
        column, form = QVBoxLayout(self), QFormLayout()
        column.addWidget(QLabel("A key drops a marker with these words, while recording and afterwards."))
        self._lines = [
            named(QLineEdit(text, maxLength=100), f"preset_{n}") for n, text in enumerate(presets, 1)
        ]
        for number, line in enumerate(self._lines, 1):
            line.setMinimumWidth(WIDTH)
            form.addRow(f"{number}", line)
        column.addLayout(form)
        buttons = QDialogButtonBox.StandardButton
        box = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        box.accepted.connect(self._on_accepted)
        box.rejected.connect(self.reject)
        column.addWidget(box)

    @Slot()
    def _on_accepted(self) -> None:
        self.chosen.emit(tuple(line.text().strip() for line in self._lines))
        self.accept()
