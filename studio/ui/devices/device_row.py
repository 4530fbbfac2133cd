"""One line of the devices list: tick box, icon, name, settings button, state, level or picture.

Shows a DeviceRow and tells what the user does with it; decides nothing.
"""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QToolButton, QWidget

from studio.ui import readable
from studio.ui.devices.device_rows import DeviceRow
from studio.ui.devices.level_meter import LevelMeter
from studio.ui.devices.thumbnail import Thumbnail
from studio.ui.labels import ElidedLabel, tint
from studio.ui.named import named
from studio.ui.painting import painting
from studio.ui.theme import Theme, figures_font

ICON = QSize(20, 20)


class StateDot(QWidget):
    """A coloured dot; what it means stands beside it as text."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._role = "muted"
        self.setFixedSize(20, 16)
        theme.changed.connect(self.update)

    def show_role(self, role: str) -> None:
        """The colour of a role."""
        if role != self._role:
            self._role = role
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw it; a resting device has a ring instead, for eyes that do not see the colour."""
        with painting(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.colour(self._role)
        painter.setPen(colour)
        painter.setBrush(Qt.BrushStyle.NoBrush if self._role == "muted" else colour)
        painter.drawEllipse(self.rect().center(), 4, 4)


class DeviceRowWidget(QWidget):
    """The widget of one device."""

    ticked_by_user = Signal(str, bool)  # device id
    settings_requested = Signal(str)  # device id

    def __init__(self, device_id: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._id = device_id
        self._theme = theme
        self._row: DeviceRow | None = None
        self.setObjectName(f"device_{device_id}")
        self._tick = named(QCheckBox(), f"device_tick_{device_id}")
        self._icon = QLabel()
        self._name = ElidedLabel()
        self._settings = named(QToolButton(autoRaise=True), f"device_settings_{device_id}")
        self._settings.setToolTip("Settings of this device")
        self._dot = StateDot(theme)
        self._detail = ElidedLabel()
        self._dropped = QLabel()
        self.meter = LevelMeter(theme)
        self.thumbnail = Thumbnail(theme)
        self._lay_out()
        self._tick.clicked.connect(self._on_tick_clicked)
        self._settings.clicked.connect(self._on_settings_clicked)
        theme.changed.connect(self._retint)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 4, 8, 6)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(2, 1)
        small = figures_font(self.font(), scale=0.92)
        self._detail.setFont(small)
        self._dropped.setFont(small)
        middle = Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(self._tick, 0, 0, middle)
        grid.addWidget(self._icon, 0, 1, middle)
        grid.addWidget(self._name, 0, 2, middle)
        grid.addWidget(self._settings, 0, 3, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self._dot, 1, 1, middle)
        grid.addWidget(self._detail, 1, 2, middle)
        grid.addWidget(self._dropped, 1, 3, Qt.AlignmentFlag.AlignRight | middle)
        grid.addWidget(self.meter, 2, 2, 1, 2)
        grid.addWidget(self.thumbnail, 3, 2, 1, 2)

    def show_row(self, row: DeviceRow) -> None:
        """Show what the row says; touches only what differs from before."""
        before, self._row = self._row, row
        if row.has_level:
            self.meter.show_level(row.level)
        self.thumbnail.show_view(row.picture)
        if row == before:
            return
        self._tick.setChecked(row.ticked)
        self._tick.setEnabled(not row.locked)
        self._name.setText(row.name)
        self._detail.setText(row.detail)
        self._dropped.setText(readable.dropped(row.dropped) if row.dropped or row.state_role == "ok" else "")
        self._dot.show_role(row.state_role)
        self.setToolTip(row.tooltip)
        self.meter.setVisible(row.has_level)
        self.thumbnail.setVisible(row.has_picture)
        if before is None or (before.dropped > 0, before.state_role, before.ticked, before.icon) != (
            row.dropped > 0,
            row.state_role,
            row.ticked,
            row.icon,
        ):
            self._retint()

    def _retint(self) -> None:
        row = self._row
        if row is None:
            return
        self._icon.setPixmap(self._theme.icon(row.icon, "text" if row.ticked else "muted").pixmap(ICON))
        self._settings.setIcon(self._theme.icon("settings", "muted"))
        tint(self._name, self._theme, "text" if row.ticked else "muted")
        tint(self._detail, self._theme, "muted" if row.state_role in ("ok", "muted") else row.state_role)
        tint(self._dropped, self._theme, "error" if row.dropped else "muted")

    @Slot(bool)
    def _on_tick_clicked(self, checked: bool) -> None:
        self.ticked_by_user.emit(self._id, checked)

    @Slot()
    def _on_settings_clicked(self) -> None:
        self.settings_requested.emit(self._id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 (Qt's name)
        """A right click asks for the settings, too."""
        self.settings_requested.emit(self._id)
        event.accept()
