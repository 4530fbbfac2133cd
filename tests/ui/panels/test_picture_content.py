"""The picture at the cursor: fitted or one for one, its pixels told truly, what cannot be decoded said."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.formats.opencv import encode_jpeg
from studio.formats.payload import EncodedImage, PayloadKind, StreamFormat
from studio.host.protocol import ReadPicture
from studio.ui.panels.panel_plan import PanelKind, PanelOptions
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.stored_panel import StoredPanel
from studio.ui.panels.time_frame import TimeFrame
from studio.ui.panels.time_text import clock_text
from tests.store.recordings import SECOND, T0
from tests.ui.panels.stored import HEIGHT, LENGTH, WIDTH, PanelStand, frame_of, recording
from tests.ui.timeline.pixels import pixels_of

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

LARGE = (1080, 1920)
RAW = StreamFormat(PayloadKind.IMAGE, "uint8")


def checkered() -> np.ndarray:
    """Each pixel tells its place: blue is the column, green the row, both by 8; red is 77."""
    image = np.full((*LARGE, 3), 77, np.uint8)
    image[:, :, 0] = np.arange(LARGE[1]) // 8
    image[:, :, 1] = (np.arange(LARGE[0]) // 8)[:, None]
    return image


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tiny = np.full((2, 3, 3), (10, 20, 30), np.uint8)
    jpeg = StreamFormat(PayloadKind.JPEG)
    good = encode_jpeg(np.full((64, 48, 3), 200, np.uint8))
    return recording(
        tmp_path_factory.mktemp("pictures"),
        {
            "large": (RAW, [(T0 + n * SECOND, checkered()) for n in range(2)]),
            "tiny": (RAW, [(T0, tiny)]),
            "wide": (RAW, [(T0, np.full((1, 5000), 90, np.uint8))]),
            "broken": (
                jpeg,
                [
                    (T0, good),
                    (T0 + SECOND, EncodedImage(b"none", 4, 4)),
                    (T0 + 2 * SECOND, EncodedImage(b"", 0, 0)),
                ],
            ),
            "late": (RAW, [(T0 + 8 * SECOND, tiny)]),
        },
    )


@pytest.fixture
def stand(qtbot: QtBot, path: Path) -> Iterator[PanelStand]:
    made = PanelStand(qtbot, path)
    yield made
    made.close()


def at(second: float) -> TimeFrame:
    return frame_of(T0, T0 + LENGTH, cursor=T0 + round(second * SECOND))


def plot_of(made: StoredPanel) -> PicturePlot:
    assert isinstance(made.panel.plot, PicturePlot)
    return made.panel.plot


def test_a_fitted_picture_keeps_its_shape_and_tells_time_and_number(stand: PanelStand) -> None:
    made = stand.show(PanelKind.VIDEO, "large", frame=at(1.5))
    picture = (pixels_of(plot_of(made))[:, :, 0] == 77).any(axis=0)
    shown = np.flatnonzero(picture)
    assert (shown[-1] - shown[0]) / (HEIGHT - 8) == pytest.approx(LARGE[1] / LARGE[0], rel=0.03)
    assert plot_of(made).caption.replace("\u202f", " ") == "00:01.000  frame 2"
    assert plot_of(made).plates[1] == f"00:01.000   {clock_text(T0 + SECOND)}"
    (asked,) = (query for query in stand.reader.asked if isinstance(query, ReadPicture))
    assert asked.max_width < 1200, "no more than can be shown"


@pytest.mark.parametrize("fit", [True, False])
def test_the_pixel_under_the_pointer_is_that_of_the_full_picture(
    fit: bool, stand: PanelStand, qtbot: QtBot
) -> None:
    made = stand.show(PanelKind.VIDEO, "large", frame=at(0), options=PanelOptions(fit=fit))
    plot = plot_of(made)
    qtbot.mouseMove(plot, QPoint(WIDTH // 2, HEIGHT // 2))  # one that goes nowhere is no move
    qtbot.mouseMove(plot, QPoint(WIDTH // 2 + 40, HEIGHT // 2 + 20))
    stand.settle()
    words = plot.pixel_words.split()
    x, y = int(words[1]), int(words[3])
    assert [int(value) for value in words[5:]] == [77, y // 8, x // 8]
    if not fit:
        assert (x, y) == (LARGE[1] // 2 + 40, LARGE[0] // 2 + 20)


def test_one_for_one_a_pixel_is_a_pixel_and_ctrl_moves_it_but_not_out_of_sight(
    stand: PanelStand, qtbot: QtBot
) -> None:
    made = stand.show(PanelKind.VIDEO, "large", frame=at(0), options=PanelOptions(fit=False))
    plot = plot_of(made)
    before = pixels_of(plot)
    assert (before[HEIGHT // 2, 100:500, 2] == (np.arange(100, 500) + (LARGE[1] - WIDTH) // 2) // 8).all()
    ctrl, left = Qt.KeyboardModifier.ControlModifier, Qt.MouseButton.LeftButton
    qtbot.mousePress(plot, left, ctrl, pos=QPoint(400, 100))
    qtbot.mouseMove(plot, QPoint(480, 100))
    moved = pixels_of(plot)
    assert (moved[20, 200:500, 2] == before[20, 120:420, 2]).all()
    qtbot.mouseMove(plot, QPoint(10_000, 100))
    qtbot.mouseRelease(plot, left, ctrl, pos=QPoint(10_000, 100))
    edge = pixels_of(plot)
    assert edge[20, 2, 2] == 0, "the left edge of the picture is at the left edge of the plot"
    made.change_plan(replace(made.plan, options=PanelOptions(fit=True)))
    stand.settle()
    assert (pixels_of(plot)[:, :, 0] == 77).any()


@pytest.mark.parametrize(("second", "number"), [(1, 2), (2, 3)])
def test_a_picture_that_cannot_be_decoded_is_named_and_the_one_before_is_gone(
    second: int, number: int, stand: PanelStand
) -> None:
    made = stand.show(PanelKind.VIDEO, "broken", frame=at(0.5))
    assert plot_of(made).picture_time == T0
    stand.draw(made, at(second))
    assert plot_of(made).picture_time == 0
    assert f"Frame {number} cannot be shown" in plot_of(made)._words
    made.panel.grab()
    stand.draw(made, at(0.5))
    assert plot_of(made).picture_time == T0
    assert plot_of(made)._words == ""


def test_before_the_first_picture_there_is_none_and_it_is_said(stand: PanelStand) -> None:
    made = stand.show(PanelKind.VIDEO, "late", frame=at(1))
    assert plot_of(made).picture_time == 0
    assert "no picture yet" in plot_of(made)._words


@pytest.mark.parametrize("name", ["tiny", "wide"])
@pytest.mark.parametrize("fit", [True, False])
def test_pictures_of_any_shape_are_shown(name: str, fit: bool, stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.VIDEO, name, frame=at(1), options=PanelOptions(fit=fit))
    qtbot.mouseMove(plot_of(made), QPoint(WIDTH // 2, HEIGHT // 2))
    stand.settle()
    made.panel.grab()
    assert plot_of(made).picture_time == T0


def test_of_many_cursor_moves_only_the_newest_picture_is_asked(stand: PanelStand) -> None:
    made = stand.show(PanelKind.VIDEO, "large", frame=at(0))
    asked = len(stand.reader.asked)
    stand.reader.held = True
    for n in range(50):
        made.show_frame(at(n / 50))
    assert len(stand.reader.asked) == asked + 1
    stand.reader.held = False
    stand.reader.release()
    stand.settle()
    assert len(stand.reader.asked) == asked + 2


def turn_wheel(plot: PicturePlot, place: QPoint, steps: int) -> None:
    """With Ctrl, over this place."""
    event = QWheelEvent(
        QPointF(place),
        QPointF(plot.mapToGlobal(place)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot, event)


@pytest.mark.parametrize("fit", [True, False])
def test_ctrl_and_the_wheel_zoom_about_the_pointer_and_a_double_click_puts_it_back(
    fit: bool, stand: PanelStand, qtbot: QtBot
) -> None:
    made = stand.show(PanelKind.VIDEO, "large", frame=at(0), options=PanelOptions(fit=fit))
    plot, place = plot_of(made), QPoint(520, 90)

    def words() -> str:
        qtbot.mouseMove(plot, QPoint(place.x() + 1, place.y()))
        qtbot.mouseMove(plot, place)
        stand.settle()
        return plot.pixel_words.replace("≈ ", "")

    before, seen = words(), pixels_of(plot)
    turn_wheel(plot, place, 14)
    stand.settle()
    column, row = (int(words().split()[n]) for n in (1, 3))
    was_column, was_row = (int(before.split()[n]) for n in (1, 3))
    assert max(abs(column - was_column), abs(row - was_row)) <= (5 if fit else 1)
    assert not plot.fits
    zoomed = pixels_of(plot)
    assert tuple(zoomed[place.y(), place.x()]) == (77, row // 8, column // 8), (
        "sharp: its own pixels are shown"
    )
    qtbot.mouseDClick(plot, Qt.MouseButton.LeftButton, pos=place)
    stand.settle()
    assert plot.fits is fit
    assert (pixels_of(plot)[:-30] == seen[:-30]).all()
    turn_wheel(plot, place, 3)
    turn_wheel(plot, place, -30)
    assert plot.fits is fit, "smaller than the plot it is of no use"


def test_a_picture_is_mirrored_and_turned_upside_down_and_its_pixels_are_told_truly(
    stand: PanelStand, qtbot: QtBot
) -> None:
    options = PanelOptions(fit=False)
    made = stand.show(PanelKind.VIDEO, "large", frame=at(0), options=options)
    plot, place = plot_of(made), QPoint(300, 100)
    plain = pixels_of(plot)[: HEIGHT - 30]
    made.change_plan(replace(made.plan, options=replace(options, mirrored=True)))
    assert (pixels_of(plot)[: HEIGHT - 30] == plain[:, ::-1]).all()
    qtbot.mouseMove(plot, place)
    shown = pixels_of(plot)[place.y(), place.x()]
    words = plot.pixel_words.split()
    assert [int(word) // 8 for word in (words[1], words[3])] == [shown[2], shown[1]]
    made.change_plan(replace(made.plan, options=replace(options, upside_down=True)))
    turned = pixels_of(plot)
    rows = np.arange(60, HEIGHT - 60)
    assert (turned[rows] == plain[HEIGHT - 1 - rows]).all()


def test_a_picture_from_before_a_gap_is_dimmed_and_says_for_how_long_there_is_none(
    qtbot: QtBot, tmp_path: Path
) -> None:
    small = np.full((20, 30, 3), 255, np.uint8)
    seconds = (*(n / 10 for n in range(20)), *(6 + n / 10 for n in range(20)))
    path = recording(tmp_path, {"camera": (RAW, [(T0 + round(s * SECOND), small) for s in seconds])})
    stand = PanelStand(qtbot, path)
    try:
        made = stand.show(PanelKind.VIDEO, "camera", frame=at(2.3))
        plot = plot_of(made)
        assert plot.words == ""
        bright = pixels_of(plot).max()
        stand.draw(made, at(5.9))
        assert plot.words == "no picture for 00:04.000"
        assert pixels_of(plot)[:, :, 0].mean() < bright / 2
        stand.draw(made, at(6.05))
        assert plot.words == ""
    finally:
        stand.close()
