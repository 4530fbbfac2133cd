"""Cursor, ends of the selection and of the session side by side, one row for each way to count time.

Shows the navigator; nothing can be typed here, that is `selection_bar`'s. Rows nobody wants take no room.
"""

from collections.abc import Collection

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from studio.timing import Timestamp
from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.panels.time_text import elapsed_text, wall_text
from studio.ui.readable import NOTHING
from studio.ui.theme import Theme, figures_font
from studio.ui.timeline.navigator import Navigator
from studio.ui.timeline.timing import Timing, TimingMode

TITLES = ("Selection from", "Cursor", "Selection to", "Session end", "Duration")
ROWS = {
    TimingMode.SESSION: "Since the session began",
    TimingMode.SELECTION: "Since the selection began",
    TimingMode.WALL: "By the clock",
}
GIVING_WAY = (5, 4, 0)
"""Columns that are hidden where there is no room, the least needed first."""


class TimeRows(QWidget):
    """A small table of times."""

    def __init__(self, theme: Theme, navigator: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("time_rows")
        self._theme, self._navigator = theme, navigator
        self._modes: tuple[TimingMode, ...] = ()
        self._width = 0
        """Of a column of times."""
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(8, 0, 8, 4)
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(1)
        # Narrower than all of it, some of it gives way.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._columns: list[list[QLabel]] = [[] for _ in range(len(TITLES) + 1)]
        self._cells: dict[TimingMode, list[QLabel]] = {}
        for number, title in enumerate(("", *TITLES)):
            self._add(title, 0, number, is_muted=True)
        for line, (mode, title) in enumerate(ROWS.items(), start=1):
            self._add(title, line, 0, is_muted=True)
            names = (f"time_row_{mode}_{number}" for number in range(len(TITLES)))
            self._cells[mode] = [
                named(self._add("", line, number), name) for number, name in enumerate(names, start=1)
            ]
        self._grid.setColumnStretch(len(TITLES) + 1, 1)
        theme.changed.connect(self._retint)
        self._retint()
        self.show_modes(())

    def _add(self, text: str, line: int, column: int, *, is_muted: bool = False) -> QLabel:
        label = QLabel(text)
        label.setFont(figures_font(self.font(), scale=0.9))
        label.setProperty("muted", is_muted)
        label.setProperty("line", line)
        if not is_muted:
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(label, line, column)
        self._columns[column].append(label)
        return label

    @property
    def modes(self) -> tuple[TimingMode, ...]:
        """Of the rows that are wanted."""
        return self._modes

    def show_modes(self, modes: Collection[TimingMode]) -> None:
        """Have these rows."""
        self._modes = tuple(mode for mode in ROWS if mode in modes)
        self._make_room()

    def show_times(self, decimals: int) -> None:
        """Tell where cursor, selection and session are now."""
        navigator = self._navigator
        selection, extent = navigator.selection, navigator.extent
        start = None if selection is None else selection.left
        for mode in self._modes:
            timing = Timing(mode, navigator.origin_time, start)
            lasts = selection if mode is TimingMode.SELECTION else extent
            times = (
                start,
                navigator.cursor_time,
                None if selection is None else selection.right,
                None if extent is None else extent.right,
            )
            can_count = mode is not TimingMode.SELECTION or selection is not None
            for cell, time in zip(self._cells[mode], times, strict=False):
                _show(cell, timing.text(time, decimals) if can_count and time is not None else NOTHING, time)
            has_length = lasts is not None and mode is not TimingMode.WALL
            _show(
                self._cells[mode][-1], elapsed_text(lasts.span, decimals) if lasts and has_length else NOTHING
            )
        self._fit(decimals)

    def _fit(self, decimals: int) -> None:
        """As wide as the widest time, so that nothing moves while the cursor does."""
        sample = elapsed_text(-(10 * 3600 * 10**9), decimals) + "0"
        width = self._cells[TimingMode.SESSION][0].fontMetrics().horizontalAdvance(sample)
        if width != self._width:
            self._width = width
            self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """More or less has room."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        wanted = {0, *(line for line, mode in enumerate(ROWS, start=1) if mode in self._modes)}
        hidden: set[int] = set()
        for column in (None, *GIVING_WAY):
            if column is not None:
                hidden.add(column)
            for number, labels in enumerate(self._columns):
                self._grid.setColumnMinimumWidth(
                    number, self._width if number and number not in hidden else 0
                )
                for label in labels:
                    label.setVisible(number not in hidden and label.property("line") in wanted)
            self._grid.invalidate()
            if self._grid.minimumSize().width() <= self.width():
                break

    @Slot()
    def _retint(self) -> None:
        for labels in self._columns:
            for label in labels:
                tint(label, self._theme, "muted" if label.property("muted") else "text")


def _show(cell: QLabel, text: str, time: Timestamp | None = None) -> None:
    if cell.text() != text:
        cell.setText(text)
        cell.setToolTip("" if time is None else wall_text(time))
