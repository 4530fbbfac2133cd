"""What the actions of the timeline do: go, select, step, zoom, count, copy.

Connects them and keeps them enabled only where they mean something; shows nothing but a dialog.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QKeyCombination, QObject, Qt, Slot
from PySide6.QtGui import QActionGroup, QGuiApplication

from studio.timing import TimeInterval, Timestamp
from studio.ui.actions import Actions
from studio.ui.theme import Theme
from studio.ui.timeline.cursor_moves import FAR_STEPS
from studio.ui.timeline.go_to_dialog import GoToDialog
from studio.ui.timeline.session_places import OnlyThisSession, SessionPlace, SessionPlaces
from studio.ui.timeline.time_entry import iso_text
from studio.ui.timeline.timeline import Timeline
from studio.ui.timeline.timing import TimingMode

TIMINGS = {
    "timing_session": TimingMode.SESSION,
    "timing_selection": TimingMode.SELECTION,
    "timing_wall": TimingMode.WALL,
}
NEED_SELECTION = ("zoom_selection", "clear_selection", "cursor_to_start", "cursor_to_end")
NEED_SELECTION_TOO = ("selection_back", "selection_on")
NEED_SESSION = (
    *("select_from", "select_to", "select_all", "step_back", "step_on", "go_to_time", "copy_time"),
    "copy_session_time",
    *("cursor_follows", "show_hidden"),
)


class TimelineActions(QObject):
    """The actions of one timeline."""

    def __init__(self, timeline: Timeline, actions: Actions, theme: Theme) -> None:
        super().__init__(timeline)
        self._timeline, self._actions, self._theme = timeline, actions, theme
        self._sessions: SessionPlaces = OnlyThisSession()
        timings = QActionGroup(self)
        for name, mode in TIMINGS.items():
            timings.addAction(actions[name])
            actions[name].setData(mode.value)
        timings.triggered.connect(self._on_timing_triggered)
        for name, slot in self._slots().items():
            actions[name].triggered.connect(slot)
        for name in ("step_back", "step_on"):
            actions[name].setAutoRepeat(True)  # held down, it goes on
        actions["cursor_follows"].setChecked(True)
        actions["cursor_follows"].toggled.connect(timeline.set_cursor_follows)
        self._add_keys()
        timeline.recordings_changed.connect(self._refresh)
        timeline.navigator.selection_changed.connect(self._refresh)
        timeline.plans_changed.connect(self._refresh)
        timeline.timing_changed.connect(self._refresh)
        self._refresh()

    def attach(self, sessions: SessionPlaces) -> None:
        """Times of these sessions can be gone to by their names."""
        self._sessions = sessions

    def _slots(self) -> dict[str, Callable[[], object]]:
        timeline, navigator, moves = self._timeline, self._timeline.navigator, self._timeline.cursor_moves
        return {
            "zoom_session": navigator.zoom_session,
            "zoom_selection": navigator.zoom_selection,
            "clear_selection": navigator.clear_selection,
            "select_from": navigator.select_from_cursor,
            "select_to": navigator.select_to_cursor,
            "select_all": self._select_all,
            "cursor_to_start": navigator.cursor_to_selection_start,
            "cursor_to_end": navigator.cursor_to_selection_end,
            "selection_back": lambda: navigator.shift_selection(-1),
            "selection_on": lambda: navigator.shift_selection(1),
            "step_back": moves.step_back,
            "step_on": moves.step_on,
            "go_to_time": self._go_to_time,
            "copy_time": self._copy_time,
            "copy_session_time": self._copy_session_time,
            "show_hidden": timeline.arrangement.show_all,
        }

    def _add_keys(self) -> None:
        """Keys that clash elsewhere: they count while the timeline has the focus."""
        control, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
        for modifier, key, name in (
            (control, Qt.Key.Key_A, "zoom_session"),
            (control, Qt.Key.Key_C, "copy_time"),
            (control, Qt.Key.Key_S, "zoom_selection"),
            (alt, Qt.Key.Key_S, "cursor_to_start"),
            (alt, Qt.Key.Key_E, "cursor_to_end"),
            (alt, Qt.Key.Key_C, "clear_selection"),
            (alt, Qt.Key.Key_F, "cursor_follows"),
            (control, Qt.Key.Key_Comma, "step_back"),
            (control, Qt.Key.Key_Period, "step_on"),
        ):
            self._timeline.keys.add(QKeyCombination(modifier, key), self._actions[name].trigger)
        both = control | Qt.KeyboardModifier.ShiftModifier
        moves = self._timeline.cursor_moves
        # With Shift most keyboards turn comma and point into other signs.
        for key, steps in (
            (Qt.Key.Key_Comma, -FAR_STEPS),
            (Qt.Key.Key_Less, -FAR_STEPS),
            (Qt.Key.Key_Semicolon, -FAR_STEPS),
            (Qt.Key.Key_Period, FAR_STEPS),
            (Qt.Key.Key_Greater, FAR_STEPS),
            (Qt.Key.Key_Colon, FAR_STEPS),
        ):
            self._timeline.keys.add(QKeyCombination(both, key), partial(moves.step, steps))

    @Slot()
    def _refresh(self) -> None:
        has_session = self._timeline.session is not None
        has_selection = self._timeline.navigator.selection is not None
        for name in NEED_SESSION:
            self._actions[name].setEnabled(has_session)
        for name in NEED_SELECTION + NEED_SELECTION_TOO:
            self._actions[name].setEnabled(has_selection)
        hidden = sum(plan.hidden for plan in self._timeline.plans)
        self._actions["show_hidden"].setEnabled(hidden > 0)
        self._actions["show_hidden"].setText(
            f"Show &hidden panels ({hidden})" if hidden else "Show &hidden panels"
        )
        mode = self._timeline.timing.mode
        for name, its in TIMINGS.items():
            self._actions[name].setChecked(its is mode)

    @Slot(object)
    def _on_timing_triggered(self, action: object) -> None:
        mode = next((mode for name, mode in TIMINGS.items() if self._actions[name] is action), None)
        if mode is not None:
            self._timeline.set_timing_mode(mode)

    @Slot()
    def _select_all(self) -> None:
        extent = self._timeline.navigator.extent
        if extent is not None:
            self._timeline.navigator.set_selection(TimeInterval(extent.left, extent.right))

    @Slot()
    def _go_to_time(self) -> None:
        timeline = self._timeline
        dialog = GoToDialog(self._theme, timeline.selection_bar, self._sessions, timeline.window())
        dialog.time_chosen.connect(self.go_to)
        dialog.elsewhere_chosen.connect(self._on_elsewhere_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object)
    def _on_elsewhere_chosen(self, place: SessionPlace) -> None:
        self._sessions.go_to(place)

    @Slot(object)
    def go_to(self, time: Timestamp) -> None:
        """The cursor shall stand there, in view; a time outside of the recording is told of."""
        navigator = self._timeline.navigator
        extent = navigator.extent
        if extent is not None and not extent.contains(time):
            self._timeline.noted.emit(
                "That time lies outside of the recording; the cursor stands at its end."
            )
        navigator.move_cursor(time)

    @Slot()
    def _copy_time(self) -> None:
        """ISO 8601 in UTC with nanoseconds: what go-to-time takes, and other programs too."""
        time = self._timeline.navigator.cursor_time
        if time is not None:
            QGuiApplication.clipboard().setText(iso_text(time))

    @Slot()
    def _copy_session_time(self) -> None:
        """`SESSION@TIME`, which go-to-time takes in any session."""
        time, session = self._timeline.navigator.cursor_time, self._timeline.session
        if time is not None and session is not None:
            QGuiApplication.clipboard().setText(f"{self._sessions.name or session.name}@{iso_text(time)}")
