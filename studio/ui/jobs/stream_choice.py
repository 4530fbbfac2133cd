"""A list of streams to be ticked, with a filter where they are many. Decides nothing."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.formats.recording import StreamInfo
from studio.ui import readable
from studio.ui.jobs.stream_ticks import StreamTicks
from studio.ui.named import named

FEW = 10
"""So many are seen at a glance."""


class StreamChoice(QWidget):
    """Streams with a tick each, and buttons for all and none of those that are shown."""

    changed = Signal(object)  # frozenset of the names that are not ticked

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ticks = StreamTicks(self)
        self.filter = named(QLineEdit(placeholderText="Filter streams"), "export_filter")
        self.filter.setClearButtonEnabled(True)
        self._list = named(QListView(), "export_streams")
        self._list.setUniformItemSizes(True)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.setModel(self.ticks)
        self._words = named(QLabel(), "export_ticked")
        self._all, self._none = QPushButton("All"), QPushButton("None")
        self._lay_out()
        self.filter.textChanged.connect(self._on_filter_changed)
        self._all.clicked.connect(lambda: self.ticks.tick_shown(Qt.CheckState.Checked))
        self._none.clicked.connect(lambda: self.ticks.tick_shown(Qt.CheckState.Unchecked))
        self.ticks.ticked.connect(self._on_ticked)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(named(self._all, "export_all_streams"))
        buttons.addWidget(named(self._none, "export_no_streams"))
        buttons.addStretch(1)
        buttons.addWidget(self._words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.filter)
        column.addWidget(self._list, 1)
        column.addLayout(buttons)

    def show_streams(
        self,
        streams: Sequence[StreamInfo],
        unticked: frozenset[str],
        takes: Callable[[StreamInfo], bool],
    ) -> None:
        """Show these; does not tell of ticks that it sets itself."""
        self.ticks.show(streams, unticked, takes)
        self.filter.setVisible(len(streams) > FEW)
        self._count()

    @Slot(str)
    def _on_filter_changed(self, text: str) -> None:
        self.ticks.filter(text)
        is_part = bool(text.strip())
        self._all.setText("All shown" if is_part else "All")
        self._none.setText("None shown" if is_part else "None")

    @Slot()
    def _on_ticked(self) -> None:
        self._count()
        self.changed.emit(self.ticks.unticked)

    def _count(self) -> None:
        ticked, fitting = self.ticks.amounts
        self._words.setText(f"{readable.count(ticked)} of {readable.count(fitting)} ticked")
