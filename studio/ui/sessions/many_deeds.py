"""What can be taken away of several sessions at once: all of them, or what a chain has made in each.

Asks once for all, with number and size; then each goes by itself, so that one that cannot does not hold up
the others. Everything goes into the trash of the system, from where it can be put back.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMessageBox

from studio.app.operations.progress import Outcome
from studio.host.protocol import TrashSession
from studio.ui import readable
from studio.ui.jobs.batch import Batch
from studio.ui.jobs.batches import query_step
from studio.ui.named import named
from studio.ui.sessions.chosen import Chosen, Pick
from studio.ui.sessions.session_edits import SessionEdits
from studio.ui.sessions.session_texts import one_line, plural

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow

BACK = "They can be put back from the trash of your system."
STAYS = "What is being recorded right now stays."
MOST_NAMES = 6


class ManyDeeds(QObject):
    """Adds lines to the menu of several rows, and does what they say."""

    def __init__(self, window: "MainWindow", edits: SessionEdits) -> None:
        super().__init__(window)
        self._window = window
        self._edits = edits
        window.sessions_dock.many_actions.append(self._actions_for)

    def _actions_for(self, chosen: Chosen) -> list[QAction]:
        at_rest = self._that_may_go(chosen)
        trash = QAction("Move to &trash\u2026", self)
        trash.setIcon(self._window.theme.icon("trash"))
        trash.setEnabled(bool(at_rest.picks))
        trash.triggered.connect(lambda: self.trash(at_rest, leaves=len(chosen.picks) - len(at_rest.picks)))
        return [*self.removals(chosen), trash]

    def _that_may_go(self, chosen: Chosen) -> Chosen:
        """Not what is being recorded, nor a folder that is itself listed."""
        listed = set(self._window.sessions_dock.folders)
        return Chosen(tuple(pick for pick in chosen.at_rest.picks if not listed.intersection(pick.paths)))

    def removals(self, chosen: Chosen) -> list[QAction]:
        """A line with one more for each name that something computed has in these sessions; or none."""
        computed = chosen.computed
        if not computed:
            return []
        menu = named(QMenu(self._window.sessions_dock), "remove_computed_menu")
        for name, found in computed.items():
            where = plural(len(found.picks), "session")
            text = f"{one_line(name)}  ({where}, {readable.size(found.byte_size)})\u2026".replace("&", "&&")
            menu.addAction(text, partial(self.remove_computed, name, found))
        action = QAction("Remove what was &computed", self)
        action.setIcon(self._window.theme.icon("derived"))
        action.setMenu(menu)
        action.destroyed.connect(menu.deleteLater)
        return [action]

    # Asking ---------------------------------------------------------------------------------------------

    @Slot()
    def trash_selected(self) -> None:
        """Ask whether all that is selected shall go."""
        chosen = self._window.sessions_dock.chosen
        may_go = self._that_may_go(chosen)
        if may_go.picks:
            self.trash(may_go, leaves=len(chosen.picks) - len(may_go.picks))

    def trash(self, chosen: Chosen, *, leaves: int = 0) -> None:
        """Ask whether all of this shall go."""
        stays = f" {STAYS}" if leaves else ""
        self._ask(
            f"Move {chosen.words} to the trash?",
            f"{_names(chosen)}\n\nAltogether {readable.size(chosen.byte_size)}, "
            f"with notes and descriptions. {BACK}{stays}",
            "Move to trash",
            lambda: self._start(f"Move {chosen.words} to the trash", chosen),
        )

    def remove_computed(self, name: str, found: Chosen) -> None:
        """Ask whether what has this name shall go from all these sessions."""
        called, count = one_line(name), plural(len(found.picks), "session")
        self._ask(
            f"Remove \u201c{called}\u201d from {count}?",
            f"{_names(found)}\n\nAltogether {readable.size(found.byte_size)}. "
            f"What was recorded stays as it is. {BACK}",
            "Remove",
            lambda: self._start(f"Remove {called} from {count}", found),
        )

    def _ask(self, text: str, details: str, deed: str, do: Callable[[], object]) -> None:
        box = named(QMessageBox(self._window), "many_dialog")
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(text)
        box.setInformativeText(details)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        yes = named(box.addButton(deed, QMessageBox.ButtonRole.DestructiveRole), "many_yes")
        yes.clicked.connect(lambda: do())
        box.finished.connect(box.deleteLater)
        box.open()

    # Doing ----------------------------------------------------------------------------------------------

    def _start(self, title: str, chosen: Chosen) -> None:
        steps = [
            query_step(
                self._window.bridge,
                pick.name,
                TrashSession(pick.paths),
                partial(_in_the_trash, pick),
            )
            for pick in chosen.picks
        ]
        batch = self._window.batches.start(title, steps)
        batch.ended.connect(lambda: self._on_gone(batch))

    def _on_gone(self, batch: Batch) -> None:
        gone = tuple(path for outcome in batch.outcomes for path in outcome.paths)
        if gone:
            self._edits.gone.emit(gone)
            self._edits.changed.emit()


def _in_the_trash(pick: Pick, _answer: object) -> Outcome:
    return Outcome(pick.paths, "It is in the trash.")


def _names(chosen: Chosen) -> str:
    """The first of them."""
    names = [pick.name for pick in chosen.picks[:MOST_NAMES]]
    left = len(chosen.picks) - len(names)
    return ", ".join(names) + (f" and {readable.count(left)} more" if left else "")
