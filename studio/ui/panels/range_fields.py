"""Two fields for the ends of a range, as they stand in the menu of a panel."""

import math

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from studio.ui.readable import MINUS

FIELD_WIDTH = 96


class RangeFields(QWidget):
    """Lowest and highest value; an empty field is found by itself."""

    chosen = Signal(object, object)  # low, high: float or None

    def __init__(
        self, low: float | None, high: float | None, units: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.low_field, self.high_field = _field(low), _field(high)
        self.low_field.setObjectName("range_low")
        self.high_field.setObjectName("range_high")
        self.problem = QLabel("", self)
        self.problem.setObjectName("range_problem")
        button = QPushButton("Apply", self)
        button.setObjectName("range_apply")
        button.clicked.connect(self._on_applied)
        self.low_field.returnPressed.connect(self._on_applied)
        self.high_field.returnPressed.connect(self._on_applied)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 6, 12, 6)
        for row, (name, field) in enumerate((("Highest", self.high_field), ("Lowest", self.low_field))):
            grid.addWidget(QLabel(name, self), row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(QLabel(units, self), row, 2)
        grid.addWidget(self.problem, 2, 0, 1, 3)
        grid.addWidget(button, 3, 1)
        self.problem.hide()

    @Slot()
    def _on_applied(self) -> None:
        try:
            low, high = number_of(self.low_field.text()), number_of(self.high_field.text())
        except ValueError:
            self._complain("Type numbers, or nothing for automatic.")
            return
        if low is not None and high is not None and low >= high:
            self._complain("The highest value must be above the lowest.")
            return
        self.chosen.emit(low, high)

    def _complain(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.show()


def number_of(text: str) -> float | None:
    """The number a person typed (`-1,5`, `2e3`); None of nothing. Raises ValueError for what is none."""
    plain = text.strip().replace(MINUS, "-").replace(",", ".").replace(" ", "")
    if not plain:
        return None
    value = float(plain)
    if not math.isfinite(value):
        raise ValueError(f"{text} is no place on an axis")
    return value


def _field(value: float | None) -> QLineEdit:
    field = QLineEdit("" if value is None else f"{value:.6g}")
    field.setPlaceholderText("automatic")
    field.setMinimumWidth(FIELD_WIDTH)
    return field
