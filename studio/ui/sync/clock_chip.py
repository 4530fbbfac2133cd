"""The clock in the status bar: icon and words; a click opens the panel."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QToolButton, QWidget

from studio.timing.sync_status import SyncStatus
from studio.ui.sync.clock_words import chip_text, headline, look_of
from studio.ui.theme import Theme, figures_font

ICON = QSize(14, 14)
LONGEST = 36
"""Letters; a machine may have a long name."""


class ClockChip(QToolButton):
    """Takes no room until it is known how it stands."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clock_chip")
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(ICON)
        self.setFont(figures_font(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._theme = theme
        self._sync: SyncStatus | None = None
        self.hide()
        theme.changed.connect(self._retint)

    def show_sync(self, sync: SyncStatus | None, now: int) -> None:
        """Show how it stands; None: not known."""
        before, self._sync = self._sync, sync
        self.setVisible(sync is not None)
        if sync is None:
            return
        text = chip_text(sync)
        shown = _shortened(text)
        if self.text() != shown:
            self.setText(shown)
        words = headline(sync, now)
        self.setToolTip("\n".join(part for part in (words, sync.text, "Click for clock and network") if part))
        self.setAccessibleName(f"Clock: {words}")
        if before is None or before.state is not sync.state:
            self._retint()

    @Slot()
    def _retint(self) -> None:
        if self._sync is not None:
            look = look_of(self._sync.state)
            self.setIcon(self._theme.icon(look.icon, look.role))


def _shortened(text: str) -> str:
    """The end has the bound and stays; the middle of a long name goes."""
    if len(text) <= LONGEST:
        return text
    tail = LONGEST // 2
    return f"{text[: LONGEST - tail - 1]}\u2026{text[-tail:]}"
