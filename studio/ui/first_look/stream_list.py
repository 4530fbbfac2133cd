"""The streams of a running recording as a plain list: what comes, what is stored, what was lost."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from studio.app.status import RecorderStatus, StreamStatus
from studio.ui import readable
from studio.ui.theme import Theme, figures_font

HEADS = ("Stream", "Rate", "Produced", "Stored", "Dropped")
NUMBERS = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LINE_HEIGHT = 26
MOST = 200
"""Lines; nobody reads more of them in a second."""


class StreamList(QTreeWidget):
    """A line for each stream, in the order of the devices."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("first_streams")
        self.setHeaderLabels(HEADS)
        self.setRootIsDecorated(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFont(figures_font(self.font()))
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(HEADS)):
            self.headerItem().setTextAlignment(column, NUMBERS)

    def show_status(self, status: RecorderStatus) -> None:
        """Show these streams as they stand; what goes beyond the last line is counted there."""
        streams = [stream for device in status.devices for stream in device.streams]
        lines = [_texts(stream) for stream in streams[:MOST]]
        if len(streams) > MOST:
            lines.append((f"and {readable.count(len(streams) - MOST)} more", "", "", "", ""))
        while self.topLevelItemCount() > len(lines):
            self.takeTopLevelItem(self.topLevelItemCount() - 1)
        while self.topLevelItemCount() < len(lines):
            self.addTopLevelItem(_empty_line())
        for row, texts in enumerate(lines):
            self._show(self.topLevelItem(row), texts, lost=row < MOST and streams[row].dropped > 0)

    def _show(self, item: QTreeWidgetItem | None, texts: tuple[str, ...], *, lost: bool) -> None:
        assert item is not None  # it was counted
        for column, text in enumerate(texts):
            if item.text(column) != text:
                item.setText(column, text)
        item.setForeground(len(HEADS) - 1, self._theme.colour("error" if lost else "muted"))


def _empty_line() -> QTreeWidgetItem:
    item = QTreeWidgetItem()
    item.setSizeHint(0, QSize(0, LINE_HEIGHT))
    for column in range(1, len(HEADS)):
        item.setTextAlignment(column, NUMBERS)
    return item


def _texts(stream: StreamStatus) -> tuple[str, ...]:
    return (
        stream.name,
        readable.live_rate(stream.format, stream.rate, stream.produced),
        *(readable.count(number) for number in (stream.produced, stream.stored, stream.dropped)),
    )
