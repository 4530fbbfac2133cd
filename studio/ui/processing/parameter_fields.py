"""A field for each setting of a chain. Says what is wrong with what was typed; runs nothing of a chain."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QWidget

from studio.app.chains.description import Parameter, ParameterType, ParameterValue
from studio.app.chains.parameters import expected_text, parse
from studio.errors import ChainError
from studio.ui.named import named


class ParameterField(QWidget):
    """One setting: a tick, a list or a line, with its unit."""

    changed = Signal()

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self.label = parameter.name.replace("_", " ")
        self._tick: QCheckBox | None = None
        self._list: QComboBox | None = None
        self._line: QLineEdit | None = None
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        field = self._make()
        field.setToolTip(f"{parameter.help or self.label}: {expected_text(parameter)}")
        if parameter.units:
            form.addRow(field, QLabel(parameter.units))
        else:
            form.addRow(field)

    def _make(self) -> QWidget:
        parameter, name = self.parameter, f"parameter_{self.parameter.name}"
        if parameter.type is ParameterType.TRUTH:
            self._tick = named(QCheckBox(), name)
            self._tick.setChecked(parameter.default is True)
            self._tick.toggled.connect(self.changed)
            return self._tick
        if parameter.type is ParameterType.CHOICE:
            self._list = named(QComboBox(), name)
            self._list.addItems(parameter.choices)
            self._list.setCurrentText(str(parameter.default))
            self._list.currentIndexChanged.connect(self.changed)
            return self._list
        self._line = named(QLineEdit(_shown(parameter.default)), name)
        self._line.setPlaceholderText(expected_text(parameter))
        if parameter.type is not ParameterType.TEXT:
            self._line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._line.textChanged.connect(self.changed)
        return self._line

    def value(self) -> ParameterValue:
        """What stands there; raises ChainError saying what is expected."""
        if self._tick is not None:
            return self._tick.isChecked()
        if self._list is not None:
            return self._list.currentText()
        assert self._line is not None
        return parse(self.parameter, self._line.text())

    def problem(self) -> str:
        """What is wrong with it; empty: nothing."""
        try:
            self.value()
        except ChainError as error:
            return str(error)
        return ""


def _shown(value: ParameterValue | None) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)
