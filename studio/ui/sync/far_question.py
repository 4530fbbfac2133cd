"""The question whether a clock is followed that is more than a day off. Nothing but a click answers it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.ui.named import named
from studio.ui.sync.clock_view import ClockView, FarView
from studio.ui.sync.section import GAP, show_text


class FarQuestion(QWidget):
    """Takes no room while there is nothing to ask."""

    confirmed = Signal(str, str)  # key of the machine, and its name
    declined = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._far: FarView | None = None
        self._words = named(QLabel(wordWrap=True), "clock_far_question")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.follow = named(QPushButton("Follow it all the same"), "clock_far_follow")
        self.decline = named(QPushButton("Keep own clock"), "clock_far_decline")
        self.decline.setToolTip("Follow nobody; you can choose another machine at any time")
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addWidget(self.follow)
        buttons.addWidget(self.decline)
        buttons.addStretch(1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GAP)
        lines.addWidget(self._words)
        lines.addLayout(buttons)
        self.follow.clicked.connect(self._on_follow_clicked)
        self.decline.clicked.connect(self.declined)
        self.hide()

    def show_view(self, view: ClockView) -> None:
        """Ask what is to be asked."""
        far = self._far = view.far
        self.setVisible(far is not None)
        if far is None:
            return
        show_text(self._words, far.question)
        for button in (self.follow, self.decline):
            button.setEnabled(not view.locked)
        self.follow.setToolTip(view.locked or f"Remembered for {far.machine} alone, until it is forgotten")

    @Slot()
    def _on_follow_clicked(self) -> None:
        if self._far is not None:
            self.confirmed.emit(self._far.key, self._far.machine)
