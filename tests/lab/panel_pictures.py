"""One window of `screenshots`: every panel of a session in one theme, saved as pictures.

Arguments: folder, theme, scale in per cent (for the names only), recordings.
"""

import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio.formats.false_colours import ColourMap
from studio.formats.recording import RecordingInfo, StreamRef
from studio.host.protocol import OpenRecording
from studio.host.queries import Queries
from studio.timing import NS_PER_MS, NS_PER_S
from studio.ui.panels.panel_plan import LineStyle, PanelKind, PanelOptions, PanelPlan
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.theme import Theme
from studio.ui.timeline.timeline import Timeline
from tests.ui.real_reader import RealReader

SIZE = (1100, 820)
PANEL_HEIGHT = 132
SETTLED_MS = 400
"""Longer than a look at messages that are still being counted waits."""
PATIENCE_MS = 60_000


def plans_for(infos: tuple[RecordingInfo, ...]) -> dict[str, PanelPlan]:
    """A panel of every kind, and what may go wrong, each with the name of its picture."""
    refs = {stream.name: StreamRef(info.path, stream.name) for info in infos for stream in info.streams}

    def plan(kind: PanelKind, *names: str, **options: object) -> PanelPlan:
        streams = tuple(refs.get(name, StreamRef(infos[0].path, name)) for name in names)
        chosen = PanelOptions(**options)  # type: ignore[arg-type]
        return PanelPlan(kind, streams, options=chosen)

    sound = next(name for name in refs if "microphone" in name)
    camera = next(name for name in refs if name == "Simulated camera")
    signal, events = "Simulated signal", "Simulated events"
    imu = next(name for name in refs if "accel" in name.lower())
    return {
        "curves": plan(PanelKind.CURVES, signal),
        "curves-overlaid": plan(PanelKind.CURVES, imu, "with gaps", hidden_channels=("0:1",)),
        "curves-gaps": plan(PanelKind.CURVES, "with gaps"),
        "curves-odd-numbers": plan(PanelKind.CURVES, "odd numbers"),
        "curves-fixed-range-steps": plan(
            PanelKind.CURVES, "with gaps", low=-20.0, high=20.0, line=LineStyle.STEP
        ),
        "curves-one-message": plan(PanelKind.CURVES, "one message"),
        "series": plan(PanelKind.SERIES, "gaze"),
        "series-one-member": plan(PanelKind.SERIES, "gaze", members=("pupil",)),
        "series-without-numbers": plan(PanelKind.SERIES, "nothing inside"),
        "plane": plan(PanelKind.PLANE, "with gaps"),
        "plane-even": plan(PanelKind.PLANE, "gaze", even_scales=True),
        "plane-points": plan(PanelKind.PLANE, "gaze", line=LineStyle.POINTS),
        "plane-one-number": plan(PanelKind.PLANE, "one message"),
        "plane-nothing-selected": plan(PanelKind.PLANE, "gaze", over_selection=True),
        "waveform": plan(PanelKind.WAVEFORM, sound),
        "spectrogram": plan(PanelKind.SPECTROGRAM, sound),
        "spectrogram-octaves": plan(PanelKind.SPECTROGRAM, sound, log_frequency=True),
        "spectrogram-of-samples": plan(PanelKind.SPECTROGRAM, signal),
        "video": plan(PanelKind.VIDEO, camera),
        "video-one-for-one": plan(PanelKind.VIDEO, camera, fit=False),
        "video-broken": plan(PanelKind.VIDEO, "broken pictures"),
        "depth": plan(PanelKind.VIDEO, "Simulated depth camera"),
        "depth-fixed-viridis": plan(
            PanelKind.VIDEO, "Simulated depth camera", low=500.0, high=3000.0, colour_map=ColourMap.VIRIDIS
        ),
        "depth-heat": plan(PanelKind.VIDEO, "heat", "faces", keep_ms=0),
        "video-figures": plan(PanelKind.VIDEO, camera, "faces"),
        "video-figures-wrong": plan(PanelKind.VIDEO, camera, "answers", "faces", mirrored=True, keep_ms=0),
        "marks": plan(PanelKind.MARKS, events),
        "marks-lasting": plan(PanelKind.MARKS, "trials"),
        "marks-very-many": plan(PanelKind.MARKS, "many messages"),
        "marks-texts": plan(PanelKind.MARKS, "words"),
        "text": plan(PanelKind.TEXT, "words"),
        "text-member": plan(PanelKind.TEXT, "gaze", members=("looks at",)),
        "text-json": plan(PanelKind.TEXT, "answers"),
        "messages": plan(PanelKind.MESSAGES, events),
        "messages-very-many": plan(PanelKind.MESSAGES, "many messages"),
        "latency": plan(PanelKind.LATENCY, "many messages"),
        "latency-few": plan(PanelKind.LATENCY, "trials"),
        "rate": plan(PanelKind.RATE, "many messages"),
        "rate-of-video": plan(PanelKind.RATE, camera),
        "empty": plan(PanelKind.CURVES, "empty"),
        "missing": plan(PanelKind.CURVES, "not recorded today"),
    }


