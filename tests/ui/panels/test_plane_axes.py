"""Numbers below a plane stand side by side, as many as have room."""

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from studio.ui.panels.plane_axes import ticks_across
from studio.ui.panels.plane_view import Room, fitted


@pytest.mark.parametrize("width", [60, 205, 900])
@pytest.mark.parametrize("ends", [(-40.0, 40.0), (0.0, 1e-4), (123456.0, 123457.0), (-1e9, 1e12)])
def test_no_two_numbers_touch(width: int, ends: tuple[float, float], qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    metrics, room = QFontMetricsF(label.font()), Room(0, 0, width, 200)
    view = fitted(np.array(ends), np.array([0.0, 1.0]))
    ticks = ticks_across(view, room, metrics)
    places = [(tick.value - view.left) / (view.right - view.left) * width for tick in ticks]
    wide = [metrics.horizontalAdvance(tick.label) for tick in ticks]
    assert all(b - a >= (u + v) / 2 for a, b, u, v in zip(places, places[1:], wide, wide[1:], strict=False))
    if ends == (-40.0, 40.0) and width == 205:
        assert len(ticks) == 5
