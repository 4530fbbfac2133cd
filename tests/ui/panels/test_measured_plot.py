"""Pictures of measured values: colours for a range, the value under the pointer, what was not measured."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from studio.formats.false_colours import UNKNOWN_COLOUR, ColourMap, colours_of
from studio.formats.payload import PayloadKind, StreamFormat
from studio.host.frame_ring import FrameRingWriter
from studio.ui.panels.live_rings import LivePictures
from studio.ui.panels.panel_menu import fill_menu
from studio.ui.panels.panel_plan import PanelKind, PanelOptions
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.panels.stored_panel import StoredPanel
from tests.store.recordings import SECOND, T0
from tests.ui.panels.stored import WHOLE, PanelStand, recording
from tests.ui.panels.test_picture_content import at
from tests.ui.panels.test_picture_overlays import plot_of
from tests.ui.timeline.pixels import pixels_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

DEPTH = StreamFormat(PayloadKind.IMAGE, "uint16", units="mm", width=160, height=120)


def depth(height: int = 120, width: int = 160) -> np.ndarray:
    """Unknown at the left, then 1000, then 1234, then 3000 mm."""
    steps = np.repeat(np.array([0, 1000, 1234, 3000], np.uint16), width // 4)
    return np.tile(steps, (height, 1))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    heat = np.where(depth() == 0, np.nan, depth() / 100).astype(np.float32)
    return recording(
        tmp_path_factory.mktemp("measured"),
        {
            "depth": (DEPTH, [(T0 + n * SECOND, depth()) for n in range(3)]),
            "heat": (replace(DEPTH, dtype="float32", units="°C"), [(T0, heat)]),
            "large": (replace(DEPTH, width=3200, height=2400), [(T0, depth(2400, 3200))]),
        },
    )


@pytest.fixture
def stand(qtbot: QtBot, path: Path) -> Iterator[PanelStand]:
    made = PanelStand(qtbot, path)
    yield made
    made.close()


def spot(plot: PicturePlot, quarter: int) -> QPoint:
    """In the middle of a quarter of the picture."""
    place = plot._place()
    return QPoint(round(place.x + place.width * (2 * quarter + 1) / 8), round(place.y + place.height / 2))


def colours_shown(plot: PicturePlot) -> list[tuple[int, ...]]:
    """BGR of each quarter."""
    shown = pixels_of(plot)
    return [tuple(shown[spot(plot, n).y(), spot(plot, n).x()][::-1].tolist()) for n in range(4)]


def words_at(stand: PanelStand, qtbot: QtBot, made: StoredPanel, quarter: int) -> str:
    plot = plot_of(made)
    qtbot.mouseMove(plot, spot(plot, quarter) + QPoint(1, 0))
    qtbot.mouseMove(plot, spot(plot, quarter))
    stand.settle()
    return plot.pixel_words.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def test_values_have_the_colours_of_the_chosen_range_and_map(stand: PanelStand) -> None:
    made = stand.show(PanelKind.VIDEO, "depth", frame=at(1), options=PanelOptions(low=1000.0, high=3000.0))
    table = colours_of(ColourMap.TURBO)
    place = round(234 / 2000 * 255 - 0.5)
    expected = [UNKNOWN_COLOUR, *(tuple(table[n].tolist()) for n in (0, place, 255))]
    assert colours_shown(plot_of(made)) == expected
    made.choose_options(PanelOptions(low=1000.0, high=3000.0, colour_map=ColourMap.VIRIDIS))
    assert colours_shown(plot_of(made))[3] == tuple(colours_of(ColourMap.VIRIDIS)[255].tolist())
    made.choose_options(PanelOptions(low=1000.0, high=1234.0))
    assert colours_shown(plot_of(made))[2:] == [tuple(table[255].tolist())] * 2
    made.choose_options(PanelOptions())
    assert plot_of(made).colours.shown == (1000.0, 3000.0)
    made.choose_options(PanelOptions(high=5000.0))
    assert plot_of(made).colours.shown == (1000.0, 5000.0)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("depth", ["unknown", "1 000 mm", "1 234 mm", "3 000 mm"]),
        ("heat", ["unknown", "10.00 °C", "12.34 °C"]),
    ],
)
def test_the_value_under_the_pointer_is_told_with_its_unit(
    name: str, said: list[str], stand: PanelStand, qtbot: QtBot
) -> None:
    made = stand.show(PanelKind.VIDEO, name, frame=at(0))
    for quarter, words in enumerate(said):
        assert words_at(stand, qtbot, made, quarter).endswith(f"  {words}")


def test_the_value_is_that_of_the_full_picture_however_small_it_is_shown(
    stand: PanelStand, qtbot: QtBot
) -> None:
    made = stand.show(PanelKind.VIDEO, "large", frame=at(0))
    words = words_at(stand, qtbot, made, 2)
    assert words.endswith("  1 234 mm")
    assert "≈" not in words
    assert int(words.split()[1]) == pytest.approx(2000, abs=20)


def test_range_and_colours_are_chosen_in_the_menu(stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.VIDEO, "depth", frame=at(1))
    menu = QMenu(made.panel)
    fill_menu(menu, made)
    menus = {action.text(): action.menu() for action in menu.actions() if action.menu() is not None}
    colours = menus["Colours"]
    assert isinstance(colours, QMenu)
    assert [(one.text(), one.isChecked()) for one in colours.actions()][:2] == [
        ("Turbo", True),
        ("Viridis", False),
    ]
    colours.actions()[1].trigger()
    assert made.plan.options.colour_map is ColourMap.VIRIDIS
    field = menu.findChild(QLineEdit, "range_low")
    assert field is not None
    picture = stand.show(PanelKind.VIDEO, "depth", frame=WHOLE)
    picture.choose_options(PanelOptions(mirrored=True))
    assert colours_shown(plot_of(picture))[3] == UNKNOWN_COLOUR


def test_live_values_are_shown_as_stored_ones(stand: PanelStand, qtbot: QtBot, tmp_path: Path) -> None:
    made = stand.show(PanelKind.VIDEO, "depth", frame=at(0), options=PanelOptions(low=1000.0, high=3000.0))
    stored = colours_shown(plot_of(made))
    plot_of(made).take_nothing()
    ring = FrameRingWriter.create(tmp_path / "depth.ring", width=160, height=120, dtype="uint16")
    assert ring is not None
    ring.write(depth(), T0 + SECOND)
    live = LivePictures(str(tmp_path / "depth.ring"), plot_of(made))
    live.pull(WHOLE)
    assert colours_shown(plot_of(made)) == stored
    assert words_at(stand, qtbot, made, 2).endswith("  1 234 mm")
    live.close()
    ring.close()
