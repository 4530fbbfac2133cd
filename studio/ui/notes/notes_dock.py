"""The dock with the table of notes: filter, rows, and what can be done with those that are selected."""

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.formats.notes import Note
from studio.ui.named import named
from studio.ui.notes.note_table import DURATION, TEXT, TIME, TRACK, NoteTable
from studio.ui.notes.session_notes import SessionNotes
from studio.ui.theme import Theme

WIDTHS = {TIME: 110, DURATION: 90, TRACK: 130, TEXT: 360}

Index = QModelIndex | QPersistentModelIndex


class NotesDock(QDockWidget):
    """Works with the notes of the recordings on screen."""

    go_wanted = Signal(object)  # Note
    deletion_wanted = Signal(object)  # ids
    tracks_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Notes", parent)
        self.setObjectName("notes_dock")
        self._theme = theme
        self.table: NoteTable | None = None
        self.filter = named(
            QLineEdit(placeholderText="Find in notes", clearButtonEnabled=True), "notes_filter"
        )
        self.count = named(QLabel(), "notes_count")
        self.view = named(_View(), "notes_table")
        self.view.delete_pressed.connect(self._on_delete_pressed)
        self._tracks_button = _button("Tracks\u2026", "notes_tracks_button")
        self._export_button = _button("Export\u2026", "notes_export_button")
        self._tracks_button.clicked.connect(self.tracks_wanted)
        self._export_button.clicked.connect(self.export_wanted)
        self._lay_out()

    def _lay_out(self) -> None:
        inside = QWidget()
        column, line = QVBoxLayout(inside), QHBoxLayout()
        column.setContentsMargins(8, 4, 8, 8)
        line.addWidget(self.filter, 1)
        for part in (self.count, self._tracks_button, self._export_button):
            line.addWidget(part)
        column.addLayout(line)
        column.addWidget(self.view, 1)
        self.setWidget(inside)

    def show_notes(self, notes: SessionNotes) -> None:
        """Look at these from now on."""
        table = self.table = NoteTable(self._theme, notes, self)
        self.view.setModel(table)
        for at, width in WIDTHS.items():
            self.view.setColumnWidth(at, width)
        self.view.sortByColumn(TIME, Qt.SortOrder.AscendingOrder)
        self.filter.textChanged.connect(table.set_filter)
        notes.changed.connect(self._on_notes_changed)
        self.visibilityChanged.connect(self._on_notes_changed)
        table.modelReset.connect(self._show_count)
        self.view.clicked.connect(self._on_clicked)
        self._notes = notes

    def pick(self, id: str) -> None:
        """Select the row of a note."""
        if self.table is not None and id and self.isVisible() and id not in self._selected_ids():
            row = self.table.row_of(id)
            if row >= 0:
                self.view.selectRow(row)

    @Slot()
    def _on_notes_changed(self) -> None:
        if self.isVisible() and self.table is not None:
            self.table.want_refresh()

    @Slot()
    def _show_count(self) -> None:
        if self.table is not None:
            shown, there = len(self.table.notes), self._notes.count
            word = "note" if there == 1 else "notes"
            self.count.setText(f"{there} {word}" if shown == there else f"{shown} of {there} {word}")
            self._export_button.setEnabled(there > 0)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        if self.table is not None:
            self.go_wanted.emit(self.table.note_at(index.row()))

    @Slot()
    def _on_delete_pressed(self) -> None:
        ids = self._selected_ids()
        if ids:
            self.deletion_wanted.emit(ids)

    def _selected_ids(self) -> tuple[str, ...]:
        if self.table is None:
            return ()
        return tuple(
            self.table.note_at(index.row()).id for index in self.view.selectionModel().selectedRows()
        )

    def selected(self) -> tuple[Note, ...]:
        """The notes whose rows are selected."""
        table = self.table
        rows = () if table is None else self.view.selectionModel().selectedRows()
        return tuple(table.note_at(index.row()) for index in rows) if table is not None else ()


class _View(QTableView):
    """A table whose Delete key means its rows."""

    delete_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSortingEnabled(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setItemDelegate(_Cells(self))
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Delete; all else as in every table."""
        if event.key() == Qt.Key.Key_Delete:
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)


class _Cells(QStyledItemDelegate):
    """Cells that may have some values only are chosen from a list."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: N802
        """A list, or a line."""
        table = index.model()
        choices = table.choices(index) if isinstance(table, NoteTable) else ()
        if not choices:
            return super().createEditor(parent, option, index)
        box = QComboBox(parent)
        box.addItems(list(choices))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 (Qt's name)
        """What the cell says."""
        if isinstance(editor, QComboBox):
            editor.setCurrentText(str(index.data(Qt.ItemDataRole.EditRole)))
        else:
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:  # noqa: N802
        """What was chosen."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())
        else:
            super().setModelData(editor, model, index)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Letters belong to the field, not to the keys of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain: Any = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            if not plain:
                event.accept()
        return super().eventFilter(editor, event)


def _button(text: str, name: str) -> QToolButton:
    button = named(QToolButton(), name)
    button.setText(text)
    return button
