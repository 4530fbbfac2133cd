"""The bar at the bottom: file, size, disk, drops, clock, CPU, state. Shows StatusTexts; decides nothing."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QLabel, QStatusBar, QWidget

from studio.ui.labels import ElidedLabel, tint
from studio.ui.named import named
from studio.ui.status_texts import StatusTexts
from studio.ui.sync.clock_chip import ClockChip
from studio.ui.theme import Theme, figures_font
from studio.ui.transport_view import TransportView


class StatusBar(QStatusBar):
    """The bar."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_bar")
        self._theme = theme
        self._texts = StatusTexts()
        self._state = ("", "muted")
        self._state_label = named(QLabel(), "status_state")
        self._file = named(ElidedLabel(mode=Qt.TextElideMode.ElideMiddle), "status_file")
        self._size, self._disk = named(QLabel(), "status_size"), named(QLabel(), "status_disk")
        self._dropped, self._cpu = named(QLabel(), "status_dropped"), named(QLabel(), "status_cpu")
        self.chip = ClockChip(theme)
        self.setSizeGripEnabled(False)
        self._lay_out()
        theme.changed.connect(self._retint)

    def _lay_out(self) -> None:
        figures = figures_font(self.font())
        self.addWidget(self._state_label)
        self.addWidget(self._file, 1)
        for label in (self._size, self._disk, self._dropped, self.chip, self._cpu):
            self.addPermanentWidget(label)
        for label in (self._state_label, self._file, self._size, self._disk, self._dropped, self._cpu):
            label.setFont(figures)
            label.setFrameShape(QFrame.Shape.NoFrame)
            label.setContentsMargins(8, 2, 8, 2)

    def show_texts(self, texts: StatusTexts) -> None:
        """Show these texts; parts that are empty take no room."""
        if texts == self._texts:
            return
        self._texts = texts
        pairs = (
            (self._file, texts.file),
            (self._size, texts.size),
            (self._disk, texts.disk),
            (self._dropped, texts.dropped),
            (self._cpu, texts.cpu),
        )
        for label, text in pairs:
            if label.text() != text:
                label.setText(text)
            if label is not self._file:
                label.setVisible(bool(text))
        self._file.setToolTip(texts.file)
        self._make_room()
        self._retint()

    def _make_room(self) -> None:
        """At once: left to itself, Qt paints a longer text cut off before it makes room for it."""
        layout = self.layout()
        if layout is not None:
            layout.activate()

    def show_state(self, view: TransportView) -> None:
        """Say in a word what the recorder does."""
        self._state = (view.state_text, view.state_role)
        self._state_label.setText(view.state_text)
        self._retint()

    @Slot()
    def _retint(self) -> None:
        tint(self._state_label, self._theme, self._state[1])
        tint(self._disk, self._theme, self._texts.disk_role)
        tint(self._dropped, self._theme, self._texts.dropped_role)
        for label in (self._file, self._size, self._cpu):
            tint(label, self._theme, "muted")
