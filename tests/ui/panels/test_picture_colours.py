"""Where the bar of colours stands: beside the picture, or over it and out of the pointer's way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF
from pytestqt.qtbot import QtBot

from studio.ui.panels.picture_colours import bar_place
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.theme import Theme
from tests.ui.timeline.pixels import pixels_of

SIZE = (80.0, 96.0)
NARROWER = 14.0
PICTURE = QRectF(100, 4, 300, 225)


def test_a_plot_that_is_wide_enough_has_the_bar_beside_the_picture() -> None:
    place = bar_place(SIZE, NARROWER, PICTURE, QRectF(0, 0, 480, 233), None)
    assert place is not None
    assert (place.is_beside, place.plate) == (True, QRectF(400, 4, 80, 96))


def test_over_the_picture_it_is_narrower_and_makes_way_for_the_pointer() -> None:
    room = QRectF(0, 0, 479, 233)
    usual = bar_place(SIZE, NARROWER, PICTURE, room, QPointF(120, 20))
    moved = bar_place(SIZE, NARROWER, PICTURE, room, QPointF(399, 20))
    assert usual is not None
    assert moved is not None
    assert (usual.is_beside, usual.plate) == (False, QRectF(334, 4, 66, 96))
    assert moved.plate == QRectF(100, 4, 66, 96)
    assert bar_place(SIZE, NARROWER, QRectF(0, 0, 131, 99), QRectF(0, 0, 131, 99), None) is None


@given(st.floats(1, 2000), st.floats(1, 2000), st.floats(-500, 500), st.floats(0, 2000))
def test_it_is_always_in_sight_and_never_under_the_pointer(
    width: float, plot: float, left: float, x: float
) -> None:
    room, pointer = QRectF(0, 0, plot, 200), QPointF(x, 10)
    seen = QRectF(left, 0, width, 200).intersected(room)
    place = bar_place(SIZE, NARROWER, seen, room, pointer)
    if place is None:
        return
    assert room.adjusted(-0.01, 0, 0.01, 0).contains(place.plate)
    if place.is_beside:
        assert place.plate.left() >= seen.right()
    else:
        assert not place.plate.adjusted(0.01, 0, -0.01, 0).contains(pointer)


def test_what_is_seen_is_the_picture_and_where_the_pointer_goes_there_is_no_bar(qtbot: QtBot) -> None:
    plot = PicturePlot(Theme(), (160, 120), unit="mm")
    qtbot.addWidget(plot)
    plot.setMouseTracking(True)
    plot.resize(700, 248)
    plot.show()
    plot.take_picture(np.full((120, 160), 3000, np.uint16), 1_000, "")
    place = plot._place()
    right = int(place.x + place.width)
    corner = QPoint(right - 4, int(place.y) + 4)

    def colour_at(spot: QPoint) -> tuple[int, ...]:
        return tuple(pixels_of(plot)[spot.y(), spot.x()].tolist())

    plain = colour_at(QPoint(plot.width() // 2, plot.height() // 2))
    assert colour_at(corner) == plain
    assert colour_at(QPoint(right + 10, int(place.y) + 12)) != colour_at(QPoint(690, 240)), "the bar"
    plot.resize(int(place.width) + 20, 248)
    place = plot._place()
    corner = QPoint(int(place.x + place.width) - 2, int(place.y) + 2)
    assert colour_at(corner) != plain

    def bar_makes_way() -> bool:
        qtbot.mouseMove(plot, corner - QPoint(3, 0))  # one that goes nowhere is no move
        qtbot.mouseMove(plot, corner)
        return colour_at(corner) == plain

    qtbot.waitUntil(bar_makes_way)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_beside_the_picture_the_bar_stands_on_the_paper_and_its_words_can_be_read(
    qtbot: QtBot, name: str
) -> None:
    theme = Theme(name)
    plot = PicturePlot(theme, (160, 120), unit="mm")
    qtbot.addWidget(plot)
    plot.resize(700, 248)
    plot.show()
    plot.take_picture(np.full((120, 160), 3000, np.uint16), 1_000, "")
    place = plot._place()
    left, top = int(place.x + place.width) + 1, int(place.y)
    beside = pixels_of(plot)[top : top + 96, left : left + 80].astype(int)
    paper, ink = theme.colour("surface"), theme.colour("text")
    grounds = (beside == [paper.red(), paper.green(), paper.blue()]).all(axis=2)
    assert grounds.mean() > 0.5, "nothing darkens the paper"
    words = beside[:, 20:]
    assert np.abs(words - [ink.red(), ink.green(), ink.blue()]).max(axis=2).min() < 60, "as all words are"
