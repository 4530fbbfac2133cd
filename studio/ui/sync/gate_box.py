"""When a recording may start, and what it does when the reference is lost."""

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QWidget,
)

from studio.app.clock_sync import WhenLost
from studio.timing import NS_PER_MS
from studio.ui import readable
from studio.ui.named import named
from studio.ui.sync.clock_view import ClockView
from studio.ui.sync.section import GAP, add_button, column, heading, settled

LEAST_MS, MOST_MS = 0.1, 10_000.0
_WHEN_LOST = {
    WhenLost.CONTINUE: (
        "Continue and note it",
        "The recording keeps its time line and says where it was alone",
    ),
    WhenLost.WARN: ("Warn", "As well as noting it, say so above the timeline"),
    WhenLost.STOP: ("Stop the recording", "Finish the file properly"),
}


class GateBox(QWidget):
    """The start gate and the loss of the reference."""

    settings_wanted = Signal(object)  # ClockSettings

    def __init__(self, title: str = "Recording") -> None:
        """`title` empty: there is one beside it."""
        super().__init__()
        self._view: ClockView | None = None
        self._gate = named(QCheckBox(f"Do not start unless \u00b1{readable.SPACE}\u2264"), "clock_gate")
        self._limit = named(
            settled(QDoubleSpinBox(minimum=LEAST_MS, maximum=MOST_MS, decimals=1)), "clock_limit"
        )
        self._limit.setSuffix(f"{readable.SPACE}ms")
        self._limit.setAccessibleName("Limit of the guaranteed bound, in milliseconds")
        self._limit.setToolTip("How exact the clock shall be at least")
        self._lost: dict[WhenLost, QRadioButton] = {}
        self._lay_out(title)
        self._gate.clicked.connect(self._on_edited)
        self._limit.valueChanged.connect(self._on_edited)

    def _lay_out(self, title: str) -> None:
        lines = column(self, spacing=4)
        if title:
            lines.addWidget(heading(title))
        line = QHBoxLayout()
        line.setSpacing(GAP)
        line.addWidget(self._gate)
        line.addWidget(self._limit)
        line.addStretch(1)
        lines.addLayout(line)
        lines.addWidget(QLabel("If the reference is lost:"))
        group = QButtonGroup(self)
        for choice, (text, tip) in _WHEN_LOST.items():
            button = self._lost[choice] = named(QRadioButton(text), f"clock_lost_{choice}")
            button.setToolTip(tip)
            button.clicked.connect(self._on_edited)
            group.addButton(button)
            add_button(lines, button)

    @property
    def first(self) -> QWidget:
        """What a title of its own stands beside."""
        return self._limit

    def show_view(self, view: ClockView) -> None:
        """Show the settings."""
        self._view = None  # what is set here is not what somebody typed
        settings = view.settings
        self._gate.setChecked(settings.gate)
        if not self._limit.hasFocus():
            self._limit.setValue(settings.bound_limit_ns / NS_PER_MS)
        self._lost[settings.when_lost].setChecked(True)
        for widget in (self._gate, self._limit, *self._lost.values()):
            widget.setEnabled(view.is_reached)
        self._view = view

    @Slot()
    def _on_edited(self) -> None:
        if self._view is None:
            return
        settings = self._view.settings
        wanted = replace(
            settings,
            gate=self._gate.isChecked(),
            bound_limit_ns=round(self._limit.value() * NS_PER_MS),
            when_lost=next(choice for choice, button in self._lost.items() if button.isChecked()),
        )
        if wanted != settings:
            self.settings_wanted.emit(wanted)
