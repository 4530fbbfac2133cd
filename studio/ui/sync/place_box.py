"""Where machines find each other, or the fixed address of the one to follow."""

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLabel, QRadioButton, QWidget

from studio.app.clock_sync import ClockRole
from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.sync.clock_view import ClockView
from studio.ui.sync.section import (
    AddressLine,
    add_button,
    column,
    heading,
    hint,
    host_line,
    port_box,
    show_text,
)
from studio.ui.theme import Theme

HERE = "on this machine"


class PlaceBox(QWidget):
    """Rendezvous or fixed address; a reference may be found through the Rendezvous, too."""

    settings_wanted = Signal(object)  # ClockSettings

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view: ClockView | None = None
        self._is_asking = False
        """A fixed address was chosen and is not typed yet; nothing could be followed before."""
        self._title: QLabel = heading("Find it")
        self._through = named(QRadioButton("Through a Rendezvous"), "clock_through_rendezvous")
        self._fixed = named(QRadioButton("At a fixed address"), "clock_fixed_address")
        self._be_found = named(QCheckBox("Be found through a Rendezvous"), "clock_be_found")
        self._rendezvous = AddressLine(
            host_line(
                "clock_rendezvous_host", "Name or address of the machine with the Rendezvous", "10.0.0.2"
            ),
            port_box("clock_rendezvous_port", "Port of the Rendezvous"),
        )
        self._runs = named(QCheckBox("Run the Rendezvous on this machine"), "clock_runs_rendezvous")
        self._state = named(hint(theme), "clock_rendezvous_state")
        self._address = AddressLine(
            host_line("clock_host", "Name or address of the machine to follow", "10.0.0.2"),
            port_box("clock_port", "Port of its clock"),
        )
        self._lay_out()
        self._listen()
        theme.changed.connect(self._retint)

    def _lay_out(self) -> None:
        group = QButtonGroup(self)
        for button in (self._through, self._fixed):
            group.addButton(button)
        lines = column(self, spacing=6)
        lines.addWidget(self._title)
        add_button(lines, self._through)
        add_button(lines, self._be_found)
        lines.addWidget(self._rendezvous)
        add_button(lines, self._runs)
        lines.addWidget(self._state)
        add_button(lines, self._fixed)
        lines.addWidget(self._address)

    def _listen(self) -> None:
        for button in (self._be_found, self._runs):
            button.clicked.connect(self._on_edited)
        self._through.clicked.connect(self._on_way_clicked)
        self._fixed.clicked.connect(self._on_way_clicked)
        for line in (self._rendezvous, self._address):
            line.host.editingFinished.connect(self._on_edited)
            line.port.valueChanged.connect(self._on_edited)

    def show_view(self, view: ClockView) -> None:
        """Show the settings; only what makes sense for the role."""
        self._view = None  # what is set here is not what somebody typed
        settings, is_free = view.settings, not view.locked
        follows = settings.role is ClockRole.FOLLOW
        self._is_asking = self._is_asking and follows and settings.use_rendezvous and is_free
        by_rendezvous = settings.use_rendezvous and not self._is_asking
        self.setVisible(settings.role is not ClockRole.OWN)
        self._title.setText("Find the reference" if follows else "Be found")
        for widget in (self._through, self._fixed):
            widget.setVisible(follows)
        self._be_found.setVisible(not follows)
        self._be_found.setChecked(by_rendezvous)
        (self._through if by_rendezvous else self._fixed).setChecked(True)
        self._runs.setChecked(settings.runs_rendezvous)
        self._rendezvous.show_address(settings.rendezvous_host, settings.rendezvous_port)
        self._rendezvous.host.setPlaceholderText(HERE if settings.runs_rendezvous else "10.0.0.2")
        self._address.show_address(settings.host, settings.port)
        self._rendezvous.setVisible(by_rendezvous)
        self._runs.setVisible(by_rendezvous)
        self._address.setVisible(follows and not by_rendezvous)
        show_text(self._state, view.rendezvous if by_rendezvous else "")
        for control in (
            self._through,
            self._fixed,
            self._be_found,
            self._runs,
            self._rendezvous,
            self._address,
        ):
            control.setEnabled(is_free)
            control.setToolTip(view.locked)
        self._rendezvous.host.setEnabled(is_free and not settings.runs_rendezvous)
        self._view = view
        self._retint()

    @Slot()
    def _retint(self) -> None:
        if self._view is not None:
            tint(self._state, self._theme, self._view.rendezvous_role)

    @Slot()
    def _on_way_clicked(self) -> None:
        """Another way of finding: an address that is still missing is asked for first."""
        if self._view is None:
            return
        self._is_asking = self._fixed.isChecked() and not self._address.address[0]
        if self._is_asking or self._view.settings.use_rendezvous == self._through.isChecked():
            self.show_view(self._view)
            self._address.host.setFocus()
        else:
            self._on_edited()

    @Slot()
    def _on_edited(self) -> None:
        if self._view is None or (self._is_asking and not self._address.address[0]):
            return
        settings = self._view.settings
        follows = settings.role is ClockRole.FOLLOW
        host, port = self._address.address
        rendezvous_host, rendezvous_port = self._rendezvous.address
        wanted = replace(
            settings,
            use_rendezvous=self._through.isChecked() if follows else self._be_found.isChecked(),
            runs_rendezvous=self._runs.isChecked(),
            rendezvous_host=rendezvous_host,
            rendezvous_port=rendezvous_port,
            host=host,
            port=port,
        )
        if wanted != settings:
            for line in (self._rendezvous, self._address):
                line.host.setModified(False)
            self.settings_wanted.emit(wanted)
