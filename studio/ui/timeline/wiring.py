"""Connects the timeline with the rest of the window: actions, messages, undo, sessions."""

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu, QMenuBar

from studio.app.status import Severity
from studio.formats.recording import StreamRef
from studio.ui.named import named
from studio.ui.settings.kept_layouts import KeptLayouts
from studio.ui.timeline import arrangement, layouts
from studio.ui.timeline.layouts import Layouts
from studio.ui.timeline.live_menus import LiveMenus
from studio.ui.timeline.panel_menus import PanelMenus
from studio.ui.timeline.timeline_actions import TimelineActions

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow

IN_BAR = ("zoom_selection", "clear_selection", "go_to_time", "cursor_follows")


class TimelineWiring(QObject):
    """All connections of the timeline of a window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        timeline, actions, messages = window.timeline, window.actions_by_name, window.messages
        self.actions = TimelineActions(timeline, actions, window.theme)
        self.panel_menus = PanelMenus(timeline)
        self.live_menus = LiveMenus(timeline.live_arrangement)
        self.kept = KeptLayouts(parent=self)
        self.kept.failed.connect(messages.tell_warning)
        self.kept.load()
        self.layouts = Layouts(timeline, self.kept, window.undo, layout_menu(window.menuBar()))
        window.closed.connect(self.kept.save)
        timeline.selection_bar.add_actions(tuple(actions[name] for name in IN_BAR))
        timeline.arrangement.attach(window.undo)
        timeline.live_arrangement.attach(self.kept)
        window.undo_memory.teach(arrangement.KIND, timeline.arrangement.revived)
        window.undo_memory.teach(layouts.KIND, self.layouts.revived)
        timeline.noted.connect(self._on_noted)
        timeline.streams_dropped.connect(self._on_streams_dropped)
        timeline.cursor_moves.failed.connect(messages.tell_error)

    @Slot(str)
    def _on_noted(self, text: str) -> None:
        self._window.messages.tell(Severity.NOTE, text)

    @Slot(object)
    def _on_streams_dropped(self, refs: tuple[StreamRef, ...]) -> None:
        """Streams that are not on screen: of the same session they come beside it, else theirs is opened."""
        window = self._window
        folders = {PurePath(info.path).parent for info in window.timeline.recordings}
        paths = tuple(dict.fromkeys(ref.path for ref in refs))
        if folders and all(PurePath(path).parent in folders for path in paths):
            window.stage.refresh_recordings(paths)
        else:
            window.stage.show_session(paths)


def layout_menu(bar: QMenuBar) -> QMenu:
    """An empty menu for layouts behind that of the timeline."""
    menu = named(QMenu("&Layout", bar), "layout_menu")
    view = bar.findChild(QMenu, "view_menu")
    if view is None:
        bar.addMenu(menu)
    else:
        bar.insertMenu(view.menuAction(), menu)
    return menu
