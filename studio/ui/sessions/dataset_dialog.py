"""What is known of a folder of sessions, a dataset: name and description to be typed, and its numbers."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from studio.app.session_entries import DatasetChange
from studio.ui import readable
from studio.ui.named import named
from studio.ui.sessions.session_book import FolderPage
from studio.ui.sessions.session_texts import duration_text, one_line
from studio.ui.theme import Theme, figures_font

WIDTH = 480
DESCRIPTION_HEIGHT = 96
"""A small screen has room for little more than the numbers below it."""


class DatasetDialog(QDialog):
    """Use `open`; `change_wanted` tells what was typed."""

    change_wanted = Signal(object)  # DatasetChange

    def __init__(self, theme: Theme, page: FolderPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("dataset_dialog")
        self.setWindowTitle("Describe dataset")
        self.setMinimumWidth(WIDTH)
        self.name = named(QLineEdit(page.said.name, maxLength=200), "dataset_name")
        self.name.setPlaceholderText(page.row(0).title if not page.said.name else "")
        self.description = named(QPlainTextEdit(page.said.description), "dataset_description")
        self.description.setPlaceholderText("What was recorded here, and what for")
        self.description.setTabChangesFocus(True)
        self.description.setFixedHeight(DESCRIPTION_HEIGHT)
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(8)
        form.addRow("Name", self.name)
        form.addRow("Description", self.description)
        for title, value in facts_of(page):
            form.addRow(title, self._label(value))
        form.addRow(self._make_buttons())

    def _label(self, text: str) -> QLabel:
        label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setFont(figures_font(label.font()))
        return label

    def _make_buttons(self) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        named(buttons.button(kinds.Ok), "dataset_keep").setText("Keep")
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        return buttons

    @Slot()
    def _on_accepted(self) -> None:
        text = self.description.toPlainText().strip()
        self.change_wanted.emit(DatasetChange(self.name.text().strip(), text))
        self.accept()


def facts_of(page: FolderPage) -> list[tuple[str, str]]:
    """What is known of the folder, a line each; nothing where there is nothing to say."""
    facts, sessions = page.facts, page.sessions.values()
    people = {session.participant for session in sessions if session.participant}
    parts = [part for session in sessions for part in session.partitions]
    lines = [
        ("Folder", page.folder),
        ("Sessions", readable.count(facts.sessions)),
        ("Recordings", readable.count(len(parts))),
        ("Streams", readable.count(sum(part.stream_count for part in parts))),
        ("Participants", readable.count(len(people)) if people else ""),
        ("From, to", facts.extent),
        ("Duration", duration_text(facts.duration_ns) if facts.duration_ns else ""),
        ("Size", readable.size(facts.byte_size)),
        ("", one_line(page.said.problem)),
    ]
    return [(title, value) for title, value in lines if value]
