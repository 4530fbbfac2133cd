"""A page of the settings dialog: a form that shows choices and tells what is chosen. Keeps nothing itself."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QLayout,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.theme import Theme


class SettingsPage(QScrollArea):
    """Lines of settings, with a scroll bar where the screen is small."""

    chosen = Signal(str, object)  # name of a setting, its value

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: dict[str, object] = {}
        self._hints: list[QLabel] = []
        inside = QWidget()
        self.lines = QFormLayout(inside)
        self.lines.setContentsMargins(16, 16, 16, 16)
        self.lines.setHorizontalSpacing(16)
        self.lines.setVerticalSpacing(8)
        self.lines.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)
        theme.changed.connect(self._tint)

    def add_line(self, title: str, field: QWidget | QLayout, first: QWidget | None = None) -> None:
        """A title and what belongs to it; the title stands beside the `first` of several widgets."""
        label = QLabel(title)
        first = first if first is not None else field if isinstance(field, QWidget) else None
        if first is not None:
            label.setFixedHeight(first.sizeHint().height())
        self.lines.addRow(label, field)

    def add_hint(self, text: str) -> None:
        """Muted words below a line."""
        label = QLabel(text)
        self._hints.append(label)
        self._tint()
        # What room is left belongs below the last line: shared out, it parts the words from their setting.
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.lines.setWidget(self.lines.rowCount(), QFormLayout.ItemRole.FieldRole, label)

    def add_tick(self, title: str, text: str, setting: str) -> QCheckBox:
        """A line that is on or off."""
        box = named(QCheckBox(text), f"setting_{setting}")
        box.clicked.connect(lambda on: self.chosen.emit(setting, bool(on)))
        self.add_line(title, box)
        return box

    def add_combo(self, title: str, options: Mapping[str, str], setting: str) -> QComboBox:
        """One of several; `options`: values and what they are called."""
        combo = named(QComboBox(), f"setting_{setting}")
        for value, text in options.items():
            combo.addItem(text, value)
        combo.setSizePolicy(combo.sizePolicy().Policy.Fixed, combo.sizePolicy().Policy.Fixed)
        combo.activated.connect(lambda _: self.chosen.emit(setting, combo.currentData()))
        self.add_line(title, combo)
        return combo

    def add_radios(self, title: str, options: Mapping[str, str], setting: str) -> dict[str, QRadioButton]:
        """One of a few, all of them seen."""
        group, column = QButtonGroup(self), QVBoxLayout()
        column.setSpacing(4)
        radios = {}
        for value, text in options.items():
            radio = radios[value] = named(QRadioButton(text), f"setting_{setting}_{value}")
            radio.clicked.connect(lambda _, value=value: self.chosen.emit(setting, value))
            group.addButton(radio)
            column.addWidget(radio, 0, Qt.AlignmentFlag.AlignLeft)
        self.add_line(title, column, radios[next(iter(options))])
        return radios

    def _tint(self) -> None:
        for label in self._hints:
            tint(label, self._theme, "muted")
