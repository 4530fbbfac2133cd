"""The machines that offer their clock, each with what a look at it said and a button to follow it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from studio.ui.labels import ElidedLabel, tint
from studio.ui.named import named
from studio.ui.sync.clock_view import ClockView
from studio.ui.sync.machine_rows import MachineRow
from studio.ui.sync.section import column, heading, hint, show_text
from studio.ui.theme import Theme, figures_font

FIGURES = ("Round trip", "Offset", "Bound", "Seen")
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse


class MachineRowWidget(QFrame):
    """One machine."""

    follow_requested = Signal(str)  # its key
    forget_requested = Signal(str)

    def __init__(self, theme: Theme, number: int) -> None:
        super().__init__()
        self.setObjectName(f"clock_machine_{number}")
        self.setProperty("card", "machine")
        self._theme = theme
        self._row: MachineRow | None = None
        self._name, self._mark, self._about = ElidedLabel(), QLabel(), ElidedLabel()
        self._figures = tuple(QLabel() for _ in FIGURES)
        self._names = tuple(QLabel(name) for name in FIGURES)
        self._problem = hint(theme)
        self.follow = named(QPushButton("Follow"), f"clock_follow_{number}")
        self.forget = named(QToolButton(autoRaise=True), f"clock_forget_{number}")
        self._dress()
        self._lay_out()
        self.follow.clicked.connect(self._on_follow_clicked)
        self.forget.clicked.connect(self._on_forget_clicked)
        theme.changed.connect(self._retint)

    def _dress(self) -> None:
        font = self._name.font()
        font.setBold(True)
        self._name.setFont(font)
        small = figures_font(self.font(), scale=0.88)
        for label in (self._mark, self._about, *self._names):
            label.setFont(small)
        for label in self._figures:
            label.setTextInteractionFlags(_SELECTABLE)
            label.setTextFormat(Qt.TextFormat.PlainText)
        for label in self._figures:
            label.setFont(figures_font(self.font()))

    def _lay_out(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(self._name, 1)
        title.addWidget(self._mark)
        title.addWidget(self.forget)
        title.addWidget(self.follow)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        for number, (name, figure) in enumerate(zip(self._names, self._figures, strict=True)):
            # Two beside two: four columns have no room in a narrow dock.
            row, place = divmod(number, 2)
            grid.addWidget(name, row, 2 * place)
            grid.addWidget(figure, row, 2 * place + 1)
            grid.setColumnStretch(2 * place + 1, 1)
        lines = column(self, spacing=4)
        lines.setContentsMargins(12, 8, 8, 8)
        lines.addLayout(title)
        lines.addWidget(self._about)
        lines.addLayout(grid)
        lines.addWidget(self._problem)

    def show_row(self, row: MachineRow) -> None:
        """Show this machine."""
        if row == self._row:
            return
        is_first, self._row = self._row is None, row
        show_text(self._name, row.name)
        self._name.setToolTip(row.name)
        show_text(self._mark, row.mark)
        show_text(self._about, row.about)
        self._about.setToolTip(row.about)
        for label, text in zip(self._figures, (row.round_trip, row.offset, row.bound, row.seen), strict=True):
            show_text(label, text)
        for label in (*self._figures, *self._names):
            label.setVisible(row.has_figures)
        show_text(self._problem, row.problem)
        self.follow.setVisible(row.mark not in ("this machine", "followed"))
        self.follow.setEnabled(row.can_follow)
        self.follow.setToolTip(row.follow_hint)
        self.forget.setVisible(row.can_forget)
        self.setAccessibleName(row.sentence)
        self.follow.setAccessibleName(f"Follow {row.name}")
        self.forget.setAccessibleName(f"Forget {row.name}")
        self.forget.setToolTip(f"Forget {row.name}")
        if is_first:
            self._retint()

    @Slot()
    def _retint(self) -> None:
        for label in (self._about, *self._names):
            tint(label, self._theme, "muted")
        tint(self._mark, self._theme, "accent")
        tint(self._problem, self._theme, "warning")
        self.forget.setIcon(self._theme.icon("close", "muted"))

    @Slot()
    def _on_follow_clicked(self) -> None:
        if self._row is not None:
            self.follow_requested.emit(self._row.key)

    @Slot()
    def _on_forget_clicked(self) -> None:
        if self._row is not None:
            self.forget_requested.emit(self._row.key)


class MachineList(QWidget):
    """All of them."""

    follow_requested = Signal(str)  # key of the machine
    forget_requested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[MachineRowWidget] = []
        self._hint = named(hint(theme), "clock_machines_hint")
        self._lines = column(self)
        self._lines.addWidget(heading("Machines"))
        self._lines.addWidget(self._hint)
        theme.changed.connect(self._retint)

    def show_view(self, view: ClockView) -> None:
        """Show the machines; rows stay the same widgets, so that neither focus nor selection is lost."""
        for spare in self._rows[len(view.machines) :]:
            spare.hide()
        while len(self._rows) < len(view.machines):
            self._add_row()
        for widget, row in zip(self._rows, view.machines, strict=False):
            widget.show_row(row)
            widget.show()
        show_text(self._hint, view.machines_hint)

    def _add_row(self) -> None:
        row = MachineRowWidget(self._theme, len(self._rows))
        row.follow_requested.connect(self.follow_requested)
        row.forget_requested.connect(self.forget_requested)
        self._rows.append(row)
        self._lines.addWidget(row)

    @Slot()
    def _retint(self) -> None:
        tint(self._hint, self._theme, "muted")
