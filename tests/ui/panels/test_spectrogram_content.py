"""A spectrogram shows tones where they are, asks little at a time and nothing twice."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.spectrum import SpectrumGrid, SpectrumWindow
from studio.host.protocol import ReadSpectrum
from studio.ui.panels.level_colours import SPAN_DB, coloured, level_colours
from studio.ui.panels.panel_plan import PanelKind, PanelOptions
from studio.ui.panels.spectrogram_plot import SpectrogramPlot
from studio.ui.panels.spectrum_tiles import Band, TileKey, TileStore, column_duration, tiles_in
from studio.ui.panels.stored_panel import StoredPanel
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.theme_tokens import contrast
from tests.store.recordings import MS, SECOND, T0
from tests.ui.panels.stored import HEIGHT, LENGTH, PanelStand, frame_of, recording
from tests.ui.timeline.pixels import pixels_of

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

RATE = 8000
SOUND = StreamFormat(PayloadKind.AUDIO, "float32", 1, (), float(RATE))
LOW_TONE, HIGH_TONE = 500.0, 3000.0


def tone(second: int) -> np.ndarray:
    """The low tone in the first half, the high one in the second."""
    hertz = LOW_TONE if second < 5 else HIGH_TONE
    times = np.arange(RATE) / RATE + second
    return (0.5 * np.sin(2 * np.pi * hertz * times)).astype(np.float32)[:, None]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recording(
        tmp_path_factory.mktemp("spectrograms"),
        {
            "tones": (SOUND, [(T0 + (n + 1) * SECOND, tone(n)) for n in range(10)]),
            "one": (
                StreamFormat(PayloadKind.SAMPLES, "float32", 1),
                [(T0 + 5 * SECOND, np.ones((1, 1), np.float32))],
            ),
            "silence": (SOUND, [(T0 + (n + 1) * SECOND, np.zeros((RATE, 1), np.float32)) for n in range(10)]),
        },
    )


@pytest.fixture
def stand(qtbot: QtBot, path: Path) -> Iterator[PanelStand]:
    made = PanelStand(qtbot, path)
    yield made
    made.close()


def whole(stand: PanelStand, made: StoredPanel, qtbot: QtBot) -> SpectrogramPlot:
    """Wait for all tiles."""
    plot = made.panel.plot
    assert isinstance(plot, SpectrogramPlot)
    qtbot.waitUntil(
        lambda: stand.reader.is_idle and all(key in plot.tiles for key in plot._wanted() if _has_signal(key))
    )
    return plot


def _has_signal(key: TileKey) -> bool:
    return key.right > T0 and key.left < T0 + LENGTH


def brightest_row(plot: SpectrogramPlot, x: int) -> int:
    column = pixels_of(plot)[:, x].astype(int).sum(axis=1)
    return int(column.argmax())


def test_tones_are_bright_at_their_heights(stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.SPECTROGRAM, "tones", frame=frame_of(T0, T0 + LENGTH, cursor=T0 + SECOND))
    plot = whole(stand, made, qtbot)
    for x, hertz in ((200, LOW_TONE), (700, HIGH_TONE)):
        assert brightest_row(plot, x) == pytest.approx(HEIGHT * (1 - hertz / (RATE / 2)), abs=4)
    legend = {line.name: line.value.replace("\u00a0", " ") for line in made.panel.header.text.legend}
    assert legend["loudest"].endswith("Hz")
    assert float(legend["loudest"].split()[0]) == pytest.approx(LOW_TONE, rel=0.05)
    assert legend["level"] == "\u22126 dB"


def test_octaves_are_equally_high_when_wanted(stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.SPECTROGRAM, "tones", options=PanelOptions(log_frequency=True))
    plot = whole(stand, made, qtbot)
    least, most = RATE / 2 / 500, RATE / 2
    wanted = HEIGHT * (1 - np.log(LOW_TONE / least) / np.log(most / least))
    assert brightest_row(plot, 200) == pytest.approx(wanted, abs=8)


def test_a_band_shows_only_its_frequencies(stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.SPECTROGRAM, "tones", options=PanelOptions(low=400, high=600))
    plot = whole(stand, made, qtbot)
    assert brightest_row(plot, 200) == pytest.approx(HEIGHT / 2, abs=25)
    made.change_plan(replace(made.plan, options=PanelOptions(low=600, high=400)))
    whole(stand, made, qtbot)


def test_of_wide_sound_the_lower_part_is_shown_until_somebody_chooses(qtbot: QtBot, tmp_path: Path) -> None:
    sound = StreamFormat(PayloadKind.AUDIO, "float32", 1, (), 48_000.0)
    noise = np.random.default_rng(1).normal(size=(48_000, 1)).astype(np.float32)
    stand = PanelStand(qtbot, recording(tmp_path, {"wide": (sound, [(T0 + SECOND, noise)])}))
    made = stand.show(PanelKind.SPECTROGRAM, "wide")
    plot = made.panel.plot
    assert isinstance(plot, SpectrogramPlot)

    def band() -> tuple[float, float]:
        assert plot._band is not None
        return plot._band.low, plot._band.high

    assert band() == (0.0, 8000.0)
    plot.fit()
    assert band() == (0.0, 24_000.0)
    made.change_plan(replace(made.plan, options=PanelOptions(log_frequency=True)))
    assert band() == (24_000 / 500, 8000.0)
    stand.close()


def test_panning_asks_for_the_edge_only_and_going_back_for_nothing(stand: PanelStand, qtbot: QtBot) -> None:
    first = frame_of(T0 + 2 * SECOND, T0 + 4 * SECOND)
    made = stand.show(PanelKind.SPECTROGRAM, "tones", frame=first)
    whole(stand, made, qtbot)
    asked = len(stand.reader.asked)
    assert asked >= 8
    stand.draw(made, frame_of(T0 + 2100 * MS, T0 + 4100 * MS))
    whole(stand, made, qtbot)
    assert len(stand.reader.asked) - asked <= 2
    stand.draw(made, frame_of(T0 + 5 * SECOND, T0 + 9 * SECOND))
    whole(stand, made, qtbot)
    asked = len(stand.reader.asked)
    stand.draw(made, first)
    whole(stand, made, qtbot)
    assert len(stand.reader.asked) == asked


def test_only_one_question_is_on_its_way(stand: PanelStand) -> None:
    made = stand.show(PanelKind.SPECTROGRAM, "tones", frame=frame_of(T0, T0 + 1000))
    stand.reader.held = True
    for n in range(20):
        made.show_frame(frame_of(T0 + n * MS, T0 + LENGTH))
    assert stand.reader.outstanding(ReadSpectrum) <= 1
    stand.reader.held = False
    stand.reader.release()


def test_what_is_out_of_the_signal_is_not_asked(stand: PanelStand) -> None:
    stand.show(PanelKind.SPECTROGRAM, "tones", frame=frame_of(T0 + 10**15, T0 + 2 * 10**15))
    assert stand.reader.asked == []


def test_a_stream_too_short_for_frequencies_says_so_once(stand: PanelStand) -> None:
    made = stand.show(PanelKind.SPECTROGRAM, "one")
    stand.settle()
    plot = made.panel.plot
    assert isinstance(plot, SpectrogramPlot)
    assert "too few samples" in plot._words
    asked = len(stand.reader.asked)
    stand.draw(made, frame_of(T0, T0 + 8 * SECOND))
    assert len(stand.reader.asked) == asked


def test_silence_is_drawn_and_can_be_fitted(stand: PanelStand, qtbot: QtBot) -> None:
    made = stand.show(PanelKind.SPECTROGRAM, "silence")
    plot = whole(stand, made, qtbot)
    plot.fit()
    assert plot.top_db is not None
    made.panel.grab()


@pytest.mark.parametrize("dark", [True, False])
def test_louder_is_always_brighter_or_always_darker(dark: bool) -> None:
    colours = [QColor.fromRgb(int(colour)).name() for colour in level_colours(dark=dark)]
    ground = colours[0]
    steps = np.array([contrast(colour, ground) for colour in colours])
    assert (np.diff(steps) >= -0.02).all()
    assert steps[-1] > 12


def test_levels_beyond_the_colours_are_cut_off_and_nothing_is_transparent() -> None:
    levels = np.array([[-500, 0.0, -SPAN_DB / 2, np.nan]], np.float16)
    image = coloured(levels, 0.0, level_colours(dark=True))[::-1, 0]
    colours = level_colours(dark=True)
    assert image.tolist() == [colours[0], colours[-1], colours[127], 0]


@given(left=st.integers(-(2**61), 2**61), span=st.integers(10, 2**50), width=st.integers(1, 4000))
def test_a_view_is_covered_by_tiles_of_a_pixel_or_two(left: int, span: int, width: int) -> None:
    axis = TimeAxis(left, left + span, width)
    column_ns = column_duration(axis, 0.0)
    assert column_ns & (column_ns - 1) == 0
    assert axis.span // axis.width <= column_ns
    assert column_ns * width <= max(2 * span, width)
    keys = tiles_in(axis, column_ns, Band(64, 0, 0, False, ()))
    assert keys[0].left <= left
    assert keys[-1].right >= axis.right
    assert all(a.right == b.left for a, b in pairwise(keys))


def test_a_store_of_tiles_forgets_what_was_unused_longest_and_what_has_grown() -> None:
    band, store = Band(64, 0, 0, False, ()), TileStore()
    tile = SpectrumWindow(0, 1, np.zeros((1, 1), np.float16), 0, 1, False, 64, 1, 1.0)
    keys = [TileKey(1024, n, band) for n in range(500)]
    for key in keys:
        store.put(key, tile)
        store.get(keys[0])
    assert keys[0] in store
    assert keys[1] not in store
    store.forget_after(keys[490].left + 1)
    assert keys[489] in store
    assert keys[490] not in store
    assert isinstance(keys[0].grid, SpectrumGrid)
