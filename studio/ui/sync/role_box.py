"""Whose time this machine records with: three choices. Shows the settings and tells what is chosen."""

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from studio.app.clock_sync import ClockRole
from studio.ui.named import named
from studio.ui.sync.clock_view import ClockView
from studio.ui.sync.section import add_button, column, heading

_TEXTS = {
    ClockRole.OWN: ("Own clock", "This machine keeps its own time, and nobody follows it"),
    ClockRole.FOLLOW: ("Follow another machine", "Record with the time of the reference"),
    ClockRole.REFERENCE: ("Be the reference", "Keep the own time, and let other machines follow it"),
}


class RoleBox(QWidget):
    """The three roles."""

    settings_wanted = Signal(object)  # ClockSettings

    def __init__(self) -> None:
        super().__init__()
        self._view: ClockView | None = None
        self._buttons: dict[ClockRole, QRadioButton] = {}
        group = QButtonGroup(self)
        lines = column(self, spacing=4)
        lines.addWidget(heading("Role of this machine"))
        for role, (text, tip) in _TEXTS.items():
            button = self._buttons[role] = named(QRadioButton(text), f"clock_role_{role}")
            button.setToolTip(tip)
            group.addButton(button)
            button.clicked.connect(self._on_clicked)
            add_button(lines, button)

    def show_view(self, view: ClockView) -> None:
        """Check the chosen one; grey while it cannot be changed, and say why."""
        self._view = view
        self._buttons[view.settings.role].setChecked(True)
        for role, button in self._buttons.items():
            button.setEnabled(not view.locked)
            button.setToolTip(view.locked or _TEXTS[role][1])

    @Slot()
    def _on_clicked(self) -> None:
        role = next(role for role, button in self._buttons.items() if button.isChecked())
        if self._view is not None and role is not self._view.settings.role:
            settings = replace(self._view.settings, role=role)
            if role is ClockRole.FOLLOW and not settings.host:
                settings = replace(settings, use_rendezvous=True)
            self.settings_wanted.emit(settings)
