"""The editor of tracks: what is noted where, what is asked about each note, and in which colours.

Every change is made at once and can be undone; the dialog holds no state but what is picked.
"""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QColorDialog,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.app.note_schemas import SUFFIX, load_schema, save_schema, schemas_folder
from studio.errors import SettingsError
from studio.formats.notes import Track
from studio.ui.named import named
from studio.ui.notes.note_edits import NoteEdits
from studio.ui.notes.note_look import track_colour
from studio.ui.notes.session_notes import SessionNotes
from studio.ui.notes.track_places import Place, Spot, free_name, with_colour, with_name, with_new, without
from studio.ui.theme import Theme

SIZE = (560, 420)
HINT = (
    "A track is a row of notes. Its attributes are asked about each note: one with values offers these, "
    "one without takes any text. Double click a name to change it."
)
_PLACE = Qt.ItemDataRole.UserRole


class TrackDialog(QDialog):
    """Tracks, attributes and values as a tree. Not modal: the timeline shows what comes of it."""

    failed = Signal(str)

    def __init__(self, theme: Theme, notes: SessionNotes, edits: NoteEdits, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("track_dialog")
        self.setWindowTitle("Tracks and attributes")
        self.resize(*SIZE)
        self._theme, self._notes, self._edits = theme, notes, edits
        self._filling = False
        self._shown: tuple[Track, ...] | None = None
        self.tree = named(QTreeWidget(), "track_tree")
        self.tree.setHeaderHidden(True)
        self.tree.itemChanged.connect(self._on_item_changed)
        self.tree.currentItemChanged.connect(self._refresh)
        self._buttons = {
            name: named(QPushButton(text), f"track_{name}")
            for name, text in {
                "add": "Add track",
                "attribute": "Add attribute",
                "value": "Add value",
                "colour": "Colour\u2026",
                "remove": "Remove",
                "load": "Load\u2026",
                "save": "Save\u2026",
            }.items()
        }
        self._lay_out()
        self._connect()
        self._fill()

    def _lay_out(self) -> None:
        whole, middle, side = QVBoxLayout(self), QHBoxLayout(), QVBoxLayout()
        hint = QLabel(HINT)
        hint.setWordWrap(True)
        whole.addWidget(hint)
        middle.addWidget(self.tree, 1)
        for name in ("add", "attribute", "value", "colour", "remove"):
            self._buttons[name].setAutoDefault(False)
            side.addWidget(self._buttons[name])
        side.addStretch(1)
        for name in ("load", "save"):
            self._buttons[name].setAutoDefault(False)
            side.addWidget(self._buttons[name])
        middle.addLayout(side)
        whole.addLayout(middle, 1)

    def _connect(self) -> None:
        for name, slot in {
            "add": self._add_track,
            "attribute": lambda: self._add(Spot.ATTRIBUTE),
            "value": lambda: self._add(Spot.VALUE),
            "colour": self._choose_colour,
            "remove": self._remove,
            "load": self._ask_load,
            "save": self._ask_save,
        }.items():
            self._buttons[name].clicked.connect(slot)
        self._notes.changed.connect(self._fill)

    # What is shown --------------------------------------------------------------------------------------

    @Slot()
    def _fill(self) -> None:
        tracks = self._notes.tracks
        if tracks == self._shown:
            return
        picked = self._place()
        self._filling, self._shown = True, tracks
        self.tree.clear()
        for at, track in enumerate(tracks):
            top = self._item(track.name, track_colour(track, at, self._theme), Place(track.name))
            self.tree.addTopLevelItem(top)
            for n, attribute in enumerate(track.attributes):
                below = self._item(attribute.name, "", Place(track.name, n))
                top.addChild(below)
                for m, choice in enumerate(attribute.choices):
                    below.addChild(self._item(choice.value, choice.colour, Place(track.name, n, m)))
        self.tree.expandAll()
        self._filling = False
        self.pick(picked)

    def pick(self, place: Place | None) -> None:
        """Make this the current one."""
        items = self.tree.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
        found = next((item for item in items if item.data(0, _PLACE) == place), None)
        if found is not None:
            self.tree.setCurrentItem(found)
        self._refresh()

    def _item(self, text: str, colour: str, place: Place) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setData(0, _PLACE, place)
        if colour:
            item.setData(0, Qt.ItemDataRole.DecorationRole, QColor(colour))
        return item

    def _place(self) -> Place | None:
        item = self.tree.currentItem()
        found = item.data(0, _PLACE) if item is not None else None
        return found if isinstance(found, Place) else None

    def _track(self, place: Place) -> Track:
        return self._notes.track(place.track)

    @Slot()
    def _refresh(self) -> None:
        place = self._place()
        spot = place.spot if place is not None else None
        self._buttons["attribute"].setEnabled(place is not None)
        self._buttons["value"].setEnabled(spot in (Spot.ATTRIBUTE, Spot.VALUE))
        self._buttons["colour"].setEnabled(spot in (Spot.TRACK, Spot.VALUE))
        self._buttons["remove"].setEnabled(place is not None)
        self._buttons["save"].setEnabled(bool(self._notes.tracks))

    # What is changed ------------------------------------------------------------------------------------

    @Slot()
    def _add_track(self) -> None:
        name = free_name("Track", [track.name for track in self._notes.tracks])
        self._edits.put_track(Track(name))
        self.pick(Place(name))

    def _add(self, spot: Spot) -> None:
        place = self._place()
        if place is not None:
            track, new = with_new(self._track(place), place, spot)
            self._edits.put_track(track)
            self.pick(new)

    @Slot(QTreeWidgetItem)
    def _on_item_changed(self, item: QTreeWidgetItem) -> None:
        place, name = item.data(0, _PLACE), item.text(0).strip()
        if self._filling or not isinstance(place, Place):
            return
        if place.spot is Spot.TRACK:
            self._edits.rename_track(place.track, name)
        elif name:
            self._edits.put_track(with_name(self._track(place), place, name))
        self._shown = None
        self._fill()  # also where the name was not taken

    @Slot()
    def _remove(self) -> None:
        place = self._place()
        if place is None:
            return
        if place.spot is Spot.TRACK:
            self._edits.remove_track(place.track)
        else:
            self._edits.put_track(without(self._track(place), place))

    @Slot()
    def _choose_colour(self) -> None:
        dialog = QColorDialog(self)
        dialog.colorSelected.connect(self.set_colour)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(QColor)
    def set_colour(self, colour: QColor) -> None:
        """Of the track or value that is picked."""
        place = self._place()
        if place is not None:
            self._edits.put_track(with_colour(self._track(place), place, colour.name()))

    # Files ----------------------------------------------------------------------------------------------

    @Slot()
    def _ask_load(self) -> None:
        self._ask("Load tracks", QFileDialog.AcceptMode.AcceptOpen, self.load)

    @Slot()
    def _ask_save(self) -> None:
        self._ask("Save tracks", QFileDialog.AcceptMode.AcceptSave, self.save)

    def _ask(self, title: str, mode: QFileDialog.AcceptMode, slot: object) -> None:
        dialog = QFileDialog(self, title, str(schemas_folder()), f"Tracks (*{SUFFIX})")
        dialog.setAcceptMode(mode)
        dialog.fileSelected.connect(slot)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def load(self, path: str) -> None:
        """Have the tracks of that file here, too."""
        try:
            self._edits.put_tracks(load_schema(Path(path)))
        except SettingsError as error:
            self.failed.emit(str(error))

    @Slot(str)
    def save(self, path: str) -> None:
        """Keep the tracks in that file, for other sessions."""
        named_right = path if path.endswith(SUFFIX) else path + SUFFIX
        try:
            save_schema(tuple(replace(track) for track in self._notes.tracks), Path(named_right))
        except SettingsError as error:
            self.failed.emit(str(error))
