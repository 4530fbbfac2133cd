"""The overview strip: window and selection are dragged, gaps are seen, and one stream is hinted at."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.answers import Marks
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import RecordingInfo, StreamInfo
from studio.formats.signal import SignalWindow
from studio.timing import NS_PER_S, TimeInterval
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.timeline.overview_hint import hint_of_marks, hint_of_signal, hinted_stream
from studio.ui.timeline.overview_parts import OverviewParts, Part
from studio.ui.timeline.session import Session
from studio.ui.timeline.time_view import TimeView

S = NS_PER_S
WHOLE = TimeView.of_recording(1000 * S, 2000 * S)
AXIS = TimeAxis(WHOLE.first, WHOLE.last, 1000)


def parts(left: int = 1400, right: int = 1600, selection: TimeInterval | None = None) -> OverviewParts:
    return OverviewParts(AXIS, WHOLE.between(left * S, right * S), selection)


def test_what_is_under_the_pointer() -> None:
    strip = parts(selection=TimeInterval(1100 * S, 1200 * S))
    left, right = strip.window
    assert strip.part_at(left + 2) is Part.WINDOW_LEFT
    assert strip.part_at(right - 2) is Part.WINDOW_RIGHT
    assert strip.part_at((left + right) / 2) is Part.WINDOW
    assert strip.part_at(AXIS.x_of(1100 * S)) is Part.SELECTION_LEFT
    assert strip.part_at(AXIS.x_of(1200 * S)) is Part.SELECTION_RIGHT
    assert strip.part_at(AXIS.x_of(1150 * S)) is Part.NOTHING


def test_a_tiny_window_can_still_be_taken_and_moved() -> None:
    strip = OverviewParts(AXIS, WHOLE.between(1500 * S, 1500 * S + 1000))
    left, right = strip.window
    assert right - left >= 8
    assert strip.part_at((left + right) / 2) is Part.WINDOW


def test_edges_and_window_are_dragged() -> None:
    strip = parts()
    x = AXIS.x_of(1450 * S)
    wider = strip.dragged(Part.WINDOW_LEFT, x, 0)
    assert wider.left == pytest.approx(1450 * S, abs=S)
    assert wider.right == 1600 * S
    moved = strip.dragged(Part.WINDOW, AXIS.x_of(1550 * S), AXIS.x_of(1500 * S) - AXIS.x_of(1400 * S))
    assert (moved.span, moved.left) == (200 * S, pytest.approx(1450 * S, abs=S))


@given(st.floats(-500, 1500), st.sampled_from([Part.WINDOW, Part.WINDOW_LEFT, Part.WINDOW_RIGHT]))
def test_whatever_is_dragged_the_view_stays_inside_and_is_not_empty(x: float, part: Part) -> None:
    view = parts().dragged(part, x, 30.0)
    assert WHOLE.first <= view.left < view.right <= WHOLE.last


def test_sound_is_hinted_at_before_signals_and_signals_before_the_rest() -> None:
    def stream(name: str, kind: PayloadKind, count: int) -> StreamInfo:
        return StreamInfo(name, StreamFormat(kind, "float32"), message_count=count, first_time=1, last_time=2)

    events, more = stream("events", PayloadKind.EVENT, 5), stream("texts", PayloadKind.STRING, 50)
    imu, sound = stream("imu", PayloadKind.SAMPLES, 9), stream("sound", PayloadKind.AUDIO, 9)

    def picked(*streams: StreamInfo) -> str | None:
        info = RecordingInfo("P.h5", "P", 0, "", True, False, False, 1, 2, 0, streams)
        found = hinted_stream(Session((info,)))
        return None if found is None else found[0].name

    assert picked(events, imu, sound) == "sound"
    assert picked(events, imu) == "imu"
    assert picked(events, more) == "texts"
    assert picked(stream("sound", PayloadKind.AUDIO, 0)) is None


def test_a_hole_in_a_signal_is_a_hole_in_the_hint_and_infinities_do_not_flatten_it() -> None:
    axis = TimeAxis(0, 1000, 100)
    times = np.arange(5, 1000, 10)
    values = np.sin(times / 50.0)[:, np.newaxis]
    values[40:60] = np.nan
    values[3] = np.inf
    hint = hint_of_signal(SignalWindow(times, values, values, 10.0), axis)
    assert np.isnan(hint.low[42:58]).all()
    assert np.isfinite(hint.low[70:90]).all()
    assert float(np.nanmax(hint.high[70:95]) - np.nanmin(hint.low[70:95])) > 0.8


def test_a_hint_of_nothing_and_of_one_message() -> None:
    axis = TimeAxis(0, 1000, 100)
    none = Marks(np.empty(0, np.int64), (), np.empty(0, np.int64), 0)
    assert np.isnan(hint_of_marks(none, axis).high).all()
    one = hint_of_marks(Marks(np.array([500]), ("x",), np.array([0]), 1), axis)
    assert np.nanmax(one.high) == 1.0
    empty = np.empty((0, 1))
    assert np.isnan(hint_of_signal(SignalWindow(np.empty(0, np.int64), empty, empty), axis).low).all()


def test_where_messages_are_dense_bars_are_high() -> None:
    axis = TimeAxis(0, 1000, 100)
    times = np.sort(np.concatenate((np.arange(0, 500, 10), np.arange(500, 1000, 2))))
    hint = hint_of_marks(Marks(times, ("",) * len(times), np.zeros_like(times), len(times)), axis)
    assert np.nanmean(hint.high[60:95]) > 2 * np.nanmean(hint.high[5:45])
