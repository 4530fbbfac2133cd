"""Makes this machine and another one trust each other: wait or call, compare a code; lists who is trusted."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.app.clock_sync import PairedView, PairingView
from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.sessions.session_texts import one_line
from studio.ui.sync.pairing_words import pairing_page
from studio.ui.sync.section import heading, show_text
from studio.ui.theme import Theme, figures_font

PORT = 11513
WIDTH = 460
LIST_HEIGHT = 96


class PairingDialog(QDialog):
    """Shows how it stands; holds up nobody. Closing it calls off what is under way."""

    begin_requested = Signal(str, int)  # host of the machine that waits, or empty: wait; port
    answered = Signal(bool)  # whether the codes are equal
    forget_requested = Signal(str)  # fingerprint
    again_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pairing_dialog")
        self.setWindowTitle("Pair machines")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._theme = theme
        self._paired: tuple[PairedView, ...] | None = None
        self._words = named(QLabel(wordWrap=True), "pairing_words")
        self._code = named(QLabel(), "pairing_code")
        self._address = named(QLineEdit(placeholderText="10.0.0.2"), "pairing_address")
        self._wait = named(QPushButton("Wait here"), "pairing_wait_button")
        self._call = named(QPushButton("Call"), "pairing_call_button")
        self._same = named(QPushButton("The same"), "pairing_same_button")
        self._differs = named(QPushButton("Different"), "pairing_differs_button")
        self._again = named(QPushButton("Back"), "pairing_again_button")
        self._close = named(QPushButton("Close"), "pairing_close_button")
        self._list = named(QListWidget(), "pairing_list")
        self._forget = named(QPushButton("Forget"), "pairing_forget_button")
        self._trusted = QWidget()
        self._lay_out()
        self._listen()
        self.show_pairing(None, ())

    def _lay_out(self) -> None:
        self.setMinimumWidth(WIDTH)
        self._code.setFont(figures_font(self.font(), scale=2.6, bold=True))
        self._code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._code.setAccessibleName("Code to compare")
        for label in (self._words, self._code):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._address.setAccessibleName("Address of the machine that waits")
        self._list.setAccessibleName("Machines that are trusted")
        self._list.setFixedHeight(LIST_HEIGHT)
        begin, answer = QHBoxLayout(), QHBoxLayout()
        for widget, stretch in ((self._wait, 0), (self._address, 1), (self._call, 0)):
            begin.addWidget(widget, stretch)
        answer.addStretch(1)
        for button in (self._same, self._differs, self._again, self._close):
            button.setAutoDefault(False)
            answer.addWidget(button)
        for button in (self._wait, self._call, self._forget):
            button.setAutoDefault(False)
        trusted = QVBoxLayout(self._trusted)
        trusted.setContentsMargins(0, 0, 0, 0)
        trusted.addWidget(heading("Trusted machines"))
        trusted.addWidget(self._list)
        trusted.addWidget(self._forget, 0, Qt.AlignmentFlag.AlignLeft)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(16, 16, 16, 16)
        lines.setSpacing(12)
        lines.addWidget(self._words)
        lines.addWidget(self._code)
        lines.addLayout(begin)
        lines.addWidget(self._trusted)
        lines.addLayout(answer)

    def _listen(self) -> None:
        self._wait.clicked.connect(self._on_wait_clicked)
        self._call.clicked.connect(self._on_call_clicked)
        self._address.returnPressed.connect(self._on_call_clicked)
        self._same.clicked.connect(self._on_same_clicked)
        self._differs.clicked.connect(self._on_differs_clicked)
        self._again.clicked.connect(self.again_requested)
        self._close.clicked.connect(self.close)
        self._forget.clicked.connect(self._on_forget_clicked)

    def show_pairing(self, view: PairingView | None, paired: tuple[PairedView, ...]) -> None:
        """Show how it stands, and who is trusted."""
        page = pairing_page(view)
        show_text(self._words, page.words)
        show_text(self._code, page.code)
        tint(self._words, self._theme, page.role)
        for widget in (self._wait, self._address, self._call):
            widget.setVisible(view is None)
        was_asked = self._same.isVisibleTo(self)
        for widget in (self._same, self._differs):
            widget.setVisible(page.is_asking)
        if page.is_asking and not was_asked:
            self._differs.setFocus()  # Enter or Space, pressed out of habit, must trust nobody
        self._again.setVisible(page.is_over)
        self._trusted.setVisible(view is None and bool(paired))
        if paired != self._paired:
            self._fill(paired)

    def _fill(self, paired: tuple[PairedView, ...]) -> None:
        self._paired = paired
        self._list.clear()
        for one in paired:
            row = QListWidgetItem(f"{one_line(one.machine)}  \u00b7  {one_line(one.address)}")
            row.setData(Qt.ItemDataRole.UserRole, one.fingerprint)
            row.setToolTip(one.fingerprint)
            self._list.addItem(row)

    @Slot()
    def _on_wait_clicked(self) -> None:
        self.begin_requested.emit("", PORT)

    @Slot()
    def _on_call_clicked(self) -> None:
        host, port = address_of(self._address.text())
        if host:
            self.begin_requested.emit(host, port)

    @Slot()
    def _on_same_clicked(self) -> None:
        self.answered.emit(True)

    @Slot()
    def _on_differs_clicked(self) -> None:
        self.answered.emit(False)

    @Slot()
    def _on_forget_clicked(self) -> None:
        row = self._list.currentItem()
        if row is not None:
            self.forget_requested.emit(str(row.data(Qt.ItemDataRole.UserRole)))


def address_of(text: str) -> tuple[str, int]:
    """`10.0.0.2`, `10.0.0.2:11513`, `[::1]:11513`; the usual port where none is given."""
    typed = text.strip()
    host, colon, port = typed.rpartition(":")
    if colon and port.isdigit() and 0 < int(port) <= 65535 and (":" not in host or host.endswith("]")):
        return host.strip("[]"), int(port)
    return typed.strip("[]"), PORT
