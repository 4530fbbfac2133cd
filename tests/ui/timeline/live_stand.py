"""A timeline with real live streams, its menus and what it keeps: as a user has it, without a recorder."""

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from studio.app.status import DeviceStatus, LiveView, StreamStatus
from studio.devices.device import DeviceKind, DeviceState
from studio.formats.payload import PayloadKind, StreamFormat
from studio.host.message_ring import MessageRingWriter
from studio.timing import NS_PER_MS
from studio.ui.panels.panel import Panel
from studio.ui.panels.panel_plan import PanelKind
from studio.ui.settings.kept_layouts import KeptLayouts
from studio.ui.theme import Theme
from studio.ui.timeline.live_menus import LiveMenus
from studio.ui.timeline.streams import LiveStreams
from studio.ui.timeline.timeline import Timeline
from tests.ui.real_reader import RealReader
from tests.ui.ring_studio import RingStudio
from tests.waiting import wait_until

TRACKER = StreamFormat(PayloadKind.JSON, rate=20.0)
STEP = 50 * NS_PER_MS


def message(number: int) -> dict[str, object]:
    box = {"kind": "rectangle", "x": number, "y": 20, "width": 40, "height": 30, "label": "ball"}
    return {"x": number, "y": {"up": -number}, "word": "ball", "shapes": [box]}


class Tracked:
    """The usual live streams, and a tracker of which some messages have come."""

    def __init__(self, folder: Path) -> None:
        self.rings = RingStudio(folder)
        writer = MessageRingWriter.create(folder / "tracker")
        assert writer is not None
        self._writer, self._next, self.count = writer, self.rings.started_time, 0
        stream = StreamStatus("tracker", TRACKER, live=LiveView(str(folder / "tracker"), "messages"))
        self.rings.devices["tracker"] = DeviceStatus(
            "test:tracker", "tracker", DeviceKind.SIGNAL, DeviceState.RUNNING, streams=(stream,)
        )

    def deliver(self) -> None:
        """All that has happened up to now."""
        now = self.rings.clock.now()
        while self._next < now:
            self._writer.write(json.dumps(message(self.count)), self._next)
            self._next, self.count = self._next + STEP, self.count + 1
        self.rings.deliver()

    def close(self) -> None:
        self._writer.close()
        self.rings.close()


class Stand:
    """A timeline with its menus and what it keeps."""

    def __init__(self, qtbot: QtBot, tracked: Tracked, place: Path) -> None:
        self.reader = RealReader()
        self.timeline = Timeline(Theme("dark"), self.reader)
        qtbot.addWidget(self.timeline)
        self.timeline.resize(1100, 1400)
        self.timeline.show()
        qtbot.waitExposed(self.timeline)
        self.kept = KeptLayouts(lambda: place)
        self.kept.load()
        self.timeline.live_arrangement.attach(self.kept)
        self.menus = LiveMenus(self.timeline.live_arrangement)
        self.tracked = tracked
        self.show()

    def show(self) -> None:
        """A new status, and a frame of all that has come."""
        self.tracked.deliver()
        self.timeline.show_live(self.tracked.rings.status())
        for _ in range(3):
            self.timeline._on_axis_due()
            self.timeline._on_pictures_due()
            self.timeline._on_words_due()

    def look_until(self, holds: Callable[[], bool]) -> None:
        """Look on until it is so."""

        def looked() -> bool:
            self.show()
            return holds()

        wait_until(looked, 20)

    @property
    def streams(self) -> LiveStreams:
        found = self.timeline.live_arrangement.streams
        assert found is not None
        return found

    def panel(self, kind: PanelKind) -> Panel:
        index = next(n for n, plan in enumerate(self.streams.plans) if plan.kind is kind)
        return self.streams.panels[index]

    def tracker(self) -> Panel:
        return next(panel for panel in self.timeline.panels if panel.name == "tracker")

    def choose(self, panel: Panel, *words: str) -> None:
        """What a click on these entries does, one inside the other."""
        menu = self.menus.menu_of(panel)
        assert menu is not None
        for word in words[:-1]:
            (inner,) = (each for each in menu.findChildren(QMenu) if each.title() == word)
            inner.aboutToShow.emit()
            menu = inner
        next(action for action in menu.actions() if action.text() == words[-1]).trigger()
        self.show()

    def close(self) -> None:
        self.timeline.close_streams()
        self.kept.save()
        self.reader.close()
