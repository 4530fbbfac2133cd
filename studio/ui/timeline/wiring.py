"""Connects the timeline with the rest of the window: actions, messages, undo, sessions."""

from PySide6.QtCore import QObject, Slot

from studio.app.status import Severity
from studio.ui.actions import Actions
from studio.ui.messages import Messages
from studio.ui.theme import Theme
from studio.ui.timeline.timeline import Timeline
from studio.ui.timeline.timeline_actions import TimelineActions
from studio.ui.undo import UndoStack

IN_BAR = ("zoom_selection", "clear_selection", "go_to_time", "cursor_follows")


class TimelineWiring(QObject):
    """All connections of one timeline."""

    def __init__(
        self, timeline: Timeline, *, actions: Actions, messages: Messages, theme: Theme, undo: UndoStack
    ) -> None:
        super().__init__(timeline)
        self._timeline, self._messages = timeline, messages
        self.actions = TimelineActions(timeline, actions, theme)
        timeline.selection_bar.add_actions(tuple(actions[name] for name in IN_BAR))
        timeline.arrangement.attach(undo)
        timeline.noted.connect(self._on_noted)
        timeline.cursor_moves.failed.connect(messages.tell_error)

    @Slot(str)
    def _on_noted(self, text: str) -> None:
        self._messages.tell(Severity.NOTE, text)
