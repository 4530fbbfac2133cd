"""Streams with a tick each, as Qt's views ask for them: rows cost nothing until they are in sight.

Shows those whose names hold all words of a filter; ticks of the others stay. Decides nothing.
"""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from studio.app.session_search import names_with
from studio.formats.recording import StreamInfo
from studio.ui import readable

AnyIndex = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
CHECKED, UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked
MISFIT = "This cannot become what is chosen above."


class StreamTicks(QAbstractListModel):
    """One row a stream."""

    ticked = Signal()  # by the user

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._streams: Sequence[StreamInfo] = ()
        self._names: tuple[str, ...] = ()
        self._fits: tuple[bool, ...] = ()
        self._unticked: set[str] = set()
        self._shown: Sequence[int] = ()
        self._words = ""

    def show(
        self, streams: Sequence[StreamInfo], unticked: frozenset[str], takes: Callable[[StreamInfo], bool]
    ) -> None:
        """Show these; tells nobody of ticks."""
        fits = tuple(takes(stream) for stream in streams)
        if streams is not self._streams:
            self.beginResetModel()
            self._streams, self._names = streams, tuple(stream.name for stream in streams)
            self._fits, self._unticked = fits, set(unticked)
            self._shown = names_with(self._names, self._words)
            self.endResetModel()
            return
        self._fits, self._unticked = fits, set(unticked)
        self._tell_all()

    def filter(self, text: str) -> None:
        """Show only streams whose names hold all of these words."""
        self.beginResetModel()
        self._words = text
        self._shown = names_with(self._names, text)
        self.endResetModel()

    @property
    def unticked(self) -> frozenset[str]:
        """Of those that fit; what does not fit keeps its wish for another format."""
        pairs = zip(self._names, self._fits, strict=True)
        return frozenset(name for name, fits in pairs if fits and name in self._unticked)

    @property
    def amounts(self) -> tuple[int, int]:
        """How many are ticked, of how many that fit."""
        fitting = sum(self._fits)
        return fitting - len(self.unticked), fitting

    def tick_shown(self, state: Qt.CheckState) -> None:
        """Tick all that are shown, or none of them."""
        names = {self._names[row] for row in self._shown if self._fits[row]}
        self._unticked = self._unticked | names if state is UNCHECKED else self._unticked - names
        self._tell_all()
        self.ticked.emit()

    def _tell_all(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    # As Qt asks for it ----------------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """Those that the filter finds."""
        return 0 if parent.isValid() else len(self._shown)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """What does not fit is greyed."""
        if not self._fits[self._shown[index.row()]]:
            return Qt.ItemFlag.NoItemFlags
        kinds = Qt.ItemFlag
        return kinds.ItemIsUserCheckable | kinds.ItemIsEnabled | kinds.ItemIsSelectable

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What stands in a row."""
        row = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            stream = self._streams[row]
            kind, size = readable.kind(stream.format.kind), readable.size(stream.byte_count)
            return f"{self._names[row]}   {kind}, {size}"
        if role == Qt.ItemDataRole.CheckStateRole:
            return CHECKED if self._fits[row] and self._names[row] not in self._unticked else UNCHECKED
        if role == Qt.ItemDataRole.ToolTipRole:
            return "" if self._fits[row] else MISFIT
        return None

    def setData(  # noqa: N802
        self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """The user ticks a row."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        name = self._names[self._shown[index.row()]]
        if Qt.CheckState(value) is CHECKED:
            self._unticked.discard(name)
        else:
            self._unticked.add(name)
        self.dataChanged.emit(index, index)
        self.ticked.emit()
        return True
