"""What the timeline adds to the menu of a panel: other panels of its streams, its place, its time."""

from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu

from studio.formats.payload import PayloadKind
from studio.formats.recording import StreamRef
from studio.timing import TimeInterval
from studio.ui.panels.member_menu import MemberMenu
from studio.ui.panels.panel_plan import INSTANT, KIND_NAMES, PanelKind, kinds_for
from studio.ui.panels.stored_panel import StoredPanel
from studio.ui.timeline import plan_rows
from studio.ui.timeline.timeline import Timeline


class PanelMenus(QObject):
    """Fills menus that are about to be shown."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__(timeline)
        self._timeline = timeline
        timeline.menu_opening.connect(self._on_menu_opening)

    @Slot(object, object)
    def _on_menu_opening(self, panel: StoredPanel, menu: QMenu) -> None:
        timeline = self._timeline
        refs = [ref for ref in panel.plan.streams if timeline.session and timeline.session.stream(ref)]
        panels = timeline.session_streams.stored_panels if timeline.session_streams is not None else ()
        if panel not in panels:
            return
        index = panels.index(panel)
        menu.addSeparator()
        for ref in refs:
            self._add_kinds(menu, ref, index, named=len(refs) > 1)
        if refs:
            menu.addAction("Show all of the stream", partial(self._zoom_to, refs[0]))
            menu.addAction("Step along this stream", partial(timeline.cursor_moves.pick, refs[0]))
        if timeline.cursor_moves.snapped is not None:
            menu.addAction("Let go of the messages", partial(timeline.cursor_moves.snap_to, None))
        menu.addSeparator()
        self._add_moves(menu, index)

    def _add_moves(self, menu: QMenu, index: int) -> None:
        """Within its row, with its row, into another row."""
        plans, arrangement = self._timeline.plans, self._timeline.arrangement
        row, beside = plan_rows.row_of(plans, index), arrangement.move_beside
        is_beside = len(row) > 1
        if is_beside:
            left, right = partial(beside, index, index - 1, False), partial(beside, index, index + 1, True)
            menu.addAction("Move left", left).setEnabled(index > row.start)
            menu.addAction("Move right", right).setEnabled(index + 1 < row.stop)
        up, down = (partial(arrangement.move_row, index, by) for by in (-1, 1))
        menu.addAction("Move row up" if is_beside else "Move up", up).setEnabled(row.start > 0)
        menu.addAction("Move row down" if is_beside else "Move down", down).setEnabled(row.stop < len(plans))
        if is_beside:
            menu.addAction("In a row of its own", partial(arrangement.move_alone, index))
        elif plans[index].kind in INSTANT:
            above = row.start - 1
            place = menu.addAction("Place beside the panel above", partial(beside, index, above, True))
            place.setEnabled(above >= 0 and plan_rows.can_join(plans, index, above))

    def _add_kinds(self, menu: QMenu, ref: StreamRef, index: int, *, named: bool) -> None:
        session = self._timeline.session
        stream = None if session is None else session.stream(ref)
        if stream is None:
            return
        kinds = menu.addMenu(f"Add panel of {ref.name}" if named else "Add panel")
        for kind in kinds_for(stream.format.kind):
            add = partial(self._timeline.arrangement.add_stream, ref, kind, index + 1)
            kinds.addAction(KIND_NAMES[kind], add)
        if stream.format.kind is PayloadKind.JSON:
            members = menu.addMenu(f"Add member of {ref.name}" if named else "Add member")
            MemberMenu(members, self._timeline.reader, ref, partial(self._add_member, ref, index + 1))

    def _add_member(self, ref: StreamRef, gap: int, kind: PanelKind, member: str) -> None:
        self._timeline.arrangement.add_stream(ref, kind, gap, member=member)

    def _zoom_to(self, ref: StreamRef) -> None:
        session = self._timeline.session
        stream = None if session is None else session.stream(ref)
        if stream is not None and stream.message_count:
            self._timeline.navigator.zoom_to(TimeInterval(stream.first_time, stream.last_time))
