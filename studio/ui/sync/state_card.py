"""How it stands, at a glance: state, guaranteed bound, why, the figures, the plot, Measure now."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.app.clock_history import KEPT
from studio.timing.clock_curve import ClockCurve
from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.sync.clock_view import ClockView
from studio.ui.sync.far_question import FarQuestion
from studio.ui.sync.measurement_view import MeasurementView
from studio.ui.sync.section import GAP, hint, show_text
from studio.ui.sync.sync_plot import SyncPlot, TimeLabel
from studio.ui.theme import Theme, figures_font

ICON = QSize(20, 20)
NOTHING_YET = "Nothing measured yet: here the last ten minutes will stand."
_MINUTE = KEPT // 10
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse


class DetailGrid(QWidget):
    """Names and what they say, each on a line; figures can be selected and copied."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pairs: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * GAP)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)

    def show_details(self, details: tuple[tuple[str, str], ...]) -> None:
        """Show these; lines that are not needed take no room."""
        while len(self._pairs) < len(details):
            self._add_line()
        for number, pair in enumerate(self._pairs):
            texts = details[number] if number < len(details) else ("", "")
            for label, text in zip(pair, texts, strict=True):
                show_text(label, text)
            pair[1].setAccessibleName(" ".join(texts))
        self.setVisible(bool(details))

    def _add_line(self) -> None:
        row = len(self._pairs)
        name, value = QLabel(), QLabel()
        tint(name, self._theme, "muted")
        value.setFont(figures_font(value.font()))
        value.setTextInteractionFlags(_SELECTABLE)
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(value, row, 1)
        self._pairs.append((name, value))

    def retint(self) -> None:
        """Take the colours of the theme."""
        for name, _ in self._pairs:
            tint(name, self._theme, "muted")


class StateCard(QFrame):
    """The top of the panel."""

    measure_requested = Signal()
    report_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("clock_card")
        self._theme = theme
        self._view: ClockView | None = None
        self._icon = QLabel()
        self._headline = named(QLabel(wordWrap=True), "clock_headline")
        self._bound, self._bound_hint = named(QLabel(), "clock_bound"), named(hint(theme), "clock_bound_hint")
        self._reasons = named(hint(theme), "clock_reasons")
        self.far = FarQuestion()
        self._details = named(DetailGrid(theme), "clock_details")
        self._safety = named(hint(theme), "clock_safety")
        self.plot = named(SyncPlot(theme), "clock_plot")
        self._legend = hint(theme, "Correction beyond a steady drift, within its guaranteed bound")
        self.measure = named(QPushButton("Measure now"), "clock_measure")
        self.report = named(QPushButton("Copy report"), "clock_report")
        self._measurement = named(MeasurementView(theme), "clock_measurement")
        self._dress()
        self._lay_out()
        self.measure.clicked.connect(self.measure_requested)
        self.report.clicked.connect(self.report_requested)
        theme.changed.connect(self._retint)

    def _dress(self) -> None:
        font = self._headline.font()
        font.setBold(True)
        self._headline.setFont(font)
        self._bound.setFont(figures_font(self.font(), scale=1.8, bold=True))
        for label in (self._headline, self._bound, self._bound_hint):
            label.setTextInteractionFlags(_SELECTABLE)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._icon.setFixedSize(ICON)
        self._legend.setFont(figures_font(self.font(), scale=0.85))
        self.plot.setAccessibleName("Correction and bound over the last ten minutes")
        self.measure.setToolTip("Ask the reference 16 times; also while recording")
        self.report.setToolTip("Copy what stands here as text")

    def _lay_out(self) -> None:
        lines = QVBoxLayout(self)
        lines.setContentsMargins(12, 12, 12, 12)
        lines.setSpacing(GAP)
        title = QHBoxLayout()
        title.setSpacing(GAP)
        title.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        title.addWidget(self._headline, 1)
        figure = QHBoxLayout()
        figure.setSpacing(GAP)
        figure.addWidget(self._bound)
        figure.addWidget(self._bound_hint, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addWidget(self.measure)
        buttons.addWidget(self.report)
        buttons.addStretch(1)
        lines.addLayout(title)
        lines.addLayout(figure)
        for widget in (self._reasons, self.far, self._details, self.plot, self._legend):
            lines.addWidget(widget)
        lines.addLayout(buttons)
        lines.addWidget(self._measurement)
        lines.addWidget(self._safety)

    def show_view(self, view: ClockView) -> None:
        """Show how it stands."""
        before, self._view = self._view, view
        self._icon.setObjectName(f"clock_state_{view.state}")
        show_text(self._headline, view.headline)
        show_text(self._bound, view.bound)
        show_text(self._bound_hint, view.bound_hint if view.bound else "")
        show_text(self._reasons, "\n".join(view.reasons))
        self.far.show_view(view)
        self._details.show_details(view.details)
        show_text(self._safety, view.safety)
        self.plot.setVisible(view.shows_plot)
        self.measure.setVisible(view.shows_plot)
        self.measure.setEnabled(view.can_measure)
        self.measure.setText("Measuring \u2026" if view.is_measuring else "Measure now")
        self._measurement.show_measurement(view.measurement)
        if before is None or (before.look, before.bound_role) != (view.look, view.bound_role):
            self._retint()

    def show_history(self, curve: ClockCurve | None, now: int) -> None:
        """Draw the ten minutes up to `now`."""
        labels = tuple(
            TimeLabel(now - minutes * _MINUTE, "now" if not minutes else f"{minutes} min ago")
            for minutes in (10, 5, 0)
        )
        self._legend.setVisible(self.plot.isVisibleTo(self) and curve is not None and len(curve.times) > 0)
        self.plot.show_curve(curve, now - KEPT, now, labels, NOTHING_YET)

    @Slot()
    def _retint(self) -> None:
        view = self._view
        if view is None:
            return
        self._icon.setPixmap(self._theme.icon(view.look.icon, view.look.role).pixmap(ICON))
        troubled = view.look.role in ("warning", "error")
        tint(self._reasons, self._theme, view.look.role if troubled else "muted")
        tint(self._bound, self._theme, view.bound_role)
        for label in (self._safety, self._bound_hint, self._legend):
            tint(label, self._theme, "muted")
        self._details.retint()
