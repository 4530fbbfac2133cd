"""What the menu of a session offers that changes something: describe, rename, repair, trash. Asks first."""

from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QInputDialog, QMessageBox

from studio.app.session_entries import PartitionEntry, SessionEntry
from studio.app.status import Severity
from studio.ui import readable
from studio.ui.named import named
from studio.ui.sessions.session_edits import SessionEdits
from studio.ui.sessions.session_menus import MenuMaker
from studio.ui.sessions.session_texts import one_line, plural
from studio.ui.sessions.tree_nodes import Node, NodeKind

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow

PUT_IN_ORDER = "Put in order…"
LIVE_HINT = "It is being recorded right now."


class SessionDeeds(QObject):
    """Edits of the sessions of one window, as the user asks for them."""

    many_wanted = Signal()  # what is selected shall go into the trash, and it is more than one

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._dock = window.sessions_dock
        self.edits = SessionEdits(window.bridge, window.undo, self)
        self._told: dict[str, str] = {}
        """Recordings that were left open and on which machine, told already."""
        panel, edits = window.session_panel, self.edits
        panel.change_wanted.connect(self._on_change_wanted)
        panel.rename_wanted.connect(edits.rename)
        self._dock.picked.connect(panel.show_session)
        edits.changed.connect(self._dock.refresh)
        edits.described.connect(panel.follow_change)
        edits.moved.connect(panel.follow_move)
        edits.moved.connect(self._dock.follow_move)
        edits.moved.connect(self._on_moved)
        edits.gone.connect(self._on_gone)
        edits.repaired.connect(self._on_repaired)
        edits.failed.connect(window.messages.tell_error)
        self._dock.list.rename_wanted.connect(self._on_rename_key)
        self._dock.list.trash_wanted.connect(self._on_trash_key)
        window.closing.done.connect(panel.keep)
        window.actions_by_name["describe_session"].triggered.connect(self.describe)
        window.timeline.recordings_changed.connect(self._on_recordings_changed)
        window.strip.target_requested.connect(self._on_target_requested)

    def add_to(self, maker: MenuMaker, node: Node) -> None:
        """The lines of the menu of this row."""
        session, part = self._dock.session_of(node), node.at(NodeKind.PARTITION)
        if session is None or node.kind in (NodeKind.STREAM, NodeKind.GROUP, NodeKind.WORDS):
            return
        live = LIVE_HINT if session.live else ""
        maker.separate()
        if part is None:
            maker.add("&Describe…", self.describe, icon="note")
            rename = maker.add("&Rename…", lambda: self.rename(session), icon="rename")
            rename.setEnabled(not live)
            rename.setToolTip(live)
        parts = session.partitions if part is None else (part.value,)
        for broken in filter(_is_unclosed, parts):
            text = f"&Put {one_line(broken.name)} in order…"
            maker.add(text, partial(self.repair, broken.path, broken.machine), icon="recovered")
        why_not = live or self._why_kept(node, session)
        trash = maker.add("Move to &trash…", lambda: self.trash(node), icon="trash")
        trash.setEnabled(not why_not)
        trash.setToolTip(why_not)

    def _why_kept(self, node: Node, session: SessionEntry) -> str:
        folder = node.at(NodeKind.FOLDER)
        if node.kind is NodeKind.SESSION and folder is not None and folder.key == session.path:
            return "It is the folder of the list itself."
        return ""

    # Asking ---------------------------------------------------------------------------------------------

    @Slot()
    def describe(self) -> None:
        """Let the user type what is known of the session that is picked."""
        panel = self._window.session_panel
        panel.show()
        panel.raise_()
        panel.notes.setFocus()

    def rename(self, session: SessionEntry) -> None:
        """Ask for another name."""
        dialog = named(QInputDialog(self._window), "rename_dialog")
        dialog.setWindowTitle("Rename session")
        dialog.setLabelText("Name of the session; its folder is called likewise.")
        dialog.setTextValue(session.name)
        dialog.setOkButtonText("Rename")
        dialog.textValueSelected.connect(lambda name: self.edits.rename(session, name))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def trash(self, node: Node) -> None:
        """Ask whether this shall go."""
        session, part = self._dock.session_of(node), node.at(NodeKind.PARTITION)
        if session is None:
            return
        parts = session.partitions if part is None else (part.value,)
        is_folder = part is None and not session.loose
        paths = (session.path,) if is_folder else tuple(each.path for each in parts)
        name = one_line(session.name if part is None else part.value.name)
        size = readable.size(sum(each.byte_size for each in parts))
        what = f"{plural(len(parts), 'recording')}, {size}"
        box = self._question(
            "trash_dialog",
            f"Move “{name}” to the trash?",
            f"{what}{', with its notes and description' if is_folder else ''}. "
            "It can be put back from the trash of your system.",
        )
        yes = box.addButton("Move to trash", QMessageBox.ButtonRole.DestructiveRole)
        yes.clicked.connect(lambda: self.edits.trash(paths))
        box.open()

    def repair(self, path: str, machine: str) -> None:
        """Ask whether the recorder has really ended (decision 23)."""
        where = f" on {machine}" if machine else ""
        box = self._question(
            "repair_dialog",
            f"Put “{one_line(PurePath(path).stem)}” in order?",
            f"Its recorder{where} has not closed it. Make sure that it is not recording any more: flags and "
            "lengths in the file are set right, the data are not touched.",
        )
        yes = box.addButton("Put in order", QMessageBox.ButtonRole.AcceptRole)
        yes.clicked.connect(lambda: self.edits.repair(path))
        box.open()

    def _question(self, name: str, text: str, details: str) -> QMessageBox:
        box = named(QMessageBox(self._window), name)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(text)
        box.setInformativeText(details)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.finished.connect(box.deleteLater)
        return box

    @Slot()
    def _on_rename_key(self) -> None:
        node = self._dock.list.current_node
        session = self._dock.session_of(node) if node is not None else None
        if session is not None and not session.live:
            self.rename(session)

    @Slot()
    def _on_trash_key(self) -> None:
        node = self._dock.list.current_node
        if self._dock.chosen.is_many:
            self.many_wanted.emit()
            return
        if node is None or node.kind not in (NodeKind.SESSION, NodeKind.PARTITION):
            return
        session = self._dock.session_of(node)
        if session is not None and not session.live and not self._why_kept(node, session):
            self.trash(node)

    # What has happened ----------------------------------------------------------------------------------

    @Slot(object, object, bool)
    def _on_change_wanted(self, session: object, change: object, go_on: bool) -> None:
        self.edits.describe(session, change, go_on=go_on)  # type: ignore[arg-type]

    @Slot(str, str)
    def _on_moved(self, before: str, now: str) -> None:
        """What is on screen goes on being shown from where it is now."""
        window = self._window
        self._dock.select(now)
        shown = [info.path for info in window.timeline.recordings]
        if window.stage.shows_recording and any(_lies_in(path, before) for path in shown):
            window.stage.show_session([_moved(path, before, now) for path in shown])

    @Slot()
    def _on_recordings_changed(self) -> None:
        """What another machine has left open is not put in order without asking."""
        for info in self._window.timeline.recordings:
            if not (info.clean or info.recovered or info.live) and info.path not in self._told:
                self._told[info.path] = info.machine
                where = f" on {info.machine}" if info.machine else ""
                self._window.messages.tell(
                    Severity.NOTE,
                    f"“{one_line(info.name)}” was not closed by its recorder{where}. "
                    "It is shown as far as it was written.",
                    action=PUT_IN_ORDER,
                    target=info.path,
                )

    @Slot(str, str)
    def _on_target_requested(self, action: str, path: str) -> None:
        if action == PUT_IN_ORDER:
            self.repair(path, self._told.get(path, ""))

    @Slot(str)
    def _on_repaired(self, path: str) -> None:
        self._told.pop(path, None)
        if path in [info.path for info in self._window.timeline.recordings]:
            self._window.stage.refresh_recordings()

    @Slot(object)
    def _on_gone(self, paths: tuple[str, ...]) -> None:
        window = self._window
        shown = [info.path for info in window.timeline.recordings]
        if window.stage.shows_recording and any(_lies_in(path, each) for path in shown for each in paths):
            window.stage.show_live()


def _is_unclosed(part: PartitionEntry) -> bool:
    return not (part.clean or part.recovered or part.live or part.problem)


def _lies_in(path: str, place: str) -> bool:
    return path == place or path.startswith((place + "/", place + "\\"))


def _moved(path: str, before: str, now: str) -> str:
    return now + path[len(before) :] if _lies_in(path, before) else path
