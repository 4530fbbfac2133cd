"""What the menu of a stream, or of a group of streams, offers: panels of it, its stretch of time, its name.

A stream of a recording that is not on screen is opened first; the panel follows as soon as it is there.
"""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from studio.formats.payload import PayloadKind
from studio.formats.recording import StreamRef
from studio.timing import TimeInterval
from studio.ui.panels.member_menu import MemberMenu
from studio.ui.panels.panel_plan import KIND_NAMES, PanelKind, kinds_for
from studio.ui.sessions.session_menus import MenuMaker
from studio.ui.sessions.session_texts import one_line
from studio.ui.sessions.tree_nodes import Node, NodeKind, StreamValue

if TYPE_CHECKING:
    from studio.ui.main_window import MainWindow


class StreamMenu(QObject):
    """Adds lines to menus, and does what they say."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._waiting: tuple[StreamRef, PanelKind, str] | None = None
        """A panel that is wanted as soon as its recording is on screen."""
        window.stage.opened.connect(self._on_opened)

    def add_to(self, maker: MenuMaker, node: Node) -> None:
        """The lines for this row; none for rows of another kind."""
        if node.kind is NodeKind.GROUP and node.refs:
            maker.add("Add &panels", partial(self._add_group, node.refs))
        elif node.kind is NodeKind.STREAM:
            self._add_stream_lines(maker, node.value)
        else:
            return
        maker.add("P&roperties", self._show_properties)
        maker.separate()

    def _show_properties(self) -> None:
        """In the panel of the session, which follows what is selected."""
        self._window.session_panel.show()
        self._window.session_panel.raise_()

    def _add_stream_lines(self, maker: MenuMaker, stream: StreamValue) -> None:
        ref = stream.ref
        kinds = maker.menu.addMenu("Add &panel")
        for kind in kinds_for(stream.info.format.kind):
            kinds.addAction(KIND_NAMES[kind], partial(self.add_panel, ref, kind))
        if stream.info.format.kind is PayloadKind.JSON:
            members = maker.menu.addMenu("Add &member")
            MemberMenu(members, self._window.bridge, ref, partial(self.add_panel, ref))
        self._add_panels_to_join(maker.menu, ref)
        if self._is_on_screen(ref) and stream.info.message_count:
            span = TimeInterval(stream.info.first_time, stream.info.last_time)
            maker.add("Show &all of the stream", partial(self._window.timeline.navigator.zoom_to, span))
        maker.add("Copy &name", partial(QGuiApplication.clipboard().setText, ref.name))

    def _add_panels_to_join(self, menu: QMenu, ref: StreamRef) -> None:
        """Panels on screen that could show this stream, too."""
        timeline = self._window.timeline
        fitting = [n for n in range(len(timeline.plans)) if timeline.arrangement.can_overlay(n, ref)]
        if not fitting:
            return
        panels = menu.addMenu("Show in &another panel")
        for number in fitting:
            plan = timeline.plans[number]
            names = ", ".join(one_line(each.name) for each in plan.streams)
            if plan.kind is PanelKind.VIDEO:
                names = f"Over the pictures of {one_line(plan.streams[0].name)}"
            panels.addAction(names.replace("&", "&&"), partial(timeline.arrangement.overlay, ref, number))

    def add_panel(self, ref: StreamRef, kind: PanelKind, member: str = "") -> None:
        """A panel of this kind below the others, now or when its recording is on screen."""
        if self._is_on_screen(ref):
            self._window.timeline.arrangement.add_stream(ref, kind, member=member)
            return
        self._window.stage.show_recording(ref.path)
        self._waiting = ref, kind, member

    def _add_group(self, refs: tuple[StreamRef, ...]) -> None:
        timeline = self._window.timeline
        others = timeline.arrangement.add_dropped(refs, len(timeline.plans))
        if others:
            timeline.streams_dropped.emit(others)

    def _is_on_screen(self, ref: StreamRef) -> bool:
        session = self._window.timeline.session
        return self._window.stage.shows_recording and session is not None and session.stream(ref) is not None

    @Slot(str)
    def _on_opened(self, _path: str) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and self._is_on_screen(waiting[0]):
            ref, kind, member = waiting
            self._window.timeline.arrangement.add_stream(ref, kind, member=member)
