"""The menu of a panel offers what fits, shows what is chosen, and tells what the user wants."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from studio.formats.recording import StreamRef
from studio.ui.panels.curve_look import CurveLook, Marker
from studio.ui.panels.panel_menu import fill_menu
from studio.ui.panels.panel_picture import file_name
from studio.ui.panels.panel_plan import LineStyle, PanelKind, PanelOptions, PanelPlan
from studio.ui.panels.range_fields import number_of
from studio.ui.panels.stored_panel import StoredPanel
from studio.ui.panels.threshold import ABOVE, Threshold
from tests.ui.panels.stored import PanelStand, recording

# The screenless platform says it.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recording(tmp_path_factory.mktemp("menus"))


@pytest.fixture
def stand(qtbot: QtBot, path: Path) -> Iterator[PanelStand]:
    made = PanelStand(qtbot, path)
    yield made
    made.close()


def actions_of(menu: QMenu) -> dict[str, QAction]:
    """All of them, also those of menus inside, by their texts."""
    found: dict[str, QAction] = {}
    for action in menu.actions():
        if action.menu() is not None:
            found |= actions_of(action.menu())
        elif action.text():
            found[action.text()] = action
    return found


def menu_of(made: StoredPanel) -> QMenu:
    menu = QMenu(made.panel)
    fill_menu(menu, made)
    return menu


def told(made: StoredPanel) -> list[PanelPlan]:
    plans: list[PanelPlan] = []
    made.plan_changed.connect(plans.append)
    return plans


@pytest.mark.parametrize(
    ("kind", "names", "offered"),
    [
        (PanelKind.WAVEFORM, ("sound",), {"Waveform", "Spectrogram", "Messages", "Latency", "Rate and gaps"}),
        (PanelKind.CURVES, ("imu", "level"), {"Curves", "XY plot"}),
        (PanelKind.VIDEO, ("camera",), {"Video", "Messages", "Fit into the panel", "One pixel for one"}),
        (PanelKind.MARKS, ("events",), {"Events as marks", "Text at the cursor", "Messages"}),
        (PanelKind.MESSAGES, ("blobs",), {"Messages", "Latency", "Rate and gaps"}),
    ],
)
def test_kinds_that_fit_are_offered(
    kind: PanelKind, names: tuple[str, ...], offered: set[str], stand: PanelStand
) -> None:
    found = actions_of(menu_of(stand.show(kind, *names)))
    assert offered <= set(found)
    assert {"Copy values", "Save picture…", "Hide panel", "Close panel"} <= set(found)
    assert ("Curves" in found) == (kind is PanelKind.CURVES)
    assert ("Spectrogram" in found) == (kind is PanelKind.WAVEFORM), "all streams must fit"


def test_another_kind_is_wished_for_and_made_by_whoever_owns_the_panels(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "imu", options=PanelOptions(low=1.0))
    plans = told(made)
    actions_of(menu_of(made))["Latency"].trigger()
    assert [(plan.kind, plan.options.low) for plan in plans] == [(PanelKind.LATENCY, None)]
    assert made.plan.kind is PanelKind.CURVES


def test_lines_channels_and_octaves_can_be_chosen_and_show_what_is_chosen(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "imu")
    found = actions_of(menu_of(made))
    assert [found[name].isChecked() for name in ("Lines", "Steps", "x", "y")] == [True, False, True, True]
    found["Steps"].trigger()
    actions_of(menu_of(made))["y"].trigger()
    assert made.plan.options == PanelOptions(line=LineStyle.STEP, hidden_channels=("0:1",))
    found = actions_of(menu_of(made))
    assert [found[name].isChecked() for name in ("Lines", "Steps", "x", "y")] == [False, True, True, False]
    found["Show all"].trigger()
    assert made.plan.options.hidden_channels == ()
    sound = stand.show(PanelKind.SPECTROGRAM, "sound")
    actions_of(menu_of(sound))["Octaves equally high"].trigger()
    assert sound.plan.options.log_frequency


def submenu(menu: QMenu, *titles: str) -> QMenu:
    """The menu inside, opened on the way as by a pointer."""
    for title in titles:
        found = [action.menu() for action in menu.actions() if action.text() == title]
        assert isinstance(found[0], QMenu)
        menu = found[0]
        menu.aboutToShow.emit()
    return menu


def test_colour_width_and_markers_of_one_curve_or_of_all_are_chosen(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "imu", "level")
    actions_of(submenu(menu_of(made), "Curves", "imu y", "Colour"))["Green"].trigger()
    actions_of(submenu(menu_of(made), "Curves", "All", "Width"))["3 pixels"].trigger()
    actions_of(submenu(menu_of(made), "Curves", "level", "Markers"))["Crosses"].trigger()
    green, level = CurveLook("0:1", colour=2, width=3), CurveLook("1:0", width=3, marker=Marker.CROSS)
    assert set(made.plan.options.looks) == {CurveLook("0:0", width=3), green, level}
    menu = menu_of(made)
    assert actions_of(submenu(menu, "Curves", "All", "Width"))["3 pixels"].isChecked()
    assert actions_of(submenu(menu, "Curves", "imu y", "Colour"))["Green"].isChecked()
    assert [line.colour for line in made.panel.header.text.legend] == [0, 2, 2]
    actions_of(submenu(menu, "Curves", "All"))["All as usual"].trigger()
    assert made.plan.options == PanelOptions()
    alone = stand.show(PanelKind.CURVES, "level")
    actions_of(submenu(menu_of(alone), "Curve", "Width"))["1 pixel"].trigger()
    assert alone.plan.options.looks == (CurveLook("0:0", width=1),)


def test_a_threshold_is_typed_and_a_crossed_one_is_refused_in_words(stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.CURVES, "imu")
    menu = menu_of(made)
    low, high = menu.findChild(QLineEdit, "threshold_low"), menu.findChild(QLineEdit, "threshold_high")
    button, problem = (
        menu.findChild(QPushButton, "threshold_apply"),
        menu.findChild(QLabel, "threshold_problem"),
    )
    assert low is not None
    assert high is not None
    assert button is not None
    assert problem is not None
    low.setText("2.5")
    high.setText("2")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "must be above" in problem.text()
    assert made.plan.options == PanelOptions()
    low.setText("")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert made.plan.options == PanelOptions(threshold=Threshold(high=2.0))
    assert [line.value[:1] for line in made.panel.header.text.legend] == ["1", ABOVE]
    actions_of(submenu(menu_of(made), "Threshold"))["None"].trigger()
    assert made.plan.options == PanelOptions()


def test_a_range_is_typed_and_nonsense_is_refused_in_words(stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.CURVES, "imu")
    menu = menu_of(made)
    low, high = menu.findChild(QLineEdit, "range_low"), menu.findChild(QLineEdit, "range_high")
    button = menu.findChild(QPushButton, "range_apply")
    assert low is not None
    assert high is not None
    assert button is not None
    for text in ("abc", "7", "nan"):
        low.setText(text)
        high.setText("5")
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert made.plan.options == PanelOptions()
    low.setText("\u22122,5")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (made.plan.options.low, made.plan.options.high) == (-2.5, 5.0)
    actions_of(menu_of(made))["Automatic"].trigger()
    assert made.plan.options == PanelOptions()


@pytest.mark.parametrize(
    ("text", "number"), [("", None), (" ", None), ("1e3", 1000.0), ("-1,5", -1.5), ("1 000", 1000.0)]
)
def test_numbers_are_read_as_people_type_them(text: str, number: float | None) -> None:
    assert number_of(text) == number


def test_a_stream_is_taken_out_snapped_to_hidden_and_closed(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "imu", "level")
    plans, snapped, closed = told(made), [], []
    made.snap_requested.connect(snapped.append)
    made.close_requested.connect(lambda: closed.append(True))
    found = actions_of(menu_of(made))
    found["imu"].trigger()
    assert plans[-1].streams == (StreamRef(stand.info.path, "level"),)
    found["Snap cursor to imu"].trigger()
    assert snapped == [StreamRef(stand.info.path, "imu")]
    found["Hide panel"].trigger()
    assert plans[-1].hidden
    found["Close panel"].trigger()
    assert closed == [True]


def test_values_are_copied_with_their_time(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "imu")
    actions_of(menu_of(made))["Copy values"].trigger()
    first, *rest = QApplication.clipboard().text().splitlines()
    assert first.startswith("imu\t20")
    assert [line.split("\t")[0] for line in rest] == ["x", "y"]


def test_the_picture_of_a_panel_is_saved_where_the_user_says(stand: PanelStand, tmp_path: Path) -> None:
    made = stand.show(PanelKind.CURVES, "imu")
    made.save_picture()
    dialog = made.panel.window().findChild(QFileDialog, "picture_dialog")
    assert dialog is not None
    target = tmp_path / "panel.png"
    dialog.fileSelected.emit(str(target))
    assert target.read_bytes().startswith(b"\x89PNG")
    dialog.reject()


def test_names_of_files_hold_nothing_that_a_disk_refuses() -> None:
    assert file_name("a/b:c") == "a-b-c"
    assert file_name("...") == "panel"


@pytest.mark.parametrize("shift", [False, True])
def test_the_right_button_opens_it_and_its_owner_may_add_to_it(shift: bool, stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "imu")
    opened: list[QMenu] = []
    made.menu_opening.connect(opened.append)
    modifiers = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), QPoint(5, 5), modifiers)
    QApplication.sendEvent(made.panel, event)
    assert len(opened) == (0 if shift else 1)
    for menu in opened:
        menu.close()


def test_a_panel_without_streams_can_be_closed(stand: PanelStand) -> None:
    found = actions_of(menu_of(stand.show(PanelKind.CURVES, "nowhere")))
    assert set(found) == {"Hide panel", "Close panel"}
