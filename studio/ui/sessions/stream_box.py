"""The properties of the streams that are selected, in two columns; copied by a click. Asks nobody."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from studio.ui.labels import ElidedLabel, tint
from studio.ui.named import named
from studio.ui.sessions.stream_properties import Facts, Line, lines_of, text_of, title_of
from studio.ui.sessions.tree_nodes import StreamValue
from studio.ui.theme import Theme, figures_font

SHARES = (4, 5)
"""Of the width: names, values."""


class StreamBox(QWidget):
    """One stream, or the sums of several; takes no room while there is none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stream_box")
        self._theme = theme
        self._streams: Sequence[StreamValue] = ()
        self.lines: tuple[Line, ...] = ()
        self._title = named(ElidedLabel(mode=Qt.TextElideMode.ElideMiddle), "stream_title")
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._copy = named(QToolButton(), "stream_copy")
        self._copy.setText("Copy")
        self._copy.setToolTip("Copy these lines, to be pasted as text or as a table")
        self._copy.setIconSize(QSize(16, 16))
        self._copy.clicked.connect(self.copy)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        for part, stretch in enumerate(SHARES):
            self._grid.setColumnStretch(part, stretch)
        self._labels: list[tuple[QLabel, QLabel]] = []
        self._lay_out()
        theme.changed.connect(self._retint)
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(self._grid)

    def show_streams(self, streams: Sequence[StreamValue], facts: Facts) -> None:
        """Show these; what is not known yet comes later."""
        self._streams, self.lines = streams, lines_of(streams, facts)
        self.setVisible(bool(streams))
        if streams:
            self._title.setText(title_of(streams))
            self._title.setToolTip(title_of(streams))
        while len(self._labels) < len(self.lines):
            self._add_line()
        for number, pair in enumerate(self._labels):
            shown = number < len(self.lines)
            for label, text in zip(pair, self.lines[number] if shown else ("", ""), strict=True):
                if label.text() != text:
                    label.setText(text)
                label.setVisible(shown)

    def _add_line(self) -> None:
        name, value = QLabel(wordWrap=True), QLabel(wordWrap=True)
        for label in (name, value):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            # A long word shall not make the panel wider.
            policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            label.setSizePolicy(policy)
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        value.setFont(figures_font(value.font()))
        tint(name, self._theme, "muted")
        line = len(self._labels)
        self._grid.addWidget(name, line, 0)
        self._grid.addWidget(value, line, 1)
        self._labels.append((name, value))

    @Slot()
    def copy(self) -> None:
        """Put all lines on the clipboard."""
        QGuiApplication.clipboard().setText(text_of(self._streams, self.lines))

    @Slot()
    def _retint(self) -> None:
        for name, _ in self._labels:
            tint(name, self._theme, "muted")
