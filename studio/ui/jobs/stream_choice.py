"""A list of streams to be ticked. Decides nothing; those that do not fit are greyed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from studio.formats.recording import StreamInfo
from studio.ui import readable
from studio.ui.named import named


class StreamChoice(QWidget):
    """Streams with a tick each, and buttons for all and none."""

    changed = Signal(object)  # frozenset of the names that are not ticked

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = named(QListWidget(), "export_streams")
        self._list.setUniformItemSizes(True)
        self._list.itemChanged.connect(self._on_item_changed)
        everything = named(QPushButton("All"), "export_all_streams")
        nothing = named(QPushButton("None"), "export_no_streams")
        everything.clicked.connect(lambda: self._tick_all(Qt.CheckState.Checked))
        nothing.clicked.connect(lambda: self._tick_all(Qt.CheckState.Unchecked))
        buttons = QHBoxLayout()
        buttons.addWidget(everything)
        buttons.addWidget(nothing)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._list, 1)
        column.addLayout(buttons)

    def show_streams(
        self,
        streams: Sequence[StreamInfo],
        unticked: frozenset[str],
        takes: Callable[[StreamInfo], bool],
    ) -> None:
        """Show these; does not tell of ticks that it sets itself."""
        self._list.blockSignals(True)
        if self._list.count() != len(streams):
            self._list.clear()
            for stream in streams:
                item = QListWidgetItem(f"{stream.name}   {_words(stream)}")
                item.setData(Qt.ItemDataRole.UserRole, stream.name)
                self._list.addItem(item)
        for row, stream in enumerate(streams):
            item = self._list.item(row)
            fits = takes(stream)
            flags = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled
            item.setFlags(flags if fits else Qt.ItemFlag.NoItemFlags)
            ticked = fits and stream.name not in unticked
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            item.setToolTip("" if fits else "This cannot become what is chosen above.")
        self._list.blockSignals(False)

    def _tick_all(self, state: Qt.CheckState) -> None:
        self._list.blockSignals(True)
        for item in self._items():
            if item.flags() & Qt.ItemFlag.ItemIsEnabled:
                item.setCheckState(state)
        self._list.blockSignals(False)
        self._tell()

    def _items(self) -> list[QListWidgetItem]:
        return [self._list.item(row) for row in range(self._list.count())]

    @Slot(QListWidgetItem)
    def _on_item_changed(self, _: QListWidgetItem) -> None:
        self._tell()

    def _tell(self) -> None:
        """Of those that can be ticked; what does not fit keeps its wish for another format."""
        names = (
            item.data(Qt.ItemDataRole.UserRole)
            for item in self._items()
            if item.flags() & Qt.ItemFlag.ItemIsEnabled and item.checkState() is Qt.CheckState.Unchecked
        )
        self.changed.emit(frozenset(names))


def _words(stream: StreamInfo) -> str:
    return f"{readable.kind(stream.format.kind)}, {readable.size(stream.byte_count)}"
