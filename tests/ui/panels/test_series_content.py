"""The numbers inside JSON messages are curves of their own: as recorded, chosen and kept by name."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.recording import StreamRef
from studio.formats.series import SeriesWindow
from studio.formats.signal import SignalWindow
from studio.ui import readable
from studio.ui.panels.curve_look import CurveLook
from studio.ui.panels.member_menu import NOTHING_INSIDE, MemberMenu
from studio.ui.panels.panel_menu import fill_menu
from studio.ui.panels.panel_plan import PanelKind, PanelOptions, PanelPlan, options_from_json, options_to_json
from studio.ui.panels.series_content import NO_NUMBERS
from studio.ui.panels.series_names import member_key, numbered, placed, with_new
from studio.ui.panels.signal_plot import SignalPlot
from studio.ui.panels.stored_panel import StoredPanel
from studio.ui.panels.text_plot import TextPlot
from tests.store.recordings import MS, SECOND, T0
from tests.ui.panels.stored import PanelStand, frame_of, recording
from tests.ui.timeline.pixels import columns_with

pytestmark = [
    pytest.mark.qt_log_ignore("propagateSizeHints"),
    pytest.mark.qt_log_ignore("This plugin does not support"),
]

JSON = StreamFormat(PayloadKind.JSON)


def gaze(number: int) -> dict[str, object]:
    """Ten a second; `y` is missing from 4 to 6 s."""
    has_y = not 40 <= number < 60
    return {"gaze": {"x": number / 10, **({"y": 10 - number / 10} if has_y else {})}, "eye": f"eye {number}"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recording(
        tmp_path_factory.mktemp("series"),
        {
            "gaze": (JSON, [(T0 + n * 100 * MS, gaze(n)) for n in range(101)]),
            "very many": (JSON, [(T0 + n * 2 * MS, [n % 7, n]) for n in range(5000)]),
            "words": (JSON, [(T0 + n * SECOND, ["a", None]) for n in range(10)]),
            "nothing": (JSON, [(T0, None)]),
        },
    )


@pytest.fixture
def stand(qtbot: QtBot, path: Path) -> Iterator[PanelStand]:
    made = PanelStand(qtbot, path)
    yield made
    made.close()


def window_of(made: StoredPanel) -> SignalWindow:
    assert isinstance(made.panel.plot, SignalPlot)
    assert made.panel.plot.window_shown is not None
    return made.panel.plot.window_shown


def settled(stand: PanelStand, qtbot: QtBot, made: StoredPanel) -> None:
    def is_exact() -> bool:
        return not any("coarse" in line.value for line in made.panel.header.text.legend)

    qtbot.waitUntil(lambda: is_exact() and stand.reader.is_idle)


def test_each_member_is_a_curve_with_its_name_colour_and_value_and_a_gap_where_it_is_missing(
    stand: PanelStand,
) -> None:
    made = stand.show(PanelKind.SERIES, "gaze", frame=frame_of(T0, T0 + 10 * SECOND, cursor=T0 + 3 * SECOND))
    window = window_of(made)
    seconds = (window.times - T0) / SECOND
    np.testing.assert_allclose(window.minimum[:, 0], seconds)
    missing = np.isnan(window.minimum[:, 1])
    assert missing.tolist() == [4.0 <= second < 6.0 for second in seconds.tolist()]
    np.testing.assert_allclose(window.minimum[~missing, 1], 10 - seconds[~missing])
    lines = made.panel.header.text.legend
    assert [(line.name, line.value[:3], line.colour) for line in lines] == [
        ("gaze.x", "3.0", 0),
        ("gaze.y", "7.0", 1),
    ]
    seen = columns_with(made.panel.plot, stand.theme.stream_colour(1), tolerance=100)
    assert seen[100:330].mean() > 0.9
    assert not seen[365:535].any()
    assert "not a number" not in str(lines), "what a message does not have is not odd"
    stand.draw(made, frame_of(T0, T0 + 10 * SECOND, cursor=T0 + 5 * SECOND))
    assert [line.value for line in made.panel.header.text.legend][1] == readable.NOTHING


def test_hidden_and_dressed_members_are_kept_by_name(stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.SERIES, "gaze")
    told: list[PanelPlan] = []
    made.plan_changed.connect(told.append)
    header = made.panel.header
    header.grab()
    key = member_key("gaze.y")
    y = next(y for y in range(header.height()) if header.key_at(QPointF(20, y)) == key)
    qtbot.mouseClick(header, Qt.MouseButton.LeftButton, pos=QPoint(20, y + 3))
    assert told[-1].options.hidden_channels == (key,)
    assert not columns_with(made.panel.plot, stand.theme.stream_colour(1), tolerance=60).any()
    options = PanelOptions(looks=(CurveLook(key, colour=4),), low=0.0, members=("gaze.y",))
    assert options_from_json(options_to_json(options)) == options
    made.change_plan(replace(made.plan, options=options))
    stand.settle()
    assert made.panel.header.text.legend[0].colour == 4
    assert columns_with(made.panel.plot, stand.theme.stream_colour(4), tolerance=60).any()
    assert window_of(made).minimum.shape[1] == 1


def test_the_menu_offers_members_and_the_way_back_to_all(stand: PanelStand) -> None:
    made = stand.show(PanelKind.SERIES, "gaze", options=PanelOptions(members=("gaze.x",)))
    told: list[PanelPlan] = []
    made.plan_changed.connect(told.append)
    menu = QMenu(made.panel)
    fill_menu(menu, made)
    actions = {action.text(): action for action in menu.actions()}
    assert "Curve" in actions
    actions["All numbers inside"].trigger()
    stand.settle()
    assert told[-1].options.members == ()
    menu = QMenu(made.panel)
    fill_menu(menu, made)
    members = next(action.menu() for action in menu.actions() if action.text() == "Members")
    assert [action.text() for action in members.actions()][:2] == ["gaze.x", "gaze.y"]


def test_any_zoom_ends_with_what_was_recorded(stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.SERIES, "very many")
    settled(stand, qtbot, made)
    window = window_of(made)
    assert len(window.times) < 5000
    assert (window.minimum.min(axis=0).tolist(), window.maximum.max(axis=0).tolist()) == ([0, 0], [6, 4999])
    assert [line.name for line in made.panel.header.text.legend] == ["[0]", "[1]"]
    stand.draw(made, frame_of(T0 + SECOND, T0 + 1100 * MS))
    settled(stand, qtbot, made)
    near = window_of(made)
    numbers = (near.times - T0) // (2 * MS)
    assert near.minimum[:, 1].tolist() == numbers.tolist()
    assert near.samples_per_column == 1.0


def test_messages_without_numbers_are_told_in_words(stand: PanelStand) -> None:
    made = stand.show(PanelKind.SERIES, "words")
    assert made.panel.header.text.legend == ()
    assert isinstance(made.panel.plot, SignalPlot)
    assert made.panel.plot._words == NO_NUMBERS


def test_a_member_is_offered_as_a_curve_or_as_text_as_soon_as_it_is_known(
    stand: PanelStand, qtbot: QtBot
) -> None:
    menu, wanted = QMenu(), []
    qtbot.addWidget(menu)
    MemberMenu(
        menu, stand.reader, StreamRef(stand.info.path, "gaze"), lambda kind, name: wanted.append((kind, name))
    )
    menu.aboutToShow.emit()
    assert [action.isEnabled() for action in menu.actions()] == [False]
    stand.settle()
    named = {action.text(): action for action in menu.actions() if action.text()}
    assert list(named) == ["gaze.x", "gaze.y", "eye"]
    named["gaze.y"].trigger()
    named["eye"].trigger()
    assert wanted == [(PanelKind.SERIES, "gaze.y"), (PanelKind.TEXT, "eye")]
    empty = QMenu()
    qtbot.addWidget(empty)
    MemberMenu(empty, stand.reader, StreamRef(stand.info.path, "nothing"), lambda kind, name: None)
    empty.aboutToShow.emit()
    stand.settle()
    assert [action.text() for action in empty.actions()] == [NOTHING_INSIDE]


def test_the_text_of_one_member_is_shown_alone(stand: PanelStand) -> None:
    made = stand.show(PanelKind.TEXT, "gaze", options=PanelOptions(members=("eye",)))
    plot = made.panel.plot
    assert isinstance(plot, TextPlot)
    assert plot.text.toPlainText() == "eye 50"
    made.change_plan(replace(made.plan, options=PanelOptions(members=("gaze.y",))))
    stand.settle()
    assert not plot.text.isVisible(), "it is missing at that time, which is said in words"
    stand.draw(made, frame_of(T0, T0 + 10 * SECOND, cursor=T0 + 7 * SECOND))
    assert plot.text.toPlainText().startswith("3")


def test_members_keep_their_numbers_while_others_are_found() -> None:
    assert with_new(("b",), ("a", "b", "c")) == ("b", "a", "c")
    low = np.array([[1.0, 2.0]])
    window = SeriesWindow(("a", "b"), SignalWindow(np.array([T0]), low, low))
    shown = placed(window, ("b", "x", "a")).minimum
    np.testing.assert_array_equal(shown, [[2.0, np.nan, 1.0]])
    options = PanelOptions(
        hidden_channels=("0:a", "0:gone"), looks=(CurveLook("0:b", width=3), CurveLook("7:b"))
    )
    found = numbered(options, ("b", "x", "a"))
    assert found.hidden_channels == ("0:2",)
    assert found.looks == (CurveLook("0:0", width=3),)
