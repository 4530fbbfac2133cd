"""A field for each setting of a chain. Says what is wrong with what was typed; runs nothing of a chain."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from studio.app.chains.description import Parameter, ParameterType, ParameterValue
from studio.app.chains.parameters import expected_text, parse
from studio.errors import ChainError
from studio.ui.named import named

LINE_WIDTH = 140


class ParameterField(QObject):
    """One setting: a tick, a list or a line, which is its `widget`."""

    changed = Signal()

    def __init__(self, parameter: Parameter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self.label = label_of(parameter)
        self._tick: QCheckBox | None = None
        self._list: QComboBox | None = None
        self._line: QLineEdit | None = None
        self.widget = self._make()
        self.widget.setToolTip(f"{parameter.help or self.label}: {expected_text(parameter)}")

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
            self._line.setFixedWidth(LINE_WIDTH)
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


def label_of(parameter: Parameter) -> str:
    """Its name as people read it, without the unit that stands behind the field: `threshold_db` in dB."""
    name = parameter.name
    if parameter.units and name.casefold().endswith("_" + parameter.units.casefold()):
        name = name[: -len(parameter.units) - 1]
    return name.replace("_", " ").capitalize()


def _shown(value: ParameterValue | None) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)
