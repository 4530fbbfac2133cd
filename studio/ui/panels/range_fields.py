"""Two fields for the ends of a range, as they stand in the menu of a panel."""

import math
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from studio.ui.readable import MINUS

FIELD_WIDTH = 96


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What the fields are for."""

    name: str
    """Of the widgets."""
    high: str
    low: str
    empty: str
    """What an empty field means."""
    crossed: str
    """What is wrong with a low end above the high one."""


RANGE = FieldWords("range", "Highest", "Lowest", "automatic", "The highest value must be above the lowest.")
THRESHOLD = FieldWords(
    "threshold", "Mark above", "Mark below", "nothing", "The upper level must be above the lower."
)


class RangeFields(QWidget):
    """Lowest and highest value; an empty field is left to the words."""

    chosen = Signal(object, object)  # low, high: float or None

    def __init__(
        self,
        low: float | None,
        high: float | None,
        units: str,
        parent: QWidget | None = None,
        *,
        words: FieldWords = RANGE,
    ) -> None:
        super().__init__(parent)
        self._words = words
        self.low_field, self.high_field = _field(low, words.empty), _field(high, words.empty)
        self.low_field.setObjectName(f"{words.name}_low")
        self.high_field.setObjectName(f"{words.name}_high")
        self.problem = QLabel("", self)
        self.problem.setObjectName(f"{words.name}_problem")
        button = QPushButton("Apply", self)
        button.setObjectName(f"{words.name}_apply")
        button.clicked.connect(self._on_applied)
        self.low_field.returnPressed.connect(self._on_applied)
        self.high_field.returnPressed.connect(self._on_applied)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 6, 12, 6)
        for row, (name, field) in enumerate(((words.high, self.high_field), (words.low, self.low_field))):
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
            self._complain(f"Type numbers; an empty field means {self._words.empty}.")
            return
        if low is not None and high is not None and low >= high:
            self._complain(self._words.crossed)
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


def _field(value: float | None, empty: str) -> QLineEdit:
    field = QLineEdit("" if value is None else f"{value:.6g}")
    field.setPlaceholderText(empty)
    field.setMinimumWidth(FIELD_WIDTH)
    return field
