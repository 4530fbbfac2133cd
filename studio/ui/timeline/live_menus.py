"""The menu of a live panel: panels that can be added, figures over a picture, how it is drawn."""

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtWidgets import QApplication, QMenu

from studio.formats.payload import PayloadKind
from studio.formats.recording import StreamRef
from studio.ui.panels.member_menu import MemberMenu
from studio.ui.panels.panel import Panel
from studio.ui.panels.panel_content import BoundStream
from studio.ui.panels.panel_menu import add_look
from studio.ui.panels.panel_picture import save_picture, values_text
from studio.ui.panels.panel_plan import KIND_NAMES, PanelKind, PanelOptions, PanelPlan, kinds_for
from studio.ui.theme import Theme
from studio.ui.timeline.live_arrangement import LiveArrangement
from studio.ui.timeline.live_layout import ADDED

OVERLAID = (PanelKind.VIDEO, PanelKind.PLANE)
"""Panels in which other streams can be shown, too."""
CHOSEN = (PanelKind.CURVES, PanelKind.WAVEFORM, PanelKind.VIDEO, *ADDED)
"""Panels of which can be chosen how they are drawn."""


@dataclass(frozen=True, slots=True)
class LiveTarget:
    """One live panel, as menus see it (`MenuTarget`)."""

    arrangement: LiveArrangement
    panel: Panel
    plan: PanelPlan
    streams: tuple[BoundStream, ...]
    curve_names: dict[str, str]
    theme: Theme

    def choose_plan(self, plan: PanelPlan) -> None:
        """See MenuTarget."""
        self.arrangement.replace(self.plan, plan)

    def copy_values(self) -> None:
        """See MenuTarget."""
        QApplication.clipboard().setText(values_text(self.panel.header.text, None))

    def save_picture(self) -> None:
        """See MenuTarget."""
        save_picture(self.panel, self.panel.name)

    def snap(self, stream: BoundStream) -> None:
        """See MenuTarget. A live view has no cursor that could."""

    def request_close(self) -> None:
        """See MenuTarget."""
        self.arrangement.close(self.plan)


class LiveMenus(QObject):
    """Makes the menus of live panels."""

    def __init__(self, arrangement: LiveArrangement) -> None:
        super().__init__(arrangement)
        self._arrangement = arrangement
        arrangement.menu_wanted.connect(self.open)

    @Slot(object, object)
    def open(self, panel: Panel, place: QPoint) -> None:
        """Show the menu of a panel there."""
        menu = self.menu_of(panel)
        if menu is not None:
            menu.popup(place)

    def menu_of(self, panel: Panel) -> QMenu | None:
        """What can be done with a panel; None: it is none of the live ones."""
        target = self._target_of(panel)
        if target is None:
            return None
        menu = QMenu(panel)
        menu.setObjectName("panel_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if target.streams and target.plan.kind in CHOSEN:
            add_look(menu, target)
            self._add_more(menu, target)
            menu.addSeparator()
        self._add_panels(menu, target)
        menu.addSeparator()
        # A bound method alone would be remembered weakly, and nobody else keeps the target.
        menu.addAction("Copy values", partial(target.copy_values)).setObjectName("panel_copy_values")
        menu.addAction("Save picture…", partial(target.save_picture)).setObjectName("panel_save_picture")
        if target.plan.kind in ADDED:
            menu.addSeparator()
            menu.addAction("Close panel", partial(target.request_close)).setObjectName("panel_close")
        return menu

    def _target_of(self, panel: Panel) -> LiveTarget | None:
        streams = self._arrangement.streams
        if streams is None or panel not in streams.panels:
            return None
        index = streams.panels.index(panel)
        plan = streams.plans[index]
        known = {stream.ref: stream for stream in streams.bound}
        bound = tuple(known[ref] for ref in plan.streams if ref in known)
        names = streams.curve_names(index)
        return LiveTarget(self._arrangement, panel, plan, bound, names, streams.theme)

    def _add_more(self, menu: QMenu, target: LiveTarget) -> None:
        """Streams that can be shown in the same panel."""
        streams, plan = self._arrangement.streams, target.plan
        if streams is None or plan.kind not in OVERLAID:
            return
        is_video = plan.kind is PanelKind.VIDEO
        fitting = [
            stream.ref
            for stream in streams.bound
            if stream.ref not in plan.streams
            and (
                stream.info.format.kind is PayloadKind.JSON
                if is_video
                else PanelKind.PLANE in kinds_for(stream.info.format.kind)
            )
        ]
        if fitting:
            more = menu.addMenu("Lay figures over the picture" if is_video else "Against another stream")
            more.setObjectName("panel_more_streams")
            for ref in fitting:
                wanted = replace(plan, streams=(*plan.streams, ref))
                more.addAction(ref.name.replace("&", "&&"), partial(target.choose_plan, wanted))
        if len(plan.streams) > 1 and not is_video:
            alone = replace(plan, streams=plan.streams[:1], options=replace(plan.options, across="", up=""))
            menu.addAction("The first stream alone", partial(target.choose_plan, alone))

    def _add_panels(self, menu: QMenu, target: LiveTarget) -> None:
        """What else can be made of its first stream."""
        streams = self._arrangement.streams
        if streams is None or not target.streams:
            return
        first = target.streams[0]
        kinds = [kind for kind in ADDED if kind in kinds_for(first.info.format.kind)]
        gap = streams.plans.index(target.plan) + 1
        if kinds:
            adding = menu.addMenu("Add panel")
            for kind in kinds:
                add = partial(self._arrangement.add, PanelPlan(kind, (first.ref,)), gap)
                adding.addAction(KIND_NAMES[kind], add).setObjectName(f"panel_add_{kind.value}")
        if first.info.format.kind is PayloadKind.JSON:
            MemberMenu(
                menu.addMenu("Add member"),
                streams.reader,
                first.ref,
                partial(self._add_member, first.ref, gap),
            )

    def _add_member(self, ref: StreamRef, gap: int, kind: PanelKind, member: str) -> None:
        self._arrangement.add(PanelPlan(kind, (ref,), options=PanelOptions(members=(member,))), gap)
