"""Asks for a camera that cannot be found by itself: a number, a file, an address. Opens no camera."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from studio.devices.camera_target import camera_from
from studio.errors import StudioError
from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.theme import Theme

HINT = (
    "A camera of this computer by its number, such as 0.\n"
    "A network camera by its address, such as rtsp://192.168.0.20/stream.\n"
    "A video file by its path; it is played as if it were a camera."
)


class CameraDialog(QDialog):
    """A line to type in; what is wrong with it is said below it. Use `open`."""

    camera_chosen = Signal(str, object)  # as typed, DeviceInfo

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("camera_dialog")
        self.setWindowTitle("Add camera")
        self.setMinimumWidth(440)
        self._line = named(QLineEdit(placeholderText="0, /path/to/video.mp4, http://\u2026"), "camera_line")
        self._problem = named(QLabel(wordWrap=True), "camera_problem")
        tint(self._problem, theme, "error")
        hint = QLabel(HINT)
        tint(hint, theme, "muted")
        buttons = self._make_buttons()
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for widget in (QLabel("Which camera?"), self._line, self._problem, hint, buttons):
            column.addWidget(widget)
        self._problem.hide()

    def _make_buttons(self) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        add = buttons.button(kinds.Ok)
        add.setText("Add")
        add.setObjectName("camera_add_button")
        buttons.button(kinds.Cancel).setObjectName("camera_cancel_button")
        buttons.accepted.connect(self._on_add_clicked)
        buttons.rejected.connect(self.reject)
        return buttons

    @Slot()
    def _on_add_clicked(self) -> None:
        typed = self._line.text().strip()
        try:
            info = camera_from(typed)
        except (StudioError, ValueError) as error:
            self._problem.setText(str(error))
            self._problem.show()
            # A dialog does not grow by itself for a label that wraps its lines.
            self.setMinimumHeight(self._column.totalHeightForWidth(self.width()))
            return
        self.camera_chosen.emit(typed, info)
        self.accept()
