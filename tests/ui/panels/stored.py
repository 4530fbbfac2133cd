"""A recording of every kind of stream, and a panel over it as the timeline shows one."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from pytestqt.qtbot import QtBot

from studio.formats.opencv import encode_jpeg
from studio.formats.payload import Event, PayloadKind, StreamFormat
from studio.formats.recording import RecordingInfo, StreamRef
from studio.host.protocol import OpenRecording, ReadValues
from studio.host.queries import Queries
from studio.ui.panels.panel import PLOT_LEFT
from studio.ui.panels.panel_plan import PanelKind, PanelOptions, PanelPlan
from studio.ui.panels.stored_panel import StoredPanel, stored_panel
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.time_ticks import ticks_of
from studio.ui.theme import Theme
from tests.store.recordings import MS, SECOND, T0, write_recording
from tests.ui.real_reader import RealReader

LENGTH = 10 * SECOND
WIDTH, HEIGHT = 900, 240

Streams = dict[str, tuple[StreamFormat, Iterable[tuple[int, Any]]]]


def sound_at(second: int) -> np.ndarray:
    times = np.arange(8000) / 8000 + second
    return np.sin(2 * np.pi * 1000 * times).astype(np.float32)[:, None] * 0.5


def all_kinds() -> Streams:
    """Ten seconds of each kind."""
    pictures = StreamFormat(PayloadKind.JPEG, rate=10.0)
    return {
        "sound": (
            StreamFormat(PayloadKind.AUDIO, "float32", 1, (), 8000.0),
            [(T0 + (n + 1) * SECOND, sound_at(n)) for n in range(10)],
        ),
        "imu": (
            StreamFormat(PayloadKind.SAMPLES, "float32", 2, ("x", "y"), 100.0, "m/s²"),
            [(T0 + n * 100 * MS, np.full((10, 2), (1.0, 3.0), np.float32)) for n in range(1, 101)],
        ),
        "level": (
            StreamFormat(PayloadKind.SCALAR, "float64", rate=10.0, units="V"),
            [(T0 + n * 100 * MS, float(n % 20)) for n in range(1, 101)],
        ),
        "camera": (
            pictures,
            [
                (T0 + n * 100 * MS, encode_jpeg(np.full((120, 160, 3), 2 * n, np.uint8), 95))
                for n in range(1, 101)
            ],
        ),
        "events": (
            StreamFormat(PayloadKind.EVENT),
            [(T0 + n * SECOND, Event(f"event {n}", duration_ns=300 * MS * (n % 2))) for n in range(1, 10)],
        ),
        "words": (
            StreamFormat(PayloadKind.STRING),
            [(T0 + n * SECOND, f"line {n}\nits second line") for n in range(1, 10)],
        ),
        "blobs": (StreamFormat(PayloadKind.BYTES), [(T0 + n * 50 * MS, b"123") for n in range(1, 200)]),
        "empty": (StreamFormat(PayloadKind.SCALAR, "float64"), []),
    }


def recording(folder: Path, streams: Streams | None = None) -> Path:
    """A recording of these streams; without any, of every kind."""
    return write_recording(folder / "P01.h5", streams if streams is not None else all_kinds())


def described(path: Path) -> RecordingInfo:
    """What it holds."""
    queries = Queries()
    info = queries.answer(OpenRecording(str(path)))
    queries.close()
    assert isinstance(info, RecordingInfo)
    return info


def frame_of(
    left: int, right: int, *, cursor: int | None = None, width: int = WIDTH, ratio: float = 1.0
) -> TimeFrame:
    """This stretch of time."""
    axis = TimeAxis(left, right, width)
    return TimeFrame(axis, T0, ticks_of(axis, T0), cursor, ratio)


WHOLE = frame_of(T0, T0 + LENGTH, cursor=T0 + 5 * SECOND)


class PanelStand:
    """One panel on the screen, with a reader that answers from the file."""

    def __init__(self, qtbot: QtBot, path: Path) -> None:
        self.reader = RealReader()
        self.info = described(path)
        self.theme = Theme("dark")
        self.panels: list[StoredPanel] = []
        self._qtbot = qtbot

    def show(
        self,
        kind: PanelKind,
        *names: str,
        frame: TimeFrame = WHOLE,
        options: PanelOptions | None = None,
        before: Callable[[StoredPanel], None] = lambda _: None,
    ) -> StoredPanel:
        """A panel of these streams that has all its answers."""
        refs = tuple(StreamRef(self.info.path, name) for name in names)
        plan = PanelPlan(kind, refs, options=options or PanelOptions())
        made = stored_panel(self.theme, self.reader, (self.info,), plan, 0)
        self.panels.append(made)
        self._qtbot.addWidget(made.panel)
        before(made)
        made.panel.resize(WIDTH + PLOT_LEFT, HEIGHT)
        made.panel.show()
        self._qtbot.waitExposed(made.panel)
        self.draw(made, frame)
        return made

    def draw(self, made: StoredPanel, frame: TimeFrame) -> None:
        """Show this stretch of time and wait until every answer is there."""
        made.show_frame(frame)
        if made.value_streams:
            names = tuple(ref.name for ref in made.value_streams)
            self.reader.ask(
                ReadValues(self.info.path, names, frame.reading_time),
                lambda values: made.take_values({StreamRef(self.info.path, v.stream): v for v in values}),
            )
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is asked any more."""
        self._qtbot.waitUntil(lambda: self.reader.is_idle)

    def close(self) -> None:
        """Drop what was asked, give the files back."""
        for made in self.panels:
            made.close()
        self.reader.close()
