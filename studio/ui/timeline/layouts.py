"""Remembers how the panels stood for each set of streams, and gives layouts names.

Owns which layout belongs to the session on screen; what is kept and where is `kept_layouts`' affair.
"""

from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu

from studio.ui.settings.kept_layouts import KeptLayouts
from studio.ui.timeline import live_layout
from studio.ui.timeline.first_plans import first_plans
from studio.ui.timeline.kept_layout import bound, kept, key_of
from studio.ui.timeline.plan_rows import Plans
from studio.ui.timeline.session import Session
from studio.ui.timeline.timeline import Timeline
from studio.ui.undo import Edit, Told, UndoStack

KIND = "layout"
"""Of edits that are made here."""
LONGEST_NAME = 60


class Layouts(QObject):
    """The layouts of one timeline and its menu."""

    def __init__(self, timeline: Timeline, kept_layouts: KeptLayouts, undo: UndoStack, menu: QMenu) -> None:
        super().__init__(timeline)
        self._timeline, self._kept, self._undo, self._menu = timeline, kept_layouts, undo, menu
        self._key: tuple[Session, str] | None = None
        timeline.set_layout_source(self.plans_for)
        timeline.plans_changed.connect(self._on_plans_changed)
        menu.aboutToShow.connect(self._fill_menu)
        self._fill_menu()

    def plans_for(self, session: Session) -> Plans | None:
        """How a session with these streams stood last, and what was chosen for them live since; None: nothing
        was."""
        key, live = self._key_of(session), self._kept.live
        self._kept.keep_live(live_layout.reviewed(live, session))
        plans = bound(self._kept.last(key), session)
        if not any(session.stream(ref) is not None for plan in plans for ref in plan.streams):
            return live_layout.in_session(live, session, first_plans(session).plans)
        renewed = live_layout.renewed(live, session, plans)
        if renewed != plans:
            self._kept.keep_last(key, kept(renewed, session))
        return renewed

    def save_as(self, name: str) -> None:
        """Keep what is on screen under a name; one of that name is replaced, which can be taken back."""
        session, name = self._timeline.session, name.strip()[:LONGEST_NAME]
        if session is None or not name:
            return
        before, now = self._kept.named(name), kept(self._timeline.plans, session)
        self._undo.push_edit(self._edit(f"keeping layout {name}", name, before, now))

    def choose(self, name: str) -> None:
        """Show a named layout; streams it knows and this session does not have are said to be missing."""
        session = self._timeline.session
        layout = self._kept.named(name)
        if session is not None and layout is not None:
            self._timeline.arrangement.change(f"layout {name}", bound(layout, session))

    def delete(self, name: str) -> None:
        """Forget a named layout; can be taken back."""
        before = self._kept.named(name)
        if before is not None:
            self._undo.push_edit(self._edit(f"deleting layout {name}", name, before, None))

    def revived(self, text: str, data: Any) -> Edit:
        """A change that a window had made which was killed. Raises LookupError or TypeError."""
        return self._edit(text, str(data["name"]), data["before"], data["after"], done=True)

    def _edit(self, text: str, name: str, before: Any, now: Any, *, done: bool = False) -> Edit:
        return Edit(
            text,
            do=lambda: self._kept.keep_named(name, now),
            undo=lambda: self._kept.keep_named(name, before),
            done=done,
            tell=lambda: Told(KIND, {"name": name, "before": before, "after": now}),
        )

    @Slot()
    def reset(self) -> None:
        """The panels of a session nobody has arranged yet."""
        self._timeline.live_arrangement.reset()
        session = self._timeline.session
        if session is not None:
            self._timeline.arrangement.change("panels as at first", first_plans(session).plans)

    @Slot()
    def close_all(self) -> None:
        """No panel at all, to begin anew; can be taken back."""
        self._timeline.arrangement.change("closing all panels", ())

    @Slot()
    def save(self) -> None:
        """Write what is not written yet."""
        self._kept.save()

    @Slot()
    def _on_plans_changed(self) -> None:
        session = self._timeline.session
        if session is not None:
            self._kept.keep_last(self._key_of(session), kept(self._timeline.plans, session))

    def _key_of(self, session: Session) -> str:
        """Of very many streams it takes a while, so it is remembered."""
        if self._key is None or self._key[0] is not session:
            self._key = (session, key_of(session))
        return self._key[1]

    # Menu -----------------------------------------------------------------------------------------------

    @Slot()
    def _fill_menu(self) -> None:
        menu, names = self._menu, self._kept.names
        menu.clear()
        has_session = self._timeline.session is not None
        for name in names:
            self._add(menu, name, self._on_chosen, data=name).setEnabled(has_session)
        if names:
            menu.addSeparator()
        self._add(menu, "&Save layout as\u2026", self._on_save_as).setEnabled(has_session)
        self._add(menu, "Panels as at &first", self.reset).setEnabled(
            has_session or self._timeline.live_arrangement.is_live
        )
        has_panels = bool(self._timeline.plans)
        arrangement = self._timeline.arrangement
        self._add(menu, "&Pictures beside each other", arrangement.pictures_in_rows).setEnabled(has_panels)
        self._add(menu, "Each panel in a &row of its own", arrangement.all_alone).setEnabled(has_panels)
        self._add(menu, "&Close all panels", self.close_all).setEnabled(has_panels)
        delete = menu.addMenu("&Delete layout")
        delete.setEnabled(bool(names))
        for name in names:
            self._add(delete, name, self._on_deleted, data=name)

    def _add(self, menu: QMenu, text: str, slot: object, *, data: str = "") -> QAction:
        action = menu.addAction(text.replace("&", "&&") if data else text)
        action.setData(data)
        action.triggered.connect(slot)
        return action

    @Slot()
    def _on_chosen(self) -> None:
        self.choose(_data_of(self.sender()))

    @Slot()
    def _on_deleted(self) -> None:
        self.delete(_data_of(self.sender()))

    @Slot()
    def _on_save_as(self) -> None:
        dialog = QInputDialog(self._timeline.window())
        dialog.setObjectName("layout_name_dialog")
        dialog.setWindowTitle("Save layout")
        dialog.setLabelText("Name of the layout:")
        dialog.setOkButtonText("Save")
        dialog.textValueSelected.connect(self.save_as)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _data_of(sender: QObject) -> str:
    return str(sender.data()) if isinstance(sender, QAction) else ""
