"""Asks for the certificates of the session that is picked, while somebody looks. Never waits."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from studio.app.session_entries import SessionEntry
from studio.host.protocol import ReadClock
from studio.ui.sync.certificate_box import MOST, Certificate

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow


class CertificateReading(QObject):
    """The certificates of one session at a time."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._bridge, self._panel = window.bridge, window.session_panel
        self._session: SessionEntry | None = None
        self._asked: tuple[tuple[str, bool, int], ...] = ()
        """Of which recordings, whether they were being recorded, and of what size they were."""
        self._found: dict[str, tuple[Certificate, ...]] = {}
        window.sessions_dock.picked.connect(self._on_session_picked)
        self._panel.visibilityChanged.connect(self._ask)

    @Slot(object)
    def _on_session_picked(self, session: SessionEntry | None) -> None:
        self._session = session
        self._ask()

    @Slot()
    def _ask(self) -> None:
        if not self._panel.isVisible():
            return
        parts = self._session.partitions if self._session is not None else ()
        whole = tuple(part for part in parts if not part.problem)[:MOST]
        # One that grows is asked for when it has ended, not each time it has grown.
        asked = tuple((part.path, part.live, 0 if part.live else part.byte_size) for part in whole)
        if asked == self._asked:
            return
        is_other = {path for path, _, _ in asked}.isdisjoint(path for path, _, _ in self._asked)
        self._asked = asked
        if is_other:
            self._found.clear()
            self._show()
        for part in whole:
            self._bridge.ask(
                ReadClock(part.path), partial(self._on_read, part.path, part.name), self._on_unreadable
            )

    def _on_read(self, path: str, name: str, clocks: object) -> None:
        if isinstance(clocks, tuple) and path in {asked for asked, _, _ in self._asked}:
            self._found[path] = tuple(Certificate(name, clock) for clock in clocks)
            self._show()

    def _on_unreadable(self, _text: str) -> None:
        """The list of sessions says of a recording that it cannot be read."""

    def _show(self) -> None:
        ordered = (self._found.get(path, ()) for path, _, _ in self._asked)
        self._panel.clocks.show_certificates(tuple(each for found in ordered for each in found))
