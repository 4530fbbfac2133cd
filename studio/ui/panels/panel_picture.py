"""What can be taken from a panel: its values as text, its look as a picture."""

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from studio.timing import Timestamp
from studio.ui.panels.header_text import HeaderText
from studio.ui.panels.time_text import wall_text


def values_text(text: HeaderText, time: Timestamp | None) -> str:
    """Name, time and a line for each value, with tabs, as spreadsheets like it."""
    lines = [text.name if time is None else f"{text.name}\t{wall_text(time)}"]
    lines += [f"{line.name}\t{line.value}" if line.name else line.value for line in text.legend]
    return "\n".join(lines).replace("\u00a0", " ")


def save_picture(widget: QWidget, name: str) -> None:
    """Save what `widget` shows at this moment, wherever the user says."""
    picture = widget.grab()
    dialog = QFileDialog(widget.window(), "Save picture of the panel")
    dialog.setObjectName("picture_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter("Pictures (*.png)")
    dialog.setDefaultSuffix("png")
    dialog.selectFile(f"{file_name(name)}.png")

    def save(path: str) -> None:
        if not picture.save(path, "PNG"):
            QMessageBox.warning(
                widget.window(), "Save picture", f"The picture could not be written to {path}."
            )

    dialog.fileSelected.connect(save)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def file_name(name: str) -> str:
    """`name` without what file systems cannot take."""
    safe = "".join(c if c.isalnum() or c in " -_." else "-" for c in name).strip(" .")
    return safe or "panel"
