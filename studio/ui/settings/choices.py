"""Keeps the user's choices while the window is open and writes them soon after each change.

Owns the settings value of this window. A file that cannot be written is told once and costs only the memory.
"""

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.app.settings import Settings
from studio.errors import SettingsError

SAVE_DELAY_MS = 500


class Choices(QObject):
    """The settings, changed field by field."""

    changed = Signal(object)  # frozenset[str]: the settings that are other than before
    failed = Signal(str)  # why the choices cannot be kept

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._told = False
        self._timer = QTimer(self, singleShot=True, interval=SAVE_DELAY_MS)
        self._timer.timeout.connect(self.save)

    @property
    def settings(self) -> Settings:
        """The choices as they are now."""
        return self._settings

    def change(self, **changes: Any) -> None:
        """Take these values and write them soon; raises SettingsError for a wrong one."""
        before, self._settings = self._settings, self._settings.with_changes(**changes)
        self._timer.start()
        names = (name for name in changes if getattr(before, name) != getattr(self._settings, name))
        self.changed.emit(frozenset(names))

    @Slot()
    def save(self) -> None:
        """Write them now."""
        self._timer.stop()
        try:
            self._settings.save()
        except SettingsError as error:
            if not self._told:
                self._told = True
                self.failed.emit(str(error))
