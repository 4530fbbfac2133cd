"""Shows a batch: how far the whole is, what each step has come to, Cancel. Decides nothing.

It does not have to stay open: the work goes on, and the line in the strip of jobs leads back to it.
"""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from studio.ui import readable
from studio.ui.jobs.batch import Batch, State
from studio.ui.labels import ElidedLabel
from studio.ui.named import named
from studio.ui.theme import Theme, figures_font

STEPS = 1000
SIZE = (680, 420)
HEADINGS = ("Session", "State", "What came of it")
ICONS = {
    State.DONE: ("check", "ok"),
    State.FAULTY: ("warning", "warning"),
    State.FAILED: ("error", "error"),
    State.CANCELLED: ("close", "muted"),
}
NOWHERE = QModelIndex()
AnyIndex = QModelIndex | QPersistentModelIndex


class BatchModel(QAbstractTableModel):
    """The steps of a batch as Qt asks for them."""

    def __init__(self, theme: Theme, batch: Batch) -> None:
        super().__init__()
        self._theme = theme
        self._batch = batch
        batch.step_changed.connect(self._on_step_changed)

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802 (Qt's name)
        """One a step."""
        return 0 if parent.isValid() else len(self._batch.steps)

    def columnCount(self, _parent: AnyIndex = NOWHERE) -> int:  # noqa: N802
        """Name, state, words."""
        return len(HEADINGS)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What stands in a cell."""
        step = self._batch.steps[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return (step.name, str(step.state), step.text)[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 1 and step.state in ICONS:
            return self._theme.icon(*ICONS[step.state])
        if role == Qt.ItemDataRole.ForegroundRole and step.state in (State.WAITING, State.CANCELLED):
            return self._theme.colour("muted")
        return None

    @Slot(int)
    def _on_step_changed(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(HEADINGS) - 1))


class BatchPanel(QDialog):
    """Use `show`."""

    def __init__(self, theme: Theme, batch: Batch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("batch_panel")
        self.setWindowTitle(batch.view.title)
        self.resize(*SIZE)
        self.batch = batch
        self._text = named(ElidedLabel(), "batch_text")
        self._left = named(QLabel(), "batch_left")
        self._left.setFont(figures_font(self._left.font()))
        self._bar = named(QProgressBar(maximum=STEPS, textVisible=False), "job_bar")
        self.table = named(QTreeView(), "batch_steps")
        self._model = BatchModel(theme, batch)
        self._buttons = self._make_buttons()
        self._set_up_table()
        self._lay_out()
        batch.changed.connect(self._show_whole)
        batch.ended.connect(self._show_whole)
        batch.step_changed.connect(self._follow)
        self._show_whole()

    def _make_buttons(self) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Cancel | kinds.Close)
        self._cancel = named(buttons.button(kinds.Cancel), "batch_cancel")
        self._cancel.setText("Cancel all")
        close = named(buttons.button(kinds.Close), "batch_close")
        close.setToolTip("It goes on; the line at the bottom of the window leads back here.")
        self._cancel.clicked.connect(self.batch.cancel)
        close.clicked.connect(self.close)
        return buttons

    def _set_up_table(self) -> None:
        self._model.setParent(self.table)
        self.table.setModel(self._model)
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.table.header()
        for column, width in enumerate((220, 120)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, width)
        header.setStretchLastSection(True)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self._text, 1)
        line.addWidget(self._left)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self._bar)
        column.addWidget(self.table, 1)
        column.addWidget(self._buttons)

    @Slot(int)
    def _follow(self, row: int) -> None:
        if self.batch.steps[row].state is State.RUNNING:
            self.table.scrollTo(self._model.index(row, 0))

    @Slot()
    def _show_whole(self) -> None:
        view, is_over = self.batch.view, self.batch.is_over
        self._text.setText("Cancelling\u2026" if view.cancelling and not is_over else view.text)
        self._bar.setValue(round(view.done * STEPS))
        left = readable.time_left(view.remaining_s)
        self._left.setText(f"{left} left" if left and not is_over and not view.cancelling else "")
        self._cancel.setVisible(not is_over)
        self._cancel.setEnabled(not view.cancelling)
