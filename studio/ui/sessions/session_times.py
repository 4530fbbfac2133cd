"""Finds the sessions that people name together with a time, and goes to that time when they are open.

`SESSION@TIME`: the session is one of the list, the time anything that can be typed for it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from studio.app.session_entries import SessionEntry
from studio.errors import TimeTextError
from studio.ui.timeline.session_places import SessionPlace
from studio.ui.timeline.timeline_actions import TimelineActions

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow

SIGN = "@"


class SessionTimes(QObject):
    """Of one window. See SessionPlaces."""

    def __init__(self, window: "MainWindow", actions: TimelineActions) -> None:
        super().__init__(window)
        self._window, self._actions = window, actions
        self._goal: SessionPlace | None = None
        """Where the cursor goes when what was asked for is on screen."""
        window.stage.opened.connect(self._on_opened)
        window.stage.failed.connect(self._on_failed)
        actions.attach(self)

    @property
    def name(self) -> str:
        """See SessionPlaces."""
        shown = self._shown
        return self._window.sessions_dock.name_of(shown[0], "") if shown else ""

    @property
    def _shown(self) -> tuple[str, ...]:
        return tuple(info.path for info in self._window.timeline.recordings)

    def place_of(self, text: str) -> SessionPlace | None:
        """See SessionPlaces. A name may have the sign in it, too: the longest known one counts."""
        split = [n for n, letter in enumerate(text) if letter == SIGN and text[:n].strip()]
        for at in reversed(split):
            session = self._session_of(text[:at].strip())
            if session is not None:
                paths = tuple(part.path for part in session.partitions)
                return SessionPlace(paths, text[at + 1 :], any(path in paths for path in self._shown))
        if split:
            raise TimeTextError(f"There is no session “{text[: split[0]].strip()}” in the list.")
        return None

    def go_to(self, place: SessionPlace) -> None:
        """See SessionPlaces."""
        self._goal = place
        self._window.stage.show_session(place.paths)

    def _session_of(self, name: str) -> SessionEntry | None:
        """The one of this name; of several, the one on screen, then one that is written exactly so."""
        found = [each for each in self._sessions() if each.name.casefold() == name.casefold()]
        shown = self._shown
        found.sort(key=lambda each: each.name != name)
        found.sort(key=lambda each: all(part.path not in shown for part in each.partitions))
        return next((each for each in found if each.partitions), None)

    def _sessions(self) -> Iterator[SessionEntry]:
        for page in self._window.sessions_dock.watch.pages:
            yield from page.sessions.values()

    @Slot(str)
    def _on_opened(self, path: str) -> None:
        goal, self._goal = self._goal, None
        if goal is None or path not in goal.paths:
            return
        try:
            self._actions.go_to(self._window.timeline.selection_bar.time_of(goal.time_text))
        except TimeTextError as error:
            self._window.messages.tell_error(str(error))

    @Slot(str)
    def _on_failed(self, _text: str) -> None:
        # What can be opened of the session comes all the same, but nobody waits for it any more.
        self._goal = None
