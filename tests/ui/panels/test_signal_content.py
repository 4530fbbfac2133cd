"""Curves of several streams share a plot: colours, legend, range, gaps, and what is no number."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from studio.formats.payload import PayloadKind, StreamFormat
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from studio.ui.panels.curve_look import CurveLook, Marker
from studio.ui.panels.panel_plan import LineStyle, PanelKind, PanelOptions, PanelPlan
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.stored_panel import StoredPanel
from studio.ui.panels.threshold import Threshold
from studio.ui.panels.value_axis import ValueAxis
from tests.store.recordings import MS, SECOND, T0, message
from tests.ui.panels.stored import PanelStand, frame_of, recording
from tests.ui.timeline.pixels import columns_with, pixels_of

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

RATE = 100
CURVE = StreamFormat(PayloadKind.SAMPLES, "float32", 1, (), float(RATE), "V")
SPARSE = StreamFormat(PayloadKind.SCALAR, "float64", units="V")


def rows(values: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """Blocks of ten samples at 100 Hz, the first sample 10 ms after T0."""
    blocks = values.astype(np.float32).reshape(-1, 10, 1)
    return [(T0 + (n + 1) * 100 * MS, block) for n, block in enumerate(blocks)]


def odd_values() -> np.ndarray:
    values = np.full(1000, 2.0)
    values[200], values[400], values[600] = np.nan, np.inf, -np.inf
    return values


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ramp = np.linspace(0, 10, 1000)
    holed = [(time, block) for time, block in rows(ramp) if not T0 + 4 * SECOND < time < T0 + 6 * SECOND]
    short = [each for each in rows(ramp) if each[0] != T0 + 5 * SECOND]
    return recording(
        tmp_path_factory.mktemp("signals"),
        {
            "ramp": (CURVE, rows(ramp)),
            "flat": (CURVE, rows(np.full(1000, 5.0))),
            "odd": (CURVE, rows(odd_values())),
            "holed": (CURVE, holed),
            "short gap": (CURVE, short),
            "sparse": (SPARSE, [(T0, 1.0), (T0 + 10 * SECOND, 9.0)]),
            "one": (SPARSE, [(T0 + 5 * SECOND, 3.0)]),
            "huge": (SPARSE, [(T0 + n * SECOND, (-1.0) ** n * 1e300) for n in range(10)]),
            "tiny": (SPARSE, [(T0 + n * SECOND, n * 1e-300) for n in range(10)]),
            "two": (replace(CURVE, channels=2, channel_names=("a", "b")), _two(ramp)),
        },
    )


def _two(ramp: np.ndarray) -> list[tuple[int, np.ndarray]]:
    return [(time, np.hstack((block, -block))) for time, block in rows(ramp)]


@pytest.fixture
def stand(qtbot: QtBot, path: Path) -> Iterator[PanelStand]:
    made = PanelStand(qtbot, path)
    yield made
    made.close()


def plot_of(made: StoredPanel) -> SignalPlot:
    assert isinstance(made.panel.plot, SignalPlot)
    return made.panel.plot


def axis_of(made: StoredPanel) -> ValueAxis:
    (axis,) = made.panel.findChildren(ValueAxis)
    return axis


def drawn(stand: PanelStand, made: StoredPanel, colour: int, tolerance: int = 100) -> np.ndarray:
    columns = columns_with(made.panel.plot, stand.theme.stream_colour(colour), tolerance=tolerance)
    columns[449:452] = columns[448]  # the cursor line is nearly of the same colour
    return columns


def coloured(stand: PanelStand, made: StoredPanel, role: str) -> np.ndarray:
    return columns_with(made.panel.plot, stand.theme.colour(role), tolerance=40)


def test_two_streams_share_a_plot_in_colours_of_their_own(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "ramp", "flat")
    assert drawn(stand, made, 0)[100:800].mean() > 0.9
    assert drawn(stand, made, 1, 130)[100:800].mean() > 0.9
    shown = plot_of(made).shown_range
    assert shown.low <= 0
    assert shown.high >= 10
    names = [(line.name, line.value, line.colour) for line in made.panel.header.text.legend]
    assert [(name, value[:3], colour) for name, value, colour in names] == [
        ("ramp", "4.9", 0),
        ("flat", "5.0", 1),
    ]
    assert all(value.endswith("V") for _, value, _ in names)


def test_a_click_on_the_legend_hides_a_channel_and_the_plan_keeps_it(stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.CURVES, "two")
    told: list[PanelPlan] = []
    made.plan_changed.connect(told.append)
    header = made.panel.header
    header.grab()
    y = next(y for y in range(header.height()) if header.key_at(QPointF(20, y)) == "0:1")
    qtbot.mouseClick(header, Qt.MouseButton.LeftButton, pos=QPoint(20, y + 3))
    assert told[-1].options.hidden_channels == ("0:1",)
    assert not drawn(stand, made, 1).any()
    assert drawn(stand, made, 0).any()
    assert [line.hidden for line in header.text.legend] == [False, True]
    qtbot.mouseClick(header, Qt.MouseButton.LeftButton, pos=QPoint(20, y + 3))
    assert told[-1].options.hidden_channels == ()
    assert drawn(stand, made, 1).any()


def test_a_panel_whose_channels_are_all_hidden_draws_nothing(stand: PanelStand) -> None:
    made = stand.show(
        PanelKind.CURVES, "two", options=PanelOptions(hidden_channels=("0:0", "0:1", "x", "7:7"))
    )
    assert not drawn(stand, made, 0).any()
    plot_of(made).fit()


def test_the_value_axis_pans_zooms_and_goes_back_to_automatic(stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.CURVES, "ramp")
    told: list[PanelPlan] = []
    made.plan_changed.connect(told.append)
    axis, before = axis_of(made), plot_of(made).shown_range
    qtbot.mousePress(axis, Qt.MouseButton.LeftButton, pos=QPoint(20, 60))
    qtbot.mouseMove(axis, QPoint(20, 120))
    assert told == [], "while it moves nothing is decided"
    qtbot.mouseRelease(axis, Qt.MouseButton.LeftButton, pos=QPoint(20, 120))
    options = told[-1].options
    assert options.low is not None
    assert options.high is not None
    assert options.low > before.low
    assert options.high - options.low == pytest.approx(before.high - before.low)
    qtbot.mouseDClick(axis, Qt.MouseButton.LeftButton, pos=QPoint(20, 60))
    assert (told[-1].options.low, told[-1].options.high) == (None, None)
    assert plot_of(made).shown_range.low <= 0 < 10 <= plot_of(made).shown_range.high


def test_a_fixed_range_stays_and_one_end_may_be_free(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "ramp", options=PanelOptions(low=-20.0, high=30.0))
    assert (plot_of(made).shown_range.low, plot_of(made).shown_range.high) == (-20.0, 30.0)
    made.change_plan(replace(made.plan, options=PanelOptions(low=-20.0)))
    assert plot_of(made).shown_range.low == -20.0
    assert 10 <= plot_of(made).shown_range.high < 20
    made.change_plan(replace(made.plan, options=PanelOptions(low=3.0, high=3.0)))
    assert plot_of(made).shown_range.low <= 0, "a range without room is none"


def test_an_automatic_range_holds_what_was_seen_while_one_looks_around(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "ramp", frame=frame_of(T0, T0 + SECOND))
    narrow = plot_of(made).shown_range
    assert narrow.high < 5
    stand.draw(made, frame_of(T0 + 8 * SECOND, T0 + 9 * SECOND))
    wide = plot_of(made).shown_range
    assert wide.low <= 0
    assert wide.high >= 9
    stand.draw(made, frame_of(T0, T0 + SECOND))
    assert plot_of(made).shown_range == wide


@pytest.mark.parametrize("line", list(LineStyle))
def test_two_samples_far_apart_are_joined_as_wanted_however_near_one_looks(
    line: LineStyle, stand: PanelStand
) -> None:
    near = frame_of(T0 + 5 * SECOND, T0 + 5 * SECOND + 10 * MS)
    made = stand.show(PanelKind.CURVES, "sparse", frame=near, options=PanelOptions(line=line))
    share = drawn(stand, made, 0).mean()
    assert share == (0 if line is LineStyle.POINTS else 1)
    ys = np.flatnonzero(_close(stand, made).any(axis=1))
    if line is LineStyle.LINE:
        middle = (
            plot_of(made).lanes[0].y_of(5.0, plot_of(made).shown_range.low, plot_of(made).shown_range.high)
        )
        assert abs(float(np.median(ys)) - middle) < 3
    elif line is LineStyle.STEP:
        foot = plot_of(made).lanes[0].y_of(1.0, plot_of(made).shown_range.low, plot_of(made).shown_range.high)
        assert abs(float(np.median(ys)) - foot) < 3


def _close(stand: PanelStand, made: StoredPanel) -> np.ndarray:
    colour = stand.theme.stream_colour(0)
    wanted = np.array([colour.red(), colour.green(), colour.blue()])
    return np.asarray(np.abs(pixels_of(made.panel.plot).astype(int) - wanted).max(axis=2) <= 60)


def test_a_single_message_is_a_point(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "one")
    columns = np.flatnonzero(drawn(stand, made, 0))
    assert 440 <= columns.min() <= columns.max() <= 460


def test_a_gap_is_hatched_and_never_bridged(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "holed")
    inside = slice(380, 530)
    assert not drawn(stand, made, 0)[inside].any()
    ground = pixels_of(stand.show(PanelKind.CURVES, "flat").panel.plot)[:, inside]
    assert (pixels_of(made.panel.plot)[:, inside] != ground).any(axis=2).mean() > 0.1


def test_a_gap_of_a_tenth_of_a_second_is_seen_when_one_looks_near(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "short gap", frame=frame_of(T0 + 4500 * MS, T0 + 5500 * MS))
    columns = drawn(stand, made, 0)
    assert not columns[370:440].any()
    assert columns[:340].mean() > 0.9
    assert columns[470:].mean() > 0.9


def test_what_is_no_number_or_infinite_has_a_sign_and_leaves_the_range_alone(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "odd", frame=frame_of(T0, T0 + 10 * SECOND, cursor=T0))
    signs = coloured(stand, made, "warning")[:700]
    for second in (2, 4, 6):
        assert signs[second * 90 - 6 : second * 90 + 8].any()
    assert not signs[20:160].any()
    assert plot_of(made).shown_range.high < 10
    assert plot_of(made).shown_range.low > -10


@pytest.mark.parametrize("name", ["huge", "tiny", "flat"])
def test_huge_tiny_and_equal_values_are_drawn(name: str, stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.CURVES, name)
    assert drawn(stand, made, 0)[100:700].any()
    plot_of(made).fit()
    qtbot.mouseMove(axis_of(made), QPoint(5, 5))
    made.panel.grab()


@pytest.mark.parametrize("left", [-(2**62), 2**61, 0])
def test_times_far_from_any_data_show_nothing_and_do_no_harm(left: int, stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "ramp", frame=frame_of(left, left + 10**15))
    made.panel.grab()
    stand.draw(made, frame_of(-(2**62), 2**62))
    made.panel.grab()


def test_two_samples_that_were_dropped_are_a_notch_from_afar_and_a_gap_near_by(
    qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "dropped.h5"
    writer = StoreWriter.create(path)
    writer.add_streams([NewStream("imu", CURVE)])
    blocks = rows(np.full(1000, 2.0))
    for number, (time, data) in enumerate(blocks, start=1):
        later = time + (20 * MS if number > 50 else 0)
        writer.append("imu", message(CURVE, later, data, number))
    lost_from, lost_to = blocks[49][0], blocks[50][0] + 20 * MS - 90 * MS
    writer.add_loss("imu", "queue full", 2, lost_from, lost_to)
    writer.close()
    stand = PanelStand(qtbot, path)
    near = frame_of(lost_from - 50 * MS, lost_from + 50 * MS, cursor=lost_from - 40 * MS)
    made = stand.show(PanelKind.CURVES, "imu", frame=near)
    assert not drawn(stand, made, 0)[470:700].any()
    assert drawn(stand, made, 0)[100:440].mean() > 0.9
    stand.draw(made, frame_of(T0, T0 + 1000 * SECOND))
    notch = stand.theme.colour("muted")
    top = pixels_of(made.panel.plot)[:3]
    wanted = [notch.red(), notch.green(), notch.blue()]
    assert np.flatnonzero((np.abs(top.astype(int) - wanted).max(axis=2) < 40).all(axis=0)).tolist() == [4]
    stand.close()


def rows_of(made: StoredPanel, number: int) -> int:
    """How many rows of a column of the plot are wholly of that stream colour."""
    colour = made.theme.stream_colour(number)
    column = pixels_of(plot_of(made))[:, 150].astype(int)
    return int((np.abs(column - (colour.red(), colour.green(), colour.blue())).max(axis=1) <= 4).sum())


@pytest.mark.parametrize(("seconds", "width"), [(10, 200), (10, 900), (1, 900)])
def test_a_curve_has_the_colour_and_the_width_that_were_chosen(
    seconds: int, width: int, stand: PanelStand
) -> None:
    """A pixel stands for many samples; there are many samples to be joined; there are few."""
    frame = frame_of(T0, T0 + seconds * SECOND, width=width)
    made = stand.show(PanelKind.CURVES, "flat", frame=frame)
    assert (rows_of(made, 0) <= 1, rows_of(made, 2)) == (True, 0)
    look = CurveLook("0:0", colour=2, width=5, marker=Marker.NONE)
    made.change_plan(replace(made.plan, options=PanelOptions(looks=(look,))))
    assert rows_of(made, 0) == 0
    assert 4 <= rows_of(made, 2) <= 6


@pytest.mark.parametrize("marker", [Marker.DOT, Marker.SQUARE, Marker.TRIANGLE, Marker.CROSS])
def test_samples_that_are_far_enough_apart_have_the_marker_that_was_chosen(
    marker: Marker, stand: PanelStand
) -> None:
    wide, near = (frame_of(T0 + 5 * SECOND, T0 + 5 * SECOND + ms * MS) for ms in (2000, 100))
    options = PanelOptions(looks=(CurveLook("0:0", marker=marker),))
    made = stand.show(PanelKind.CURVES, "flat", frame=near, options=options)

    def height() -> int:
        colour = made.theme.stream_colour(0)
        close = np.abs(pixels_of(plot_of(made)).astype(int) - (colour.red(), colour.green(), colour.blue()))
        return int((close.max(axis=2) <= 60).any(axis=1).sum())

    assert 5 <= height() <= 9
    stand.draw(made, wide)
    assert height() <= 2, "samples side by side have none"


def test_what_lies_beyond_a_threshold_is_tinted_and_each_level_has_a_line(stand: PanelStand) -> None:
    options = PanelOptions(low=0.0, high=10.0, threshold=Threshold(2.0, 8.0))
    made = stand.show(
        PanelKind.CURVES, "ramp", frame=frame_of(T0 + 4 * SECOND, T0 + 6 * SECOND), options=options
    )
    plot, warning = plot_of(made), made.theme.colour("warning")
    seen = pixels_of(plot)
    height, ground = len(seen), made.theme.colour("surface")
    inside, above, below = (seen[round(height * share), 30] for share in (0.45, 0.07, 0.93))
    assert tuple(inside) == (ground.red(), ground.green(), ground.blue())
    assert tuple(above) == tuple(below) != tuple(inside)
    lines = np.abs(seen.astype(int) - (warning.red(), warning.green(), warning.blue())).max(axis=2) <= 4
    full = np.flatnonzero(lines[:, :600].sum(axis=1) > 200)
    assert [round(10 * (1 - row / height)) for row in full] == [8, 2]
    made.change_plan(replace(made.plan, options=PanelOptions(low=0.0, high=10.0)))
    assert tuple(pixels_of(plot)[round(height * 0.07), 30]) == tuple(inside)
