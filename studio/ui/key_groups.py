"""Every key of the window and what it does, grouped by what one wants to do. Shows nothing."""

from studio.ui.actions import ACTIONS

KeyLine = tuple[str, str]
"""Keys, and what they do."""

_GROUPS: dict[str, tuple[str | KeyLine, ...]] = {
    "Record": (
        *("record", "stop", "preview", "preflight", "live", "go_on", "marker"),
        ("1 \u2013 9", "Drop a marker with words of its own"),
        *("rescan", "add_camera", "clock_panel"),
    ),
    "Play": (("Space", "Play and pause; live: hold and go on"), "play_from_start", "loop", "mute"),
    "Look": (
        ("+ / \u2212", "Zoom in and out (or the wheel)"),
        ("0, Ctrl+A", "Show all of the recording"),
        "zoom_selection",
        ("Ctrl+S", "Show the selection, as Ctrl+E does"),
        ("Home / End", "Go to the beginning or the end"),
        ("\u2190 / \u2192", "Move the cursor; with Ctrl ten times as far"),
        *("step_back", "step_on"),
        ("Ctrl+Shift+, / .", "Five messages or pictures back or on"),
        "go_to_time",
        ("Alt+F", "Cursor follows the mouse or stays"),
        ("Ctrl+C", "Copy the cursor's time"),
    ),
    "Select": (
        ("Shift+drag", "Select; Shift+left and Shift+right click set the ends"),
        *("select_from", "select_to", "select_all"),
        ("Alt+S / Alt+E", "Cursor to the beginning or the end of the selection"),
        ("Alt+\u2190 / Alt+\u2192", "Move the selection by its own length"),
        ("Alt+C, Esc", "Clear the selection"),
    ),
    "Notes": (
        "new_note",
        ("Shift+\u2190 / Shift+\u2192", "To the note before, to the next note"),
        ("Enter / Delete", "Edit or delete the picked note"),
    ),
    "Sessions": (
        *("find_session", "describe_session"),
        ("Enter", "Open the picked recording"),
        ("F2 / Delete", "Rename the picked session, or move it to the trash"),
        ("F5", "Read the list of sessions again"),
        *("open_recording", "export_recording", "crop_recording", "process_chain"),
    ),
    "Studio": ("undo", "redo", "edit_settings", "keys", "quit"),
}
"""Names of actions, and keys that other parts of the window answer to."""


def key_groups() -> dict[str, tuple[KeyLine, ...]]:
    """All keys by what they are for, in the order in which they are listed."""
    return {title: tuple(_line(entry) for entry in entries) for title, entries in _GROUPS.items()}


def key_list() -> tuple[KeyLine, ...]:
    """All keys in one list."""
    return tuple(line for lines in key_groups().values() for line in lines)


def _line(entry: str | KeyLine) -> KeyLine:
    if not isinstance(entry, str):
        return entry
    action = ACTIONS[entry]
    return action.keys, action.text.replace("&", "").rstrip("\u2026")
