"""Carries the newest data of a stream from its ring in shared memory to a plot. Reads only; never waits."""

import math
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from studio.app.answers import Marks, ValueAt
from studio.formats.payload import PayloadKind
from studio.host.rings import (
    FrameRingReader,
    LiveText,
    MessageRingReader,
    SampleRingReader,
    TextRingReader,
)
from studio.timing import NS_PER_MS
from studio.ui import readable
from studio.ui.panels.live_columns import LiveColumns
from studio.ui.panels.mark_plot import MarkPlot, one_line
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.readout import decibels, peak_of, values_at
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.signal_style import SignalStyle
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.time_text import elapsed_text

LEVEL_WINDOW_NS = 100 * NS_PER_MS
TEXT_LIMIT = 200


class LiveRing(Protocol):
    """One ring and the plot that shows it."""

    @property
    def age_s(self) -> float:
        """Seconds since the last write; infinite before the first."""
        ...

    def pull(self, frame: TimeFrame) -> None:
        """Give the plot what is there now."""
        ...

    def value(self, frame: TimeFrame) -> ValueAt | None:
        """What it says at the frame's reading time; None: nothing that would stand in a header."""
        ...

    def close(self) -> None:
        """Unmap the ring."""
        ...


class LiveSignal:
    """Samples."""

    def __init__(self, path: str, name: str, plot: SignalPlot, style: SignalStyle) -> None:
        self._name = name
        self._reader = SampleRingReader(path)
        self._columns = LiveColumns(self._reader)
        self._plot = plot
        self._style = style

    @property
    def age_s(self) -> float:
        """See LiveRing."""
        return self._reader.age_s

    def pull(self, frame: TimeFrame) -> None:
        """See LiveRing."""
        axis = frame.axis
        columns = max(1, round(axis.width * frame.pixel_ratio))
        self._plot.take_window(*self._columns.window(axis, columns))

    def value(self, frame: TimeFrame) -> ValueAt:
        """Sound: its level; else the value of each channel."""
        newest = self._reader.newest_time
        time = newest if frame.cursor_time is None else min(newest, frame.cursor_time)
        if not newest:
            return ValueAt(self._name, time, readable.NOTHING)
        if self._style.waveform:
            window = self._reader.window(time - LEVEL_WINDOW_NS, time, 1)
            level = readable.level(decibels(peak_of(window) / self._style.scale))
            return ValueAt(self._name, time, level)
        return ValueAt(self._name, time, "", values_at(self._reader.window(time, time, 1), time))

    def close(self) -> None:
        """See LiveRing."""
        self._reader.close()


class LivePictures:
    """The newest picture; one that has been shown already is not copied again.

    Two pieces of memory take turns: the plot looks at the newest picture only.
    """

    def __init__(self, path: str, plot: PicturePlot) -> None:
        self._reader = FrameRingReader(path)
        self._plot = plot
        self._number = 0
        self._shown: npt.NDArray[Any] | None = None
        self._spare: npt.NDArray[Any] | None = None

    @property
    def age_s(self) -> float:
        """See LiveRing."""
        return self._reader.age_s

    def pull(self, frame: TimeFrame) -> None:
        """See LiveRing."""
        newest = self._reader.newest(self._number, into=self._spare)
        if newest is not None:
            self._number = newest.number
            self._spare, self._shown = self._shown, newest.image
            caption = elapsed_text(newest.originating_time - frame.origin_time)
            self._plot.take_picture(newest.image, newest.originating_time, caption)

    def value(self, _frame: TimeFrame) -> None:
        """None: the time of the picture is written on it."""

    def close(self) -> None:
        """See LiveRing."""
        self._reader.close()


class LiveTexts:
    """The newest events, texts or beginnings of JSON; read anew only when there are new ones."""

    def __init__(self, path: str, name: str, plot: MarkPlot, kind: PayloadKind) -> None:
        self._name = name
        is_json = kind is PayloadKind.JSON
        self._reader = MessageRingReader(path) if is_json else TextRingReader(path)
        self._plot = plot
        self._total = 0
        self._texts: tuple[LiveText, ...] = ()

    @property
    def age_s(self) -> float:
        """See LiveRing."""
        return self._reader.age_s

    def pull(self, frame: TimeFrame) -> None:
        """See LiveRing."""
        total = self._reader.total
        if total != self._total:
            new = min(TEXT_LIMIT, total - self._total)
            self._total = total
            texts = self._texts = (*self._texts, *self._reader.newest(new))[-TEXT_LIMIT:]
            times = np.array([text.time for text in texts], np.int64)
            durations = np.array([text.duration_ns for text in texts], np.int64)
            # What the ring has forgotten is out of view anyway, so nothing is said to be missing.
            self._plot.take_marks(Marks(times, tuple(text.text for text in texts), durations, len(texts)))

    def value(self, frame: TimeFrame) -> ValueAt | None:
        """The newest text at or before the cursor."""
        marks = self._plot.marks
        time = frame.reading_time if frame.cursor_time is not None else math.inf
        position = int(np.count_nonzero(marks.times <= time)) - 1
        if position < 0:
            return None
        return ValueAt(self._name, int(marks.times[position]), one_line(marks.texts[position]))

    def close(self) -> None:
        """See LiveRing."""
        self._reader.close()
