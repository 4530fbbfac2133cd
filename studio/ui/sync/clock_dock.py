"""The panel "Clock and network": its parts below each other. Shows a ClockView and tells what is wanted."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from studio.app.clock_sync import ClockRole
from studio.ui.labels import tint
from studio.ui.named import named
from studio.ui.sync.advanced_box import AdvancedBox
from studio.ui.sync.clock_view import ClockView
from studio.ui.sync.gate_box import GateBox
from studio.ui.sync.machine_list import MachineList
from studio.ui.sync.place_box import PlaceBox
from studio.ui.sync.role_box import RoleBox
from studio.ui.sync.section import GAP, hint, show_text
from studio.ui.sync.state_card import StateCard
from studio.ui.theme import Theme


class TallPage(QScrollArea):
    """Scrolls up and down only: never narrower than what is on it."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._page = page
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(page)
        page.installEventFilter(self)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """The width of the page and of the bar beside it."""
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self._page.minimumSizeHint().width() + bar, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """What is on the page has come to need more or less room."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self._page:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class LockLine(QWidget):
    """Says with a lock and in words why something cannot be changed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icon, self._text = QLabel(), named(hint(theme), "clock_lock")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GAP)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._text, 1)
        theme.changed.connect(self._retint)
        self._retint()

    def show_reason(self, reason: str) -> None:
        """Show it, or take no room."""
        show_text(self._text, reason)
        self.setVisible(bool(reason))

    @Slot()
    def _retint(self) -> None:
        self._icon.setPixmap(self._theme.icon("lock", "muted").pixmap(QSize(16, 16)))
        tint(self._text, self._theme, "muted")


class ClockDock(QDockWidget):
    """The dock; what it shows comes through `show_view`."""

    settings_wanted = Signal(object)  # ClockSettings
    follow_requested = Signal(str)  # key of a machine
    forget_requested = Signal(str)
    pairing_requested = Signal()
    appeared = Signal()
    disappeared = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Clock and network", parent)
        self.setObjectName("clock_dock")
        self._theme = theme
        self.view: ClockView | None = None
        self.card = StateCard(theme)
        self._lock = LockLine(theme)
        self._roles, self._place = RoleBox(), PlaceBox(theme)
        self._machines, self._gate = MachineList(theme), GateBox()
        self._advanced = AdvancedBox(theme)
        self.addresses = self._advanced.addresses
        self._lay_out()
        for box in (self._roles, self._place, self._gate, self._advanced):
            box.settings_wanted.connect(self.settings_wanted)
        self._advanced.pairing_requested.connect(self.pairing_requested)
        self._machines.follow_requested.connect(self.follow_requested)
        self._machines.forget_requested.connect(self.forget_requested)

    def _lay_out(self) -> None:
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(12, 8, 12, 16)
        lines.setSpacing(16)
        for part in (
            self.card,
            self._lock,
            self._roles,
            self._place,
            self._machines,
            self._gate,
            self._advanced,
        ):
            lines.addWidget(part)
        lines.addStretch(1)
        self.setWidget(named(TallPage(page), "clock_area"))

    def show_view(self, view: ClockView) -> None:
        """Show all of it."""
        self.view = view
        self.card.show_view(view)
        self._lock.show_reason(view.locked)
        self._roles.show_view(view)
        self._place.show_view(view)
        follows = view.settings.role is ClockRole.FOLLOW
        self._machines.setVisible(follows and view.settings.use_rendezvous)
        self._machines.show_view(view)
        self._gate.setVisible(follows)
        self._gate.show_view(view)
        self._advanced.show_view(view)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Somebody looks."""
        super().showEvent(event)
        self.appeared.emit()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Nobody looks any more."""
        super().hideEvent(event)
        self.disappeared.emit()
