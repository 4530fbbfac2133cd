"""Settings: how good disk and clock must be. What concerns the clock lives with the recorder."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpinBox, QWidget

from studio.app.settings import Settings
from studio.ui import readable
from studio.ui.named import named
from studio.ui.settings.settings_page import SettingsPage
from studio.ui.sync.clock_view import ClockView
from studio.ui.sync.gate_box import GateBox
from studio.ui.sync.section import settled
from studio.ui.theme import Theme

DISK_WIDTH = 96


class LimitsPage(SettingsPage):
    """When to warn, and when not to begin."""

    clock_wanted = Signal(object)  # ClockSettings
    panel_wanted = Signal()  # the user wants to see the clock

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._disk = named(settled(QSpinBox(minimum=1, maximum=1440)), "setting_disk_warning_min")
        self._disk.setSuffix(f"{readable.SPACE}min")
        self._disk.setFixedWidth(DISK_WIDTH)
        self._disk.setAccessibleName("Warn when the disk lasts for less than so many minutes")
        self._disk.valueChanged.connect(lambda minutes: self.chosen.emit("disk_warning_min", minutes))
        disk = QHBoxLayout()
        disk.setSpacing(8)
        for widget in (QLabel("Warn when it lasts for less than"), self._disk, QLabel("of recording")):
            disk.addWidget(widget)
        disk.addStretch(1)
        self.add_line("Disk", disk, self._disk)
        self._gate = GateBox("")
        self._gate.settings_wanted.connect(self.clock_wanted)
        panel = named(QPushButton("Clock and network\u2026"), "setting_clock_panel")
        panel.clicked.connect(self.panel_wanted)
        row = QHBoxLayout()
        row.addWidget(panel)
        row.addStretch(1)
        self.add_line("Clock", self._gate, self._gate.first)
        self.lines.addRow("", row)

    def show_settings(self, settings: Settings) -> None:
        """Show these."""
        if self._disk.value() != settings.disk_warning_min:
            self._disk.setValue(settings.disk_warning_min)

    def show_clock(self, view: ClockView) -> None:
        """Show what the recorder demands of the clock."""
        self._gate.show_view(view)
