"""The dock with the list of devices. Shows rows, pulls thumbnails, tells what the user does."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.ui.devices.device_row import DeviceRowWidget
from studio.ui.devices.device_rows import DeviceRow
from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.theme import Theme

THUMBNAIL_INTERVAL_MS = 100
"""Thumbnails need no more than 10 pictures a second."""
LOOKING = "Looking for devices\u2026"
NOTHING_FOUND = "No devices found. Plug one in and look again, or add a camera by its address."


class DevicesDock(QDockWidget):
    """The list of devices."""

    tick_changed = Signal(str, bool)  # device id
    settings_requested = Signal(str)  # device id

    def __init__(
        self, theme: Theme, *, rescan: QAction, add_camera: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__("Devices", parent)
        self.setObjectName("devices_dock")
        self._theme = theme
        self._rows: dict[str, DeviceRowWidget] = {}
        self._empty = QLabel(LOOKING, wordWrap=True, alignment=Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(16, 16, 16, 16)
        self._column = QVBoxLayout()
        self._pull_timer = QTimer(self, interval=THUMBNAIL_INTERVAL_MS)
        self._pull_timer.timeout.connect(self._on_pull_due)
        self.setWidget(self._make_page(rescan, add_camera))
        self._retint()
        theme.changed.connect(self._retint)

    def _make_page(self, rescan: QAction, add_camera: QAction) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_list(), 1)
        column.addLayout(self._make_foot(rescan, add_camera))
        return page

    def _make_list(self) -> QScrollArea:
        inside = named(QWidget(), "devices_inside")
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        inside.setLayout(self._column)
        area = named(QScrollArea(widgetResizable=True), "devices_list")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area

    def _make_foot(self, rescan: QAction, add_camera: QAction) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 4, 8, 4)
        for action, name in ((add_camera, "add_camera_button"), (rescan, "rescan_button")):
            button = named(QToolButton(autoRaise=True), name)
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            foot.addWidget(button)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        foot.insertStretch(1, 1)
        return foot

    def show_rows(self, rows: tuple[DeviceRow, ...], *, looking: bool) -> None:
        """Show these lines; `looking` while devices are being looked for."""
        if [row.id for row in rows] != list(self._rows):
            self._rebuild(rows)
        for row in rows:
            self._rows[row.id].show_row(row)
        self._empty.setText(LOOKING if looking else NOTHING_FOUND)
        self._empty.setVisible(not rows)

    def _rebuild(self, rows: tuple[DeviceRow, ...]) -> None:
        wanted = {row.id for row in rows}
        for device_id in [known for known in self._rows if known not in wanted]:
            self._remove(self._rows.pop(device_id))
        self._rows = {row.id: self._rows.get(row.id) or self._make_row(row.id) for row in rows}
        for place, widget in enumerate(self._rows.values()):
            self._column.insertWidget(place, widget)

    def _make_row(self, device_id: str) -> DeviceRowWidget:
        widget = DeviceRowWidget(device_id, self._theme)
        widget.ticked_by_user.connect(self.tick_changed)
        widget.settings_requested.connect(self.settings_requested)
        return widget

    def _remove(self, widget: DeviceRowWidget) -> None:
        self._column.removeWidget(widget)
        widget.thumbnail.close_ring()
        widget.deleteLater()

    def close_rings(self) -> None:
        """Let go of all shared memory. Idempotent."""
        self._pull_timer.stop()
        for widget in self._rows.values():
            widget.thumbnail.close_ring()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Thumbnails move while they can be seen."""
        super().showEvent(event)
        self._pull_timer.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Nobody looks: pull nothing."""
        super().hideEvent(event)
        self._pull_timer.stop()

    @Slot()
    def _on_pull_due(self) -> None:
        for widget in self._rows.values():
            if widget.thumbnail.isVisible():
                widget.thumbnail.pull()

    @Slot()
    def _retint(self) -> None:
        tint(self._empty, self._theme, "muted")
