"""Chooses a chain: one that ships, an installed plug-in, a Python file. Asks before foreign code is run."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.theme import Theme

CHOOSE_FILE = "Choose Python file\u2026"
FOREIGN = "This runs code of {name} with all your rights. Run only what you trust."


class ChainChooser(QWidget):
    """A list of chains with the way to a file. `chosen` is told only of what may be run."""

    chosen = Signal(str)  # reference
    left = Signal()  # nothing is chosen yet

    def __init__(
        self, theme: Theme, *, shipped: Iterable[str], files: Iterable[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._shipped = tuple(shipped)
        self.list = named(QComboBox(), "chain_list")
        self._warning = named(QLabel(wordWrap=True), "chain_warning")
        tint(self._warning, theme, "warning")
        self._load = named(QPushButton("Run it"), "chain_load")
        for name in self._shipped:
            self.list.addItem(name, name)
        for file in files:
            self._add_file(file)
        self.list.addItem(CHOOSE_FILE, "")
        self._lay_out()
        self.list.activated.connect(self._on_activated)
        self._load.clicked.connect(self._on_load_clicked)
        self._show_warning("")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout()
        line.addWidget(self._warning, 1)
        line.addWidget(self._load)
        column.addWidget(self.list)
        column.addLayout(line)

    @property
    def reference(self) -> str:
        """What is picked; empty: nothing."""
        return str(self.list.currentData() or "")

    def add_installed(self, names: Iterable[str]) -> None:
        """Plug-ins that were found."""
        for name in names:
            if self.list.findData(name) < 0:
                self.list.insertItem(self.list.count() - 1, name, name)

    def begin(self) -> None:
        """Tell of the first chain, which ships."""
        self._on_activated()

    def choose(self, reference: str) -> None:
        """Pick a file as if the user had found it; it is not run yet."""
        self._add_file(reference)
        self.list.setCurrentIndex(self.list.findData(reference))
        self._on_activated()

    def _add_file(self, file: str) -> None:
        if self.list.findData(file) >= 0:
            return
        name = Path(file).name
        last = self.list.count() - 1 if self.list.findData("") >= 0 else self.list.count()
        self.list.insertItem(last, f"{name}  ({Path(file).parent})", file)

    @Slot()
    def _on_activated(self) -> None:
        reference = self.reference
        if not reference:
            self._ask_for_file()
        elif reference in self._shipped:
            self._show_warning("")
            self.chosen.emit(reference)
        else:
            self._show_warning(FOREIGN.format(name=Path(reference).name))
            self.left.emit()

    @Slot()
    def _on_load_clicked(self) -> None:
        self._show_warning("")
        self.chosen.emit(self.reference)

    def _show_warning(self, text: str) -> None:
        self._warning.setText(text)
        self._warning.setVisible(bool(text))
        self._load.setVisible(bool(text))

    def _ask_for_file(self) -> None:
        self.list.setCurrentIndex(0)
        dialog = named(QFileDialog(self, "Choose a chain"), "chain_file_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["Python files (*.py)", "All files (*)"])
        dialog.fileSelected.connect(self.choose)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
