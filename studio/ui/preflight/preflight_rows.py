"""The lines of the card: verdict, stream, its figures in columns, and beneath them the reasons."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.preflight.preflight_view import COLUMNS, Look, Reason, Row
from studio.ui.theme import Theme, figures_font

ICON = QSize(16, 16)
GAP = 8
FIRST_FIGURE = 2
LAST = FIRST_FIGURE + len(COLUMNS) - 1
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse


class Badge(QWidget):
    """An icon and a word in one colour."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon, self._word = QLabel(), QLabel()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self._icon)
        line.addWidget(self._word)
        line.addStretch(1)
        font = self._word.font()
        font.setBold(True)
        self._word.setFont(font)
        self.setFixedWidth(ICON.width() + 6 + self._word.fontMetrics().horizontalAdvance("Pass ") + 8)

    def show_look(self, look: Look) -> None:
        """Show a verdict."""
        self._icon.setPixmap(self._theme.icon(look.icon, look.role).pixmap(ICON))
        self._word.setText(look.word)
        self.setAccessibleName(look.word)
        tint(self._word, self._theme, look.role)


class ReasonLine(QWidget):
    """Why, and what to do."""

    def __init__(self, theme: Theme, reason: Reason, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        icon, text = QLabel(), named(QLabel(reason.text, wordWrap=True), "preflight_reason")
        icon.setPixmap(theme.icon(reason.look.icon, reason.look.role).pixmap(ICON))
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextInteractionFlags(_SELECTABLE)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 4)
        line.setSpacing(GAP)
        line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(text, 1)


class _Line:
    """The widgets of one row."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.badge = Badge(theme)
        self.icon, self.name = QLabel(), QLabel()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.cells: tuple[QLabel, ...] = ()
        self._shown: Row | None = None

    def show_row(self, row: Row) -> None:
        if row == self._shown:
            return
        if self._shown is None or self._shown.look != row.look:
            self.badge.show_look(row.look)
        if self._shown is None:
            self.icon.setPixmap(self._theme.icon(row.icon, "muted").pixmap(ICON))
            self.name.setText(row.name)
        self._shown = row
        for label, text in zip(self.cells, row.cells, strict=True):
            label.setText(text)


class PreflightRows(QWidget):
    """All of them in one grid. Made anew only when there are others, or other reasons."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preflight_rows")
        self._theme = theme
        self._rows: tuple[Row, ...] = ()
        self._lines: list[_Line] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, GAP, 16, GAP)
        self._grid.setHorizontalSpacing(2 * GAP)
        self._grid.setVerticalSpacing(6)
        theme.changed.connect(self._rebuild)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these."""
        before, self._rows = self._rows, rows
        if _shape(before) != _shape(rows):
            self._rebuild()
        for line, row in zip(self._lines, rows, strict=True):
            line.show_row(row)

    @Slot()
    def _rebuild(self) -> None:
        self._clear()
        if self._rows:
            self._add_headings()
        for number, row in enumerate(self._rows):
            if len(row.cells) == 1 and (number == 0 or len(self._rows[number - 1].cells) > 1):
                self._add_rule()
            self._add(row)
        self._grid.setColumnStretch(1, 1)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def _clear(self) -> None:
        self._lines = []
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _add_headings(self) -> None:
        for column, text in enumerate(COLUMNS, FIRST_FIGURE - 1):
            label = QLabel(text)
            label.setAlignment(_alignment(column))
            tint(label, self._theme, "muted")
            self._grid.addWidget(label, 0, column)

    def _add_rule(self) -> None:
        rule = named(QFrame(), "preflight_rule")
        rule.setFixedHeight(1)
        self._grid.addWidget(rule, self._grid.rowCount(), 0, 1, LAST + 1)

    def _add(self, row: Row) -> None:
        at, line = self._grid.rowCount(), _Line(self._theme)
        head = QWidget()
        inside = QHBoxLayout(head)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(GAP)
        inside.addWidget(line.icon)
        inside.addWidget(line.name)
        inside.addStretch(1)
        self._grid.addWidget(line.badge, at, 0)
        self._grid.addWidget(head, at, 1)
        line.cells = tuple(self._cell(at, number, len(row.cells)) for number in range(len(row.cells)))
        line.show_row(row)
        self._lines.append(line)
        for reason in row.reasons:
            self._grid.addWidget(ReasonLine(self._theme, reason), self._grid.rowCount(), 1, 1, LAST)

    def _cell(self, at: int, number: int, count: int) -> QLabel:
        label = QLabel(wordWrap=count == 1)
        label.setFont(figures_font(label.font()))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(_SELECTABLE)
        column = FIRST_FIGURE + number
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        label.setAlignment(left if count == 1 else _alignment(column))
        self._grid.addWidget(label, at, column, 1, LAST - FIRST_FIGURE + 1 if count == 1 else 1)
        return label


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column >= FIRST_FIGURE else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _shape(rows: tuple[Row, ...]) -> tuple[object, ...]:
    return tuple((row.name, row.icon, len(row.cells), row.reasons) for row in rows)
