"""The inspector: settings of the picked device. Shows fields and tells what was chosen; decides nothing."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDockWidget, QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.devices.device import DeviceInfo
from studio.ui.devices.device_rows import LOCKED_HINT
from studio.ui.devices.settings_fields import SettingField, setting_fields, with_value
from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.theme import Theme

NOBODY = "Pick a device with its settings button to see what can be set."


class SettingsPanel(QDockWidget):
    """Settings of one device; other docks' geometry is none of its business."""

    settings_changed = Signal(str, object)  # device id, DeviceSettings
    removal_requested = Signal(str)  # device id, of a camera that the user added

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Device settings", parent)
        self.setObjectName("settings_dock")
        self._theme = theme
        self._info: DeviceInfo | None = None
        self._locked = False
        self._removable = False
        self._boxes: dict[str, QComboBox] = {}
        self._show_nobody()
        theme.changed.connect(self._rebuild)

    @property
    def device_id(self) -> str:
        """Whose settings are shown; empty: nobody's."""
        return self._info.id if self._info else ""

    def show_device(self, info: DeviceInfo | None, *, locked: bool, removable: bool) -> None:
        """Show the settings of a device; `locked` while it must not be changed."""
        if (info, locked, removable) != (self._info, self._locked, self._removable):
            self._info, self._locked, self._removable = info, locked, removable
            self._rebuild()

    @Slot()
    def _rebuild(self) -> None:
        if self._info is None:
            self._show_nobody()
        else:
            self._show_somebody(self._info)

    def _show_nobody(self) -> None:
        hint = QLabel(NOBODY, wordWrap=True)
        tint(hint, self._theme, "muted")
        self._boxes = {}
        self._set_contents([hint])

    def _show_somebody(self, info: DeviceInfo) -> None:
        self._boxes = {field.name: self._make_box(field) for field in setting_fields(info)}
        form = QWidget()
        lines = QFormLayout(form)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        for field in setting_fields(info):
            lines.addRow(field.label, self._boxes[field.name])
        contents: list[QWidget] = [*self._heading(info), form]
        if self._removable:
            contents.append(self._make_remove_button())
        if self._locked:
            contents.append(self._muted(LOCKED_HINT))
        self._set_contents(contents)

    def _heading(self, info: DeviceInfo) -> list[QWidget]:
        title = QLabel(info.name, wordWrap=True)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        about = info.settings.source or info.detail
        return [title, self._muted(about)] if about else [title]

    def _muted(self, text: str) -> QLabel:
        label = QLabel(text, wordWrap=True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        tint(label, self._theme, "muted")
        return label

    def _make_box(self, field: SettingField) -> QComboBox:
        box = named(QComboBox(), f"setting_{field.name}")
        box.addItems([choice.text for choice in field.choices])
        values = [choice.value for choice in field.choices]
        box.setCurrentIndex(values.index(field.value) if field.value in values else 0)
        box.setEnabled(not self._locked)
        box.activated.connect(self._on_chosen)
        return box

    def _make_remove_button(self) -> QPushButton:
        button = named(QPushButton("Remove this camera"), "setting_remove")
        button.setEnabled(not self._locked)
        button.clicked.connect(self._on_remove_clicked)
        return button

    def _set_contents(self, widgets: list[QWidget]) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(8)
        for widget in widgets:
            column.addWidget(widget)
        column.addStretch(1)
        before = self.widget()
        self.setWidget(page)
        if before is not None:
            # Later: this may run in a signal of one of its own boxes.
            before.deleteLater()

    @Slot()
    def _on_chosen(self) -> None:
        if self._info is None:
            return
        settings = self._info.settings
        for field in setting_fields(self._info):
            settings = with_value(
                settings, field.name, field.choices[self._boxes[field.name].currentIndex()].value
            )
        if settings != self._info.settings:
            self.settings_changed.emit(self._info.id, settings)

    @Slot()
    def _on_remove_clicked(self) -> None:
        if self._info is not None:
            self.removal_requested.emit(self._info.id)
