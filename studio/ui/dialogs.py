"""The small dialogs that actions open: folder, recording, camera, keys, about. None of them stops anybody."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox

from studio.errors import SettingsError
from studio.ui.devices.camera_dialog import CameraDialog
from studio.ui.key_list import KeyList
from studio.ui.main_window import MainWindow
from studio.ui.named import named

ABOUT = (
    "Records cameras, microphones and other sensors together, shows them live, and reviews what was recorded."
)


class Dialogs(QObject):
    """Opens the dialogs of one window and hands on what was chosen."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    @Slot()
    def add_camera(self) -> None:
        """Ask for a camera and add it."""
        dialog = CameraDialog(self._window.theme, self._window)
        dialog.camera_chosen.connect(self._window.devices.add_camera)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def choose_folder(self) -> None:
        """Ask where recordings shall be kept."""
        dialog = named(QFileDialog(self._window, "Where shall recordings be kept?"), "folder_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setDirectory(self._existing_folder())
        dialog.fileSelected.connect(self._on_folder_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_folder_chosen(self, folder: str) -> None:
        try:
            self._window.choices.change(recordings_folder=folder)
        except SettingsError as error:
            self._window.messages.tell_error(str(error))

    @Slot()
    def open_recording(self) -> None:
        """Ask for a recording and show it."""
        dialog = named(QFileDialog(self._window, "Open recording"), "open_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["Recordings (*.h5 *.hdf5)", "All files (*)"])
        dialog.setDirectory(self._existing_folder())
        dialog.fileSelected.connect(self._window.stage.show_recording)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _existing_folder(self) -> str:
        folder = Path(self._window.choices.settings.recordings_folder)
        return str(folder if folder.is_dir() else Path.home())

    @Slot()
    def show_keys(self) -> None:
        """Show the list of keys."""
        dialog = KeyList(self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    @Slot()
    def show_about(self) -> None:
        """Say what this program is."""
        box = named(QMessageBox(self._window), "about_dialog")
        box.setWindowTitle("About Studio")
        box.setText("Studio")
        box.setInformativeText(ABOUT)
        box.finished.connect(box.deleteLater)
        box.open()