def cells_of(named: dict[str, PanelPlan]) -> tuple[PanelPlan, ...]:
    """Pictures, planes and texts beside each other, with curves below."""
    first, *others = (named[name] for name in ("plane-even", "video", "plane", "text-member"))
    beside = (replace(other, beside=True) for other in others)
    return (replace(first, height=300), *beside, named["series"])


class PanelPictures:
    """The window and what is saved of it."""

    def __init__(self, folder: Path, theme: str, scale: str) -> None:
        self._folder, self._suffix = folder, f"{theme}-{scale}"
        self._reader = RealReader()
        self._theme = Theme(theme)
        self._timeline = Timeline(self._theme, self._reader)

    def take(self, application: QApplication, infos: tuple[RecordingInfo, ...]) -> None:
        """Show each panel and save its picture; then as many as fit."""
        self._theme.apply(application)
        self._timeline.resize(*SIZE)
        self._timeline.show()
        named = plans_for(infos)
        for name, plan in named.items():
            self._show(infos, (plan,))
            panel = self._timeline.panels[0]
            panel.setFixedHeight(max(panel.sizeHint().height(), PANEL_HEIGHT))
            self._settle()
            if isinstance(panel.plot, PicturePlot):
                QTest.mouseMove(panel.plot, QPoint(panel.plot.width() // 2, panel.plot.height() // 2))
                self._settle()
            self._save(panel, name)
        self._show(infos, cells_of(named))
        self._settle()
        self._save(self._timeline, "cells")
        self._show(infos, tuple(named[name] for name in named if "-" not in name))
        self._settle()
        self._save(self._timeline, "all")
        self._timeline.close_streams()
        self._reader.close()

    def _show(self, infos: tuple[RecordingInfo, ...], plans: tuple[PanelPlan, ...]) -> None:
        self._timeline.show_session(infos, plans)
        begin = infos[0].first_time
        self._timeline.navigator.set_cursor(begin + 2 * NS_PER_S + 250 * NS_PER_MS)

    def _settle(self) -> None:
        """Until nothing has been asked for a while."""
        quiet_ms, asked = 0, -1
        for _ in range(PATIENCE_MS // 20):
            QTest.qWait(20)
            still = self._reader.is_idle and len(self._reader.asked) == asked
            quiet_ms, asked = (quiet_ms + 20 if still else 0), len(self._reader.asked)
            if quiet_ms >= SETTLED_MS:
                return
        raise AssertionError("the panels never came to rest")

    def _save(self, widget: QWidget, name: str) -> None:
        path = self._folder / f"{name}-{self._suffix}.png"
        if not widget.grab().save(str(path)):
            raise AssertionError(f"{path} could not be written")


def described(paths: list[str]) -> tuple[RecordingInfo, ...]:
    """What the recordings hold."""
    queries = Queries()
    answers = [queries.answer(OpenRecording(path)) for path in paths]
    queries.close()
    return tuple(answer for answer in answers if isinstance(answer, RecordingInfo))


def main(arguments: list[str]) -> None:
    """See the module."""
    folder, theme, scale, *paths = arguments
    application = QApplication([])
    PanelPictures(Path(folder), theme, scale).take(application, described(paths))


if __name__ == "__main__":
    main(sys.argv[1:])
