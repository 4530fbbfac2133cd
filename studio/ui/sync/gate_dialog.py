"""The question before a recording whose clock is not exact enough: Record anyway, Wait, Cancel.

It holds up nobody: the panel can be used beside it, and while it waits it says how it stands.
"""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.ui.named import named
from studio.ui.sync.section import hint
from studio.ui.theme import Theme

WAITING = "Recording starts by itself as soon as the clock is exact enough."


class GateDialog(QDialog):
    """One question. Deletes itself when it is answered."""

    record_requested = Signal()
    wait_requested = Signal()

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gate_dialog")
        self.setWindowTitle("The clock is not exact enough")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.is_waiting = False
        self._icon = QLabel()
        self._icon.setPixmap(theme.icon("warning", "warning").pixmap(QSize(24, 24)))
        self._text = named(QLabel(text, wordWrap=True), "gate_text")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._hint = named(hint(theme), "gate_hint")
        self.anyway = named(QPushButton("Record anyway"), "gate_record_button")
        self.wait = named(QPushButton("Wait"), "gate_wait_button")
        self.cancel = named(QPushButton("Cancel"), "gate_cancel_button")
        for button in (self.anyway, self.wait, self.cancel):
            # Else Enter would press whichever has the focus, and call off what waits.
            button.setAutoDefault(False)
        self._lay_out()
        self.wait.setFocus()  # else the space bar would press the first, which records
        self.anyway.clicked.connect(self._on_anyway_clicked)
        self.wait.clicked.connect(self._on_wait_clicked)
        self.cancel.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        self.setMinimumWidth(440)
        self.wait.setDefault(True)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._text)
        words.addWidget(self._hint)
        self._hint.setText("Wait: " + WAITING[0].lower() + WAITING[1:])
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self.anyway, self.wait, self.cancel):
            buttons.addWidget(button)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(16, 16, 16, 16)
        lines.setSpacing(16)
        lines.addLayout(top)
        lines.addStretch(1)
        lines.addLayout(buttons)

    def show_text(self, text: str) -> None:
        """Say how it stands now."""
        if text and self._text.text() != text:
            self._text.setText(text)

    @Slot()
    def _on_anyway_clicked(self) -> None:
        self.record_requested.emit()
        self.accept()

    @Slot()
    def _on_wait_clicked(self) -> None:
        self.is_waiting = True
        self.wait.setDefault(False)
        self.wait.setEnabled(False)
        self.wait.setText("Waiting \u2026")
        self.cancel.setFocus()
        self._hint.setText(WAITING)
        self.wait_requested.emit()
