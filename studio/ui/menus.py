"""Lays out the menu bar and the toolbar from the actions. Connects nothing."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QMenu, QMenuBar, QSizePolicy, QToolBar, QWidget

from studio.ui.actions import Actions
from studio.ui.named import named
from studio.ui.theme import figures_font
from studio.ui.undo_keys import UndoKeys

TOOLBAR = ("record", "stop", "preflight", "marker", "preview", "", "live")
_FILE = ("open_recording", "choose_folder", "", "edit_settings", "", "quit")
_EDIT = ("undo", "redo", "", "find_session", "describe_session")
_PLAYBACK = (
    "play",
    "play_from_start",
    "stop_playing",
    "",
    "play_step_back",
    "play_step_on",
    "",
    "loop",
    "mute",
)
_TIMELINE = (
    *("zoom_session", "zoom_selection", "", "go_to_time", "copy_time", "copy_session_time"),
    *("step_back", "step_on"),
    *("cursor_follows", "", "select_from", "select_to", "select_all", "clear_selection"),
    *("cursor_to_start", "cursor_to_end", "selection_back", "selection_on", "", "show_hidden"),
)
_NOTES = (
    *("marker", "new_note", "", "edit_note", "delete_note", "", "note_back", "note_on", ""),
    *("edit_tracks", "marker_keys", ""),
)
_PROCESS = ("process_chain", "attach_chain", "", "compare_chain")
_TIMINGS = (
    *("timing_session", "timing_selection", "timing_wall", ""),
    *("row_session", "row_selection", "row_wall"),
)
_RECORDING = (
    *("export_recording", "crop_recording", "compact_recording", "join_recordings"),
    *("", "verify_recording"),
)
_RECORD = (
    *("record", "stop", "go_on", "", "preflight", "preview", "live", "", "rescan", "add_camera"),
    *("", "clock_panel"),
)

NAMED_LATER = "What is typed here while recording is applied to its session when the recording has ended."
"""A session that is being written is not moved."""


class ToolBar(QToolBar):
    """Record, Stop, Preview, Live view; then what the next session is called."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__("Toolbar", parent)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(QSize(20, 20))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for name in TOOLBAR:
            _add(self, actions, name)
            if name:
                named(self.widgetForAction(actions[name]), f"{name}_button")
        self._record = self.widgetForAction(actions["record"])
        self._record.setFont(figures_font(self._record.font(), bold=True))
        # Room for the running clock, so that nothing moves when it starts.
        clock_width = self._record.fontMetrics().horizontalAdvance("00:00:00.0")
        self._record.setMinimumWidth(clock_width + 56)
        self.participant = self._make_line("participant_line", "Participant")
        self.session_name = self._make_line("session_name_line", "Session name (optional)")
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self.addWidget(self.participant)
        self.addWidget(self.session_name)
        UndoKeys(self.participant, self.session_name, parent=self)

    def show_recording(self, recording: bool) -> None:
        """Make the Record button red while it is the running clock, and say what becomes of names."""
        if self._record.property("recording") != recording:
            for line in (self.participant, self.session_name):
                line.setToolTip(NAMED_LATER if recording else "")
            self._record.setProperty("recording", recording)
            style = self._record.style()
            style.unpolish(self._record)
            style.polish(self._record)

    def _make_line(self, name: str, hint: str) -> QLineEdit:
        line = named(QLineEdit(placeholderText=hint, maxLength=200), name)
        line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        measured = line.fontMetrics()
        line.setMaximumWidth(measured.horizontalAdvance(hint) + 40)
        # On a narrow screen it gives way, rather than be pushed off the toolbar.
        line.setMinimumWidth(measured.horizontalAdvance(hint.split()[0]) + 24)
        # By click only: keys such as R belong to the window until somebody wants to type.
        line.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        line.returnPressed.connect(line.clearFocus)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), line)
        leave.setContext(Qt.ShortcutContext.WidgetShortcut)
        leave.activated.connect(line.clearFocus)
        return line


def fill_menu_bar(bar: QMenuBar, actions: Actions, views: Iterable[QAction]) -> None:
    """File, Edit, Record, Recording, Timeline, Playback, Notes, Process, View, Help; `views` switch docks."""
    _fill(_menu(bar, "&File", "file_menu"), actions, _FILE)
    _fill(_menu(bar, "&Edit", "edit_menu"), actions, _EDIT)
    _fill(_menu(bar, "&Record", "record_menu"), actions, _RECORD)
    _fill(_menu(bar, "Re&cording", "recording_menu"), actions, _RECORDING)
    _fill(_menu(bar, "&Timeline", "timeline_menu"), actions, _TIMELINE)
    _fill(_menu(bar, "&Playback", "playback_menu"), actions, _PLAYBACK)
    _fill(_menu(bar, "&Notes", "notes_menu"), actions, _NOTES)
    _fill(_menu(bar, "Pr&ocess", "process_menu"), actions, _PROCESS)
    view = _menu(bar, "&View", "view_menu")
    for action in views:
        view.addAction(action)
    view.addSeparator()
    _fill(named(view.addMenu("T&imes"), "times_menu"), actions, _TIMINGS)
    theme = named(view.addMenu("&Theme"), "theme_menu")
    _fill(theme, actions, ("theme_system", "theme_dark", "theme_light"))
    _fill(view, actions, ("", "reset_docks"))
    _fill(_menu(bar, "&Help", "help_menu"), actions, ("keys", "about"))


def _menu(bar: QMenuBar, title: str, name: str) -> QMenu:
    return named(bar.addMenu(title), name)


def _fill(menu: QMenu, actions: Actions, names: Iterable[str]) -> None:
    for name in names:
        _add(menu, actions, name)


def _add(target: QMenu | QToolBar, actions: Actions, name: str) -> None:
    if name:
        target.addAction(actions[name])
    else:
        target.addSeparator()
