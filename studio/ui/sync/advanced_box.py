"""What seldom needs a change: how often is asked, where this machine serves and whom, and protection."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from studio.app.clock_sync import ClockSettings, Protection
from studio.ui import readable
from studio.ui.named import named
from studio.ui.sync.address_choice import AddressChoice
from studio.ui.sync.clock_view import ClockView
from studio.ui.sync.section import AddressLine, column, host_line, port_box, settled
from studio.ui.theme import Theme

CHOSEN = "chosen by Studio"
OWN_NETWORK = "its own network"
LEAST_PERIOD_S, MOST_PERIOD_S = 1.0, 60.0
MOST_BURST = 16
_LABELS = ("Ask every", "Questions at a time", "Offer the clock on", "Who may ask", "Protection")
_PROTECTIONS = {
    Protection.PLAIN: "Unprotected allowed",
    Protection.PREFER: "Prefer TLS",
    Protection.REQUIRE: "TLS only",
}


class AdvancedBox(QWidget):
    """Folded away until it is asked for."""

    settings_wanted = Signal(object)  # ClockSettings
    pairing_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view: ClockView | None = None
        self.fold = named(QToolButton(autoRaise=True), "clock_advanced")
        self.fold.setCheckable(True)
        self.fold.setText("Advanced")
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._page = QWidget()
        self._period = named(
            settled(QDoubleSpinBox(minimum=LEAST_PERIOD_S, maximum=MOST_PERIOD_S, decimals=1)), "clock_period"
        )
        self._period.setSuffix(f"{readable.SPACE}s")
        self._burst = named(settled(QSpinBox(minimum=1, maximum=MOST_BURST)), "clock_burst")
        line = host_line(
            "clock_serve_address", "Address of this machine on which its clock is offered", CHOSEN
        )
        self.addresses = named(AddressChoice(line, CHOSEN), "clock_serve_choice")
        self._serve = AddressLine(
            line, port_box("clock_serve_port", "Port on which its clock is offered"), self.addresses
        )
        self._allow: QLineEdit = host_line(
            "clock_allow", "Networks that may ask, such as 10.0.0.0/24, with commas between", OWN_NETWORK
        )
        self._allow.setMaxLength(1000)
        self._protection = named(QComboBox(), "clock_protection")
        self._protection.addItems(list(_PROTECTIONS.values()))
        self._pair = named(QPushButton("Pair machines\u2026"), "clock_pair")
        self._pair.setToolTip("Make this machine and another one trust each other")
        self._fields: tuple[QWidget, ...] = (
            self._period,
            self._burst,
            self._serve,
            self._allow,
            self._protection,
        )
        self._lay_out()
        self._listen()
        self._on_fold_toggled()

    def _lay_out(self) -> None:
        form = QFormLayout(self._page)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for text, field in zip(_LABELS, self._fields, strict=True):
            form.addRow(text, field)
            field.setAccessibleName(field.accessibleName() or text)
        form.addRow(self._pair)
        lines = column(self, spacing=4)
        lines.addWidget(self.fold)
        lines.addWidget(self._page)

    def _listen(self) -> None:
        self.fold.toggled.connect(self._on_fold_toggled)
        self._theme.changed.connect(self._on_fold_toggled)
        for box in (self._period, self._burst, self._serve.port):
            box.valueChanged.connect(self._on_edited)
        for line in (self._serve.host, self._allow):
            line.editingFinished.connect(self._on_edited)
        self.addresses.picked.connect(self._on_edited)
        self._protection.activated.connect(self._on_edited)
        self._pair.clicked.connect(self.pairing_requested)

    @Slot()
    def _on_fold_toggled(self) -> None:
        is_open = self.fold.isChecked()
        self._page.setVisible(is_open)
        self.fold.setIcon(self._theme.icon("chevron-down" if is_open else "chevron-right", "muted"))

    def show_view(self, view: ClockView) -> None:
        """Show the settings."""
        self._view = None  # what is set here is not what somebody typed
        settings = view.settings
        if not self._period.hasFocus():
            self._period.setValue(settings.period_s)
        if not self._burst.hasFocus():
            self._burst.setValue(settings.burst)
        self._serve.show_address(settings.serve_address, settings.serve_port)
        allow = ", ".join(settings.allow)
        if not (self._allow.hasFocus() and self._allow.isModified()) and self._allow.text() != allow:
            self._allow.setText(allow)
        self._protection.setCurrentIndex(list(_PROTECTIONS).index(settings.protection))
        for widget in self._fields:
            widget.setEnabled(not view.locked)
            widget.setToolTip(view.locked)
        self._view = view

    @Slot()
    def _on_edited(self) -> None:
        if self._view is None:
            return
        settings = self._view.settings
        wanted = self._edited(settings)
        if wanted != settings:
            for line in (self._serve.host, self._allow):
                line.setModified(False)
            self.settings_wanted.emit(wanted)

    def _edited(self, settings: ClockSettings) -> ClockSettings:
        address, port = self._serve.address
        return replace(
            settings,
            period_s=self._period.value(),
            burst=self._burst.value(),
            serve_address=address,
            serve_port=port,
            allow=tuple(part for part in (text.strip() for text in self._allow.text().split(",")) if part),
            protection=list(_PROTECTIONS)[self._protection.currentIndex()],
        )
