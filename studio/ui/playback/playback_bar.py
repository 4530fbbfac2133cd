"""The row of buttons above the timeline: step, play, stop, loop, speed. Decides nothing.

Visible while a session is on screen. Nothing in it takes the focus but the speed while it is typed: the keys
belong to the timeline.
"""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from studio.app.player_status import PlayerState, PlayerStatus
from studio.timing import NS_PER_MS, NS_PER_S
from studio.ui.actions import Actions
from studio.ui.named import named
from studio.ui.playback.playback import Playback
from studio.ui.playback.speed_box import SpeedBox
from studio.ui.theme import Theme

NORMAL = 1.0
NOTABLE_LAG = 150 * NS_PER_MS
"""Pictures that are later than that are told of."""
_BUTTONS = ("play_step_back", "play", "play_step_on", "", "stop_playing", "loop", "mute")


class PlaybackBar(QFrame):
    """Connected to a `Playback` when it is made."""

    def __init__(
        self, theme: Theme, actions: Actions, playback: Playback, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("playback_bar")
        self._theme, self._actions, self._playback = theme, actions, playback
        self.speed_box = named(SpeedBox(), "speed_box")
        self.note = named(QLabel(), "playback_note")
        self._shown_icon = ""
        self._lay_out()
        self.speed_box.chosen.connect(self._on_speed_chosen)
        self.speed_box.refused.connect(self.note.setText)
        playback.changed.connect(self._show)
        theme.changed.connect(self._on_theme_changed)
        self._show()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        for name in _BUTTONS:
            if name:
                row.addWidget(self._button(name))
            else:
                row.addSpacing(8)
        row.addSpacing(8)
        row.addWidget(self.speed_box)
        row.addSpacing(8)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setProperty("role", "muted")
        row.addWidget(self.note)
        row.addStretch(1)

    def _button(self, name: str) -> QToolButton:
        button = named(QToolButton(self, autoRaise=True), f"{name}_button")
        button.setDefaultAction(self._actions[name])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setIconSize(QSize(20, 20))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    @Slot()
    def _show(self) -> None:
        playback, status = self._playback, self._playback.status
        possible = playback.is_possible
        self.setVisible(possible)
        for name in ("play", "play_from_start", "play_step_back", "play_step_on", "loop", "mute"):
            self._actions[name].setEnabled(possible)
        self._actions["stop_playing"].setEnabled(possible and status.state is not PlayerState.STOPPED)
        self._actions["loop"].setChecked(playback.loop)
        self._actions["mute"].setChecked(playback.is_muted)
        self.speed_box.show_speed(playback.speed, is_fast=playback.is_fast)
        self._show_icon("pause" if status.state is PlayerState.PLAYING else "play")
        note = "one moment\u2026" if playback.is_coming else note_of(status)
        if note != self.note.text():
            self.note.setText(note)

    def _show_icon(self, icon: str) -> None:
        if icon != self._shown_icon:
            self._shown_icon = icon
            self._actions["play"].setIcon(self._theme.icon(icon))

    @Slot()
    def _on_theme_changed(self) -> None:
        self._shown_icon = ""
        self._show()

    @Slot(object)
    def _on_speed_chosen(self, speed: float | None) -> None:
        self._playback.set_speed(NORMAL if speed is None else speed, is_fast=speed is None)


def note_of(status: PlayerStatus) -> str:
    """What else there is to say about what is played."""
    if status.state is not PlayerState.PLAYING:
        return ""
    notes = []
    lag = status.lag / status.speed
    if status.enforce_clock and lag > NOTABLE_LAG:
        notes.append(f"pictures are {lag / NS_PER_S:.1f} s late")
    if status.muted:
        notes.append("sound is off")
    elif not status.enforce_clock or status.speed != NORMAL:
        notes.append("sound is heard at 1\u00d7")
    return " \u00b7 ".join(notes)
