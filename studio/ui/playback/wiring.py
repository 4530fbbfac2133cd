"""Connects playback with actions, keys and messages of the window. Holds no state."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from studio.ui.playback.look_back import LookBack

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow


class PlaybackWiring(QObject):
    """All connections of playback in one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        playback, actions = window.playback, window.actions_by_name
        for name, slot in {
            "play": playback.play_or_pause,
            "play_from_start": playback.play_from_start,
            "stop_playing": playback.stop,
            "play_step_back": playback.step_back,
            "play_step_on": playback.step_on,
        }.items():
            actions[name].triggered.connect(slot)
        actions["loop"].toggled.connect(playback.set_loop)
        actions["mute"].toggled.connect(playback.set_muted)
        # A key of the timeline and not of the window: in lists and on buttons space means something else.
        window.timeline.add_key(Qt.Key.Key_Space, playback.play_or_pause)
        window.playback_bar.speed_box.done.connect(window.timeline.setFocus)
        playback.failed.connect(window.messages.tell_warning)
        LookBack(window)
