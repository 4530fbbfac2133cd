"""Says changes of the clock's state to screen readers: each once, and not what only lies between."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from studio.timing.sync_status import SyncState, SyncStatus
from studio.ui.sync.clock_words import announcement

_ON_THE_WAY = frozenset({SyncState.DISCOVERING, SyncState.CONNECTING, SyncState.SYNCING})


class Announcer:
    """Remembers what was said last."""

    def __init__(self) -> None:
        self._said: SyncStatus | None = None

    def words_for(self, sync: SyncStatus) -> str:
        """What is to be said now; empty: nothing that was not said already."""
        before, self._said = self._said, sync
        if before is None or not _differs(before, sync):
            return ""
        return announcement(sync)


def _differs(before: SyncStatus, now: SyncStatus) -> bool:
    if before.state is now.state:
        return now.held_step != 0 and before.held_step == 0
    # Looking, connecting and measuring take turns while nobody answers.
    return not {before.state, now.state} <= _ON_THE_WAY


def announce(widget: QWidget, words: str) -> None:
    """Have it read aloud, if anything here reads aloud."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))
