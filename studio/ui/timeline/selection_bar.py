"""The row of times: cursor, selection from, to and duration, each as text that can be typed anew.

Shows the navigator and moves it; holds nothing itself.
"""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from studio.errors import TimeTextError
from studio.timing import TimeInterval, Timestamp
from studio.ui.theme import Theme
from studio.ui.timeline.navigator import Navigator
from studio.ui.timeline.time_entry import EXAMPLES, TimeContext, parse_duration, parse_time
from studio.ui.timeline.time_field import TimeField
from studio.ui.timeline.timing import Timing, TimingMode

DASH = "\u2013"


class SelectionBar(QWidget):
    """Times of cursor and selection."""

    done = Signal()  # something was typed and taken, or given up: the keys belong to the timeline again

    def __init__(self, theme: Theme, navigator: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("selection_bar")
        self._theme, self._navigator = theme, navigator
        self._timing = Timing(TimingMode.SESSION, 0)
        self._decimals = 3
        self.cursor_field = TimeField("cursor_field", f"Where the cursor is. Type {EXAMPLES}.", self)
        self.from_field = TimeField("selection_from_field", f"Where the selection begins: {EXAMPLES}.", self)
        self.to_field = TimeField(
            "selection_to_field", "Where the selection ends; +3.5 counts from its beginning.", self
        )
        self.duration_field = TimeField(
            "selection_duration_field", "How long the selection is: 1:02.5, 90 s, 250 ms.", self
        )
        self._snapped = self._hidden = ""
        self._room = 0
        """Letters for which the fields are made."""
        self._giving_way: tuple[QWidget, ...] = ()
        self._buttons: list[QToolButton] = []
        self._snap = QLabel(self)
        self._snap.setObjectName("snap_label")
        self._row = QHBoxLayout(self)
        self._lay_out()
        self._listen()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def add_actions(self, actions: tuple[QAction, ...]) -> None:
        """Small buttons behind the times."""
        for action in actions:
            button = QToolButton(self)
            button.setObjectName(f"{action.objectName().removesuffix('_action')}_button")
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAutoRaise(True)
            button.setIconSize(QSize(16, 16))
            self._buttons.append(button)
            self._row.insertWidget(self._row.count() - 2, button)

    def show_times(self, timing: Timing, decimals: int) -> None:
        """Tell the times like this."""
        self._timing, self._decimals = timing, decimals
        cursor, selection = self._navigator.cursor_time, self._navigator.selection
        self.cursor_field.show_text("" if cursor is None else timing.text(cursor, decimals))
        for field, time in (
            (self.from_field, None if selection is None else selection.left),
            (self.to_field, None if selection is None else selection.right),
        ):
            field.show_text("" if time is None else timing.text(time, decimals))
        length = Timing(TimingMode.SESSION, 0)
        self.duration_field.show_text("" if selection is None else length.text(selection.span, decimals))
        sample = f"{timing.text(self._navigator.extent.right if self._navigator.extent else 0, decimals)}0"
        if len(sample) != self._room:
            self._room = len(sample)
            for field in (self.cursor_field, self.from_field, self.to_field, self.duration_field):
                field.fit(sample)
            self._make_room()

    @property
    def words(self) -> str:
        """What it says besides the times."""
        return self._snap.text()

    def show_snap(self, words: str) -> None:
        """Say what holds the cursor; empty: nothing."""
        self._snapped = words
        self._show_words()

    def show_hidden(self, count: int) -> None:
        """Say how many panels are hidden."""
        self._hidden = f"{count} panel{'s' * (count != 1)} hidden" if count else ""
        self._show_words()

    def _show_words(self) -> None:
        words = " · ".join(text for text in (self._snapped, self._hidden) if text)
        if words != self._snap.text():
            self._snap.setText(words)
            self._snap.setToolTip(words)
            self._make_room()

    def _lay_out(self) -> None:
        row = self._row
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(6)
        # Narrower than all of it, some of it gives way.
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        cursor, selection, equals = QLabel("Cursor", self), QLabel("Selection", self), QLabel("=", self)
        row.addWidget(cursor)
        row.addWidget(self.cursor_field)
        row.addSpacing(12)
        row.addWidget(selection)
        row.addWidget(self.from_field)
        row.addWidget(QLabel(DASH, self))
        row.addWidget(self.to_field)
        row.addWidget(equals)
        row.addWidget(self.duration_field)
        self._giving_way = (self._snap, cursor, selection, equals, self.duration_field, self.cursor_field)
        row.addStretch(1)
        row.addWidget(self._snap)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """More or less has room."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Hide what there is no room for, the least needed first."""
        for part in self._giving_way:
            part.setVisible(True)
        for part in self._giving_way:
            self._row.invalidate()
            if self._row.minimumSize().width() <= self.width():
                break
            part.setVisible(False)

    def _listen(self) -> None:
        for field, take in (
            (self.cursor_field, self._take_cursor),
            (self.from_field, self._take_from),
            (self.to_field, self._take_to),
            (self.duration_field, self._take_duration),
        ):
            field.entered.connect(self._taker(field, take))
            field.given_up.connect(self.done)

    def _taker(self, field: TimeField, take: Callable[[str], None]) -> Callable[[str], None]:
        def taken(text: str) -> None:
            try:
                take(text)
            except TimeTextError as error:
                field.refuse(str(error))
            else:
                field.accept()
                self.done.emit()

        return taken

    # What was typed -------------------------------------------------------------------------------------

    def context(self, base: Timestamp | None = None) -> TimeContext:
        """What typed times are measured from."""
        extent = self._navigator.extent or TimeInterval(0, 0)
        cursor = self._navigator.cursor_time
        base = base if base is not None else cursor if cursor is not None else extent.left
        return TimeContext(origin=self._timing.origin, base=base, extent=extent)

    def time_of(self, text: str, base: Timestamp | None = None) -> Timestamp:
        """The time that was typed; a time of day may stand alone while the ruler tells such."""
        if self._timing.mode is TimingMode.WALL and ":" in text and text.strip()[:1].isdigit():
            text = text if "-" in text else f"@{text.strip()}"
        return parse_time(text, self.context(base))

    def _take_cursor(self, text: str) -> None:
        self._navigator.move_cursor(self.time_of(text))

    def _take_from(self, text: str) -> None:
        if not text.strip():
            self._navigator.clear_selection()
            return
        self._navigator.select_from(self.time_of(text))

    def _take_to(self, text: str) -> None:
        if not text.strip():
            self._navigator.clear_selection()
            return
        selection = self._navigator.selection
        self._navigator.select_to(self.time_of(text, None if selection is None else selection.left))

    def _take_duration(self, text: str) -> None:
        if not text.strip():
            self._navigator.clear_selection()
            return
        selection, cursor = self._navigator.selection, self._navigator.cursor_time
        start = cursor if selection is None else selection.left
        if start is not None:
            self._navigator.set_selection(TimeInterval(start, start + parse_duration(text)))

    @Slot()
    def _on_theme_changed(self) -> None:
        muted, wrong = self._theme.colour("muted").name(), self._theme.colour("error").name()
        self.setStyleSheet(
            f"#selection_bar QLabel {{ color: {muted}; }}"
            "#selection_bar QLineEdit { padding: 1px 6px; min-height: 18px; }"
            f'#selection_bar QLineEdit[wrong="true"] {{ border-color: {wrong}; }}'
            "#selection_bar QToolButton { padding: 3px; }"
        )
