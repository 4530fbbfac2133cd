"""The actions of the window with their texts, keys and icons: what they are called, not what they do."""

from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from studio.ui.theme import SYSTEM, Theme
from studio.ui.theme_tokens import ThemeName


@dataclass(frozen=True, slots=True)
class ActionText:
    """How an action appears."""

    text: str
    icon: str = ""
    keys: str = ""
    hint: str = ""
    icon_role: str = "text"
    checkable: bool = False


ACTIONS = {
    "record": ActionText("&Record", "record", "R", "Record the ticked devices (R)", "record"),
    "stop": ActionText("&Stop", "stop", "S", "Finish the recording (S)"),
    "go_on": ActionText(
        "&Go on in the interrupted session",
        "record",
        "Ctrl+Shift+R",
        "Record the same devices into a further file of the interrupted session (Ctrl+Shift+R)",
    ),
    "preview": ActionText(
        "&Preview", "preview", "P", "See the ticked devices without recording (P)", checkable=True
    ),
    "preflight": ActionText(
        "Pre-&flight",
        "preflight",
        "F",
        "Try the ticked devices, the disk and the clock, without recording (F)",
    ),
    "live": ActionText("&Live view", "live", "Ctrl+L", "Show what the devices see now (Ctrl+L)"),
    "choose_folder": ActionText("Choose recordings &folder\u2026", "folder"),
    "open_recording": ActionText("&Open recording\u2026", "session", "Ctrl+O"),
    "quit": ActionText("&Quit", "", "Ctrl+Q"),
    "undo": ActionText("&Undo", "undo", "Ctrl+Z"),
    "redo": ActionText("&Redo", "redo", "Ctrl+Shift+Z"),
    "find_session": ActionText("&Find session", "search", "Ctrl+F"),
    "describe_session": ActionText("&Describe session\u2026", "note", "Ctrl+D"),
    "edit_settings": ActionText(
        "Se&ttings\u2026", "settings", "Ctrl+Alt+S", "All that can be chosen, on one page (Ctrl+Alt+S)"
    ),
    "rescan": ActionText("Look for &devices again", "refresh", "Ctrl+R", "Look for devices again (Ctrl+R)"),
    "add_camera": ActionText("Add &camera\u2026", "add", "Ctrl+Shift+C", "A file, an address or a number"),
    "play": ActionText("&Play or pause", "play", "", "Play from the cursor, or stand still (Space)"),
    "play_from_start": ActionText(
        "Play from the &start",
        "play",
        "Ctrl+Space",
        "Play the selection from its start; while recording, what is in view (Ctrl+Space)",
    ),
    "stop_playing": ActionText("S&top playing", "stop", "", "Stop and go back to where it began"),
    "play_step_back": ActionText("Step &back", "step-back", "", "To the message before"),
    "play_step_on": ActionText("Step &on", "step-on", "", "To the next message"),
    "loop": ActionText("&Loop", "loop", "L", "At the end begin again (L)", checkable=True),
    "mute": ActionText("Sound o&ff", "mute", "Ctrl+M", "Play without sound (Ctrl+M)", checkable=True),
    "process_chain": ActionText(
        "&Process\u2026", "process", "Ctrl+P", "Compute streams from what is on screen with a chain (Ctrl+P)"
    ),
    "attach_chain": ActionText(
        "&Attach to recording\u2026", "attach", "", "Compute streams while the recording goes on"
    ),
    "compare_chain": ActionText(
        "&Compare with a replay", "", "", "Compute the results on screen again: is every message the same?"
    ),
    "zoom_session": ActionText(
        "Show the whole &session\tCtrl+A", "zoom-session", "", "Show the whole session (Ctrl+A, or 0)"
    ),
    "zoom_selection": ActionText(
        "Show the &selection", "zoom-selection", "Ctrl+E", "Show the selection (Ctrl+E)"
    ),
    "clear_selection": ActionText(
        "&Clear the selection\tAlt+C", "close", "", "Clear the selection (Alt+C, Esc)"
    ),
    "select_from": ActionText("Selection &from the cursor", "", "I"),
    "select_to": ActionText("Selection up &to the cursor", "", "O"),
    "select_all": ActionText("Select &all", "", "Ctrl+Shift+A"),
    "cursor_to_start": ActionText("Cursor to the selection's &beginning\tAlt+S"),
    "cursor_to_end": ActionText("Cursor to the selection's &end\tAlt+E"),
    "selection_back": ActionText("Move the selection &back by its length\tAlt+Left"),
    "selection_on": ActionText("Move the selection &on by its length\tAlt+Right"),
    "step_back": ActionText("To the message bef&ore", "", ","),
    "step_on": ActionText("To the &next message", "", "."),
    "go_to_time": ActionText("&Go to time\u2026", "go-to", "Ctrl+G", "Go to a time (Ctrl+G)"),
    "copy_time": ActionText("Co&py the cursor's time\tCtrl+C"),
    "copy_session_time": ActionText("Copy the cursor's time &with the session's name"),
    "cursor_follows": ActionText(
        "C&ursor follows the mouse\tAlt+F",
        "cursor-follows",
        "",
        "The cursor follows the mouse; else it stays until a click (Alt+F)",
        checkable=True,
    ),
    "show_hidden": ActionText("Show &hidden panels"),
    "timing_session": ActionText("Since the &session began", checkable=True),
    "timing_selection": ActionText("Since the s&election began", checkable=True),
    "timing_wall": ActionText("By the &clock", checkable=True),
    "row_session": ActionText("&Row of times since the session began", checkable=True),
    "row_selection": ActionText("Row &of times since the selection began", checkable=True),
    "row_wall": ActionText("Row of times by the c&lock", checkable=True),
    "export_recording": ActionText(
        "&Export\u2026", "export", "Ctrl+Shift+E", "Make files for other programs (Ctrl+Shift+E)"
    ),
    "crop_recording": ActionText(
        "&Crop or copy\u2026", "crop", "Ctrl+Shift+X", "A recording of the selection or of chosen streams"
    ),
    "compact_recording": ActionText("C&ompact\u2026"),
    "join_recordings": ActionText("&Join recordings\u2026"),
    "verify_recording": ActionText("&Verify", "check"),
    "marker": ActionText(
        "&Marker", "marker", "M", "Drop a marker: into what is recorded, else at the cursor (M)"
    ),
    "new_note": ActionText("&Note of the selection", "add", "N", "Note something of the selection (N)"),
    "edit_note": ActionText("&Edit the note\tEnter", "rename"),
    "delete_note": ActionText("&Delete the note\tDel", "trash"),
    "edit_tracks": ActionText(
        "&Tracks and attributes\u2026", "list", "", "Tracks of notes and what is asked there"
    ),
    "marker_keys": ActionText("Marker &keys\u2026", "keyboard", "", "What the keys 1 to 9 drop"),
    "note_back": ActionText("To the note &before\tShift+Left"),
    "note_on": ActionText("To the ne&xt note\tShift+Right"),
    "clock_panel": ActionText(
        "Clock and &network",
        "clock-own",
        "Ctrl+K",
        "Whose time this machine records with, and how exactly (Ctrl+K)",
    ),
    "reset_docks": ActionText(
        "Docks as at &first", "", "", "Lists, settings and messages stand where a first start has them"
    ),
    "keys": ActionText("&Keys", "keyboard", "F1"),
    "about": ActionText("&About Studio", "note"),
    "theme_system": ActionText("As the &system", checkable=True),
    "theme_dark": ActionText("&Dark", checkable=True),
    "theme_light": ActionText("&Light", checkable=True),
}

