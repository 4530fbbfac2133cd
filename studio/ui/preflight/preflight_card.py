"""The card: whether one may record, and why not. Shows a PreflightView; decides nothing."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.preflight.preflight_rows import PreflightRows
from studio.ui.preflight.preflight_view import PreflightView
from studio.ui.theme import Theme, figures_font

ICON = QSize(32, 32)
SIZE = QSize(860, 520)
STEPS = 1000


class PreflightDialog(QDialog):
    """One window for all pre-flights, one after the other; deletes itself when it is closed."""

    again_requested = Signal()
    cancel_requested = Signal()
    copy_requested = Signal()
    record_requested = Signal()
    dismissed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preflight_dialog")
        self.setWindowTitle("Pre-flight")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self._theme = theme
        self.view = PreflightView()
        self._may_start = True
        self._icon = QLabel()
        self._headline = named(QLabel(), "preflight_headline")
        self._summary = named(QLabel(wordWrap=True), "preflight_summary")
        self._bar = named(QProgressBar(maximum=STEPS, textVisible=False), "preflight_bar")
        self.rows = PreflightRows(theme)
        self.copy = named(QPushButton("Copy as text"), "preflight_copy_button")
        self.again = named(QPushButton("Run again"), "preflight_again_button")
        self.record = named(QPushButton("Record"), "preflight_record_button")
        self.close_button = named(QPushButton("Close"), "preflight_close_button")
        self._lay_out()
        self._connect()
        self.show_view(self.view)

    def _lay_out(self) -> None:
        self._headline.setFont(figures_font(self.font(), scale=1.5, bold=True))
        for label in (self._headline, self._summary):
            label.setTextFormat(Qt.TextFormat.PlainText)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._headline)
        words.addWidget(self._summary)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addLayout(words, 1)
        area = named(QScrollArea(widgetResizable=True), "preflight_area")
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        area.setWidget(self.rows)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        for button in (self.again, self.close_button, self.record):
            buttons.addWidget(button)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(16, 16, 16, 16)
        lines.setSpacing(12)
        lines.addLayout(top)
        lines.addWidget(self._bar)
        lines.addWidget(area, 1)
        lines.addLayout(buttons)
        screen = self.screen().availableGeometry()
        self.resize(min(SIZE.width(), screen.width() - 48), min(SIZE.height(), screen.height() - 64))

    def _connect(self) -> None:
        for button in (self.copy, self.again, self.record, self.close_button):
            button.setAutoDefault(False)
        self.copy.clicked.connect(self.copy_requested)
        self.again.clicked.connect(self.again_requested)
        self.record.clicked.connect(self.record_requested)
        self.close_button.clicked.connect(self._on_close_clicked)
        self.finished.connect(self._on_finished)
        self._theme.changed.connect(self._retint)

    def show_view(self, view: PreflightView) -> None:
        """Show how it stands."""
        before, self.view = self.view, view
        self._headline.setText(view.headline)
        self._summary.setText(view.summary)
        self._bar.setValue(round(view.done * STEPS))
        self._bar.setVisible(view.is_running)
        self.rows.show_rows(view.rows)
        self.copy.setEnabled(bool(view.report))
        self.close_button.setText("Cancel" if view.is_running else "Close")
        if (before.icon, before.role) != (view.icon, view.role) or self._icon.pixmap().isNull():
            self._retint()
        self._allow()

    def allow_start(self, allowed: bool) -> None:
        """Whether another, or a recording, could begin now."""
        self._may_start = allowed
        self._allow()

    def _allow(self) -> None:
        self.again.setEnabled(self._may_start and not self.view.is_running)
        self.record.setEnabled(self._may_start and not self.view.is_running)
        self.record.setDefault(self.view.may_record and self._may_start)
        self.record.setText("Record" if self.view.may_record or self.view.is_running else "Record anyway")

    @Slot()
    def _retint(self) -> None:
        self._icon.setPixmap(self._theme.icon(self.view.icon, self.view.role).pixmap(ICON))
        tint(self._headline, self._theme, self.view.role if not self.view.is_running else "text")
        tint(self._summary, self._theme, "muted")

    @Slot()
    def _on_close_clicked(self) -> None:
        if self.view.is_running:
            self.cancel_requested.emit()
        else:
            self.reject()

    @Slot()
    def _on_finished(self) -> None:
        """Whoever closes it does not wait for the end."""
        if self.view.is_running:
            self.cancel_requested.emit()
        self.dismissed.emit()
