"""Processing several sessions with one chain: asked for once, with the first of them as an example.

Each session finds its own streams by name and kind; where another stream than the proposed one was chosen for
an input, its name is what the others look for, too.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from studio.app.chains.requests import FollowRequest, ProcessRequest
from studio.app.status import Severity
from studio.formats.recording import RecordingInfo
from studio.ui.named import named
from studio.ui.processing.order import Scene
from studio.ui.sessions.chosen import Chosen, Pick
from studio.ui.timeline.opening import Opening

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow

ALL_THERE = "Every one of these sessions has a result of that chain already; nothing was computed."
Agreed = Callable[[ProcessRequest | FollowRequest, str], None]


class Asker(Protocol):
    """Who opens the dialog, and shows what was made beside what is on screen."""

    def ask(self, scene: Scene, take: Agreed) -> None:
        """Ask which chain; `take` is told what was agreed to."""
        ...

    def show_results(self, paths: Iterable[str]) -> None:
        """Of what is on screen."""
        ...


class ManyProcessing(QObject):
    """Adds a line to the menu of several sessions, and does what it says."""

    def __init__(self, window: "MainWindow", asker: "Asker") -> None:
        super().__init__(window)
        self._window, self._asker = window, asker
        self._opening: Opening | None = None
        window.sessions_dock.many_actions.insert(0, self._actions_for)

    def _actions_for(self, chosen: Chosen) -> list[QAction]:
        action = named(QAction("P&rocess with a chain\u2026", self), "process_many_action")
        action.setIcon(self._window.theme.icon("process"))
        action.setEnabled(any(pick.recorded for pick in chosen.picks))
        action.triggered.connect(lambda: self.ask(chosen))
        return [action]

    def ask(self, chosen: Chosen) -> None:
        """Ask for a chain for all of these that can be opened."""
        chosen = Chosen(tuple(pick for pick in chosen.picks if pick.recorded))
        first = chosen.picks[0]

        def open_dialog(infos: tuple[RecordingInfo, ...]) -> None:
            scene = Scene(
                infos,
                called=chosen.words,
                sessions=len(chosen.picks),
                known=frozenset(part.path for pick in chosen.picks for part in pick.session.partitions),
                sources=tuple(pick.recorded[0].path for pick in chosen.picks),
            )
            self._asker.ask(scene, lambda request, title: self._start(chosen, scene, request, title))

        self._opening = Opening(
            self._window.bridge, paths_of(first), open_dialog, self._window.messages.tell_error
        )

    def _start(
        self, chosen: Chosen, scene: Scene, request: ProcessRequest | FollowRequest, title: str
    ) -> None:
        assert isinstance(request, ProcessRequest)
        batches = self._window.batches
        steps = []
        for pick in chosen.picks:
            own = request_for(request, pick)
            if own.target not in scene.known or request.replace:
                steps.append(batches.job_step(pick.name, own, pick.byte_size))
        if not steps:
            self._window.messages.tell(Severity.NOTE, ALL_THERE)
            return
        batch = batches.start(f"{title}: {chosen.words}", steps)
        batch.ended.connect(
            lambda: self._asker.show_results(tuple(p for each in batch.outcomes for p in each.paths))
        )


def paths_of(pick: Pick) -> tuple[str, ...]:
    """What streams are looked for in: what was recorded first, then what was computed."""
    return tuple(dict.fromkeys(part.path for part in (*pick.recorded, *pick.readable)))


def request_for(request: ProcessRequest, pick: Pick) -> ProcessRequest:
    """The same for one session; the result is called as in the example, after its own recording."""
    example, own = Path(request.recordings[0]), Path(pick.recorded[0].path)
    ending = Path(request.target).name[len(example.name.removesuffix(".h5")) :]
    target = str(own.with_name(own.name.removesuffix(".h5") + ending))
    paths = tuple(path for path in paths_of(pick) if path != target)
    return replace(request, recordings=paths, target=target)