THEME_CHOICES = {
    "theme_system": SYSTEM,
    "theme_dark": ThemeName.DARK.value,
    "theme_light": ThemeName.LIGHT.value,
}


class Actions(QObject):
    """All actions by name; `actions["record"]` is a QAction called `record_action`."""

    def __init__(self, theme: Theme, parent: QObject, iconed: Collection[str] = ACTIONS) -> None:
        """`iconed`: names of those that get an icon; to draw all takes longer than to make the actions."""
        super().__init__(parent)
        self._theme = theme
        self._iconed = iconed
        self._actions = {name: self._make(name, text) for name, text in ACTIONS.items()}
        themes = QActionGroup(self)
        for name in THEME_CHOICES:
            themes.addAction(self._actions[name])
        self.retint()
        theme.changed.connect(self.retint)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def _make(self, name: str, text: ActionText) -> QAction:
        action = QAction(text.text, self)
        action.setObjectName(f"{name}_action")
        # Qt would take the ellipsis away, which promises that the action asks something first.
        action.setIconText(text.text.replace("&", ""))
        action.setCheckable(text.checkable)
        if text.keys:
            action.setShortcut(QKeySequence(text.keys))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            # A key held down must not start and stop recordings in turn.
            action.setAutoRepeat(False)
        if text.hint:
            action.setToolTip(text.hint)
        return action

    def retint(self) -> None:
        """Take the icons in the colours of the theme."""
        for name, text in ACTIONS.items():
            if text.icon and name in self._iconed:
                self._actions[name].setIcon(self._theme.icon(text.icon, text.icon_role))
