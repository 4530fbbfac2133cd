"""Connects notes with the rest of the window: actions, keys, menu, timeline, messages."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QKeyCombination, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from studio.app.status import Severity
from studio.formats.notes import Note
from studio.timing import SystemClock
from studio.ui.named import named
from studio.ui.notes import note_edits
from studio.ui.notes.note_deeds import NoteDeeds
from studio.ui.notes.note_plot import HINTS_APART
from studio.ui.notes.note_strip import NoteStrip
from studio.ui.notes.notes_dock_wiring import NotesDockWiring
from studio.ui.notes.presets_dialog import PresetsDialog
from studio.ui.notes.session_notes import SessionNotes
from studio.ui.timeline.time_mouse import TimeMouse

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow

HINT = HINTS_APART.join(
    ("M: marker at the cursor", "N: note of the selection", "1\u20139: marker with words")
)
LIVE_HINT = HINTS_APART.join(("M: marker now", "1\u20139: marker with words"))


class NotesWiring(QObject):
    """All connections of notes in one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.notes = SessionNotes(window.bridge, self)
        self.strip = NoteStrip(window.theme, self.notes)
        self.deeds = NoteDeeds(window, self.notes, self.strip, SystemClock())
        window.undo_memory.teach(note_edits.KIND, self.deeds.edits.revived)
        window.timeline.page.add_strip(self.strip)
        window.timeline.page.frame_shown.connect(self.strip.plot.show_frame)
        mouse = window.timeline.findChild(TimeMouse)
        if mouse is not None:
            mouse.edge_near = self.notes.edge_near
            mouse.watch(self.strip.plot)  # where no note is, the mouse moves time as it does elsewhere
        self.strip.plot.take_mouse()
        self.dock = NotesDockWiring(window, self.notes, self.deeds)
        self._preset_actions = [self._preset_action(number) for number in range(1, 10)]
        self._connect_actions()
        self._connect_keys()
        self.strip.plot.menu_wanted.connect(self._show_menu)
        self.strip.names.menu_wanted.connect(self._show_menu)
        self.strip.plot.picked.connect(self._refresh)
        self.strip.plot.picked.connect(window.notes_dock.pick)
        self.strip.names.edit_wanted.connect(self.dock.edit_tracks)
        self.notes.failed.connect(window.messages.tell_error)
        self.notes.noted.connect(window.messages.tell_warning)
        self.deeds.failed.connect(window.messages.tell_error)
        self.deeds.said.connect(self._on_said)
        window.timeline.recordings_changed.connect(self._on_stage_changed)
        window.transport.view_changed.connect(self._on_stage_changed)
        window.transport.recording_started.connect(self._on_stage_changed)
        window.closed.connect(self.notes.rest)
        self._on_stage_changed()

    # What is shown --------------------------------------------------------------------------------------

    @Slot()
    def _on_stage_changed(self) -> None:
        recordings = self._window.timeline.recordings
        recorded = self.deeds.recorded_path
        if recordings:
            home = next((info.path for info in recordings if not info.derivation), recordings[0].path)
            self.notes.show([info.path for info in recordings], home)
        else:
            self.notes.show([recorded] if recorded else [])
        self.strip.plot.words = HINT if recordings else LIVE_HINT
        self.strip.setVisible(bool(self.notes.paths))
        self.strip.plot.pick("")
        self._refresh()
        self.deeds.drop_early_marks()

    @Slot()
    def _refresh(self) -> None:
        actions = self._window.actions_by_name
        deeds = self.deeds
        is_possible = bool(self.notes.paths or deeds.recorded_path or deeds.is_starting)
        for action in (actions["marker"], *self._preset_actions):
            action.setEnabled(is_possible)
        actions["edit_tracks"].setEnabled(bool(self.notes.paths))
        actions["new_note"].setEnabled(bool(self._window.timeline.recordings))
        for name in ("note_back", "note_on"):
            actions[name].setEnabled(bool(self.notes.paths))
        for name in ("edit_note", "delete_note"):
            actions[name].setEnabled(self.deeds.picked is not None)

    # Actions --------------------------------------------------------------------------------------------

    def _connect_actions(self) -> None:
        actions, deeds = self._window.actions_by_name, self.deeds
        for name, slot in {
            "marker": lambda: deeds.mark(),
            "new_note": deeds.add,
            "edit_note": deeds.edit_picked,
            "delete_note": deeds.delete_picked,
            "note_back": deeds.go_back,
            "note_on": deeds.go_on,
            "edit_tracks": self.dock.edit_tracks,
            "marker_keys": self._choose_presets,
        }.items():
            actions[name].triggered.connect(slot)

    def _connect_keys(self) -> None:
        shift, actions = Qt.KeyboardModifier.ShiftModifier, self._window.actions_by_name
        for keys, name in (
            (QKeyCombination(Qt.Key.Key_Delete), "delete_note"),
            (QKeyCombination(Qt.Key.Key_Return), "edit_note"),
            (QKeyCombination(Qt.Key.Key_Enter), "edit_note"),
            (QKeyCombination(shift, Qt.Key.Key_Left), "note_back"),
            (QKeyCombination(shift, Qt.Key.Key_Right), "note_on"),
        ):
            self._window.timeline.add_key(keys, actions[name].trigger)

    def _preset_action(self, number: int) -> QAction:
        """Drops a marker with the words of that number."""
        action = named(QAction(self._window), f"marker_{number}_action")
        action.setShortcut(QKeySequence(str(number)))
        action.setAutoRepeat(False)
        action.triggered.connect(partial(self._mark_preset, number))
        self._show_preset(action, number)
        menu = self._window.menuBar().findChild(QMenu, "notes_menu")
        if menu is not None:
            presets = menu.findChild(QMenu, "presets_menu")
            if presets is None:
                presets = named(menu.addMenu("Marker &with words"), "presets_menu")
            presets.addAction(action)
        return action

    def _preset(self, number: int) -> str:
        presets = self._window.choices.settings.marker_presets
        return presets[number - 1] if number <= len(presets) and presets[number - 1] else f"Marker {number}"

    def _show_preset(self, action: QAction, number: int) -> None:
        action.setText(self._preset(number).replace("&", "&&"))

    def _mark_preset(self, number: int, _checked: bool = False) -> None:
        self.deeds.mark(self._preset(number))

    @Slot()
    def _choose_presets(self) -> None:
        dialog = PresetsDialog([self._preset(number) for number in range(1, 10)], self._window)
        dialog.chosen.connect(self._on_presets_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object)
    def _on_presets_chosen(self, presets: tuple[str, ...]) -> None:
        self._window.choices.change(marker_presets=presets)
        for number, action in enumerate(self._preset_actions, 1):
            self._show_preset(action, number)

    @Slot(str)
    def _on_said(self, text: str) -> None:
        self._window.messages.tell(Severity.NOTE, text)

    # The menu of a note ---------------------------------------------------------------------------------

    @Slot(object, object)
    def _show_menu(self, note: Note | None, at: QPoint) -> None:
        menu, actions = QMenu(self._window), self._window.actions_by_name
        if note is not None:
            for name in ("edit_note", "delete_note"):
                menu.addAction(actions[name])
            menu.addAction("&Select its stretch", partial(self.deeds.select, note))
            fit = menu.addAction("Set it to the s&election", self.deeds.fit_to_selection)
            fit.setEnabled(self._window.timeline.navigator.selection is not None)
            tracks = menu.addMenu("Move to &track")
            for track in self.notes.tracks:
                if track.name != note.track:
                    tracks.addAction(track.name, partial(self.deeds.move_to_track, note, track.name))
            tracks.setEnabled(not tracks.isEmpty())
            menu.addSeparator()
        for name in ("marker", "new_note", "edit_tracks"):
            menu.addAction(actions[name])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
