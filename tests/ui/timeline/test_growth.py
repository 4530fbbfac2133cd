"""A recording that grows, shrinks, vanishes or is replaced while it is on screen."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.formats.payload import PayloadKind, StreamFormat
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from studio.ui.panels.mark_plot import MarkPlot
from studio.ui.panels.panel_plan import PanelKind
from studio.ui.theme import Theme
from studio.ui.timeline import growth as growth_module
from studio.ui.timeline.growth import Growth
from studio.ui.timeline.timeline import Timeline
from tests.store.recordings import MS, SECOND, T0, message, write_recording
from tests.ui.real_reader import RealReader
from tests.ui.timeline.test_review_timeline import described

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it

NUMBERS = StreamFormat(PayloadKind.SAMPLES, "float32", 1, (), 100.0)
WORDS = StreamFormat(PayloadKind.STRING)


class Watched:
    """A timeline and who looks after its recordings."""

    def __init__(self, qtbot: QtBot) -> None:
        self.reader = RealReader()
        self.timeline = Timeline(Theme("light"), self.reader)
        qtbot.addWidget(self.timeline)
        self.timeline.resize(900, 400)
        self.timeline.show()
        self.growth = Growth(self.reader, self.timeline.take_recordings, self.timeline)
        self.failed: list[str] = []
        self.noted: list[str] = []
        self.growth.failed.connect(self.failed.append)
        self.growth.noted.connect(self.noted.append)
        self.timeline.recordings_changed.connect(lambda: self.growth.watch(self.timeline.recordings))

    @property
    def seconds(self) -> float:
        extent = self.timeline.navigator.extent
        return 0.0 if extent is None else (extent.right - T0) / SECOND


@pytest.fixture
def watched(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    monkeypatch.setattr(growth_module, "LIVE_INTERVAL_MS", 30)
    monkeypatch.setattr(growth_module, "STILL_INTERVAL_MS", 30)
    made = Watched(qtbot)
    yield made
    made.timeline.close_streams()
    made.reader.close()


def append(writer: StoreWriter, begin: int, end: int) -> None:
    """Tenths of a second of numbers."""
    for tenth in range(begin, end):
        data = np.full((10, 1), tenth, np.float32)
        writer.append("imu", message(NUMBERS, T0 + (tenth + 1) * 100 * MS, data, tenth + 1))
    writer.flush()


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[StoreWriter]:
    made = StoreWriter.create(tmp_path / "P01.h5")
    made.add_streams([NewStream("imu", NUMBERS), NewStream("words", WORDS)])
    append(made, 0, 20)
    yield made
    made.close()


def until(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=8000)


def test_a_growing_recording_grows_on_screen_and_rests_when_it_is_closed(
    qtbot: QtBot, watched: Watched, writer: StoreWriter, tmp_path: Path
) -> None:
    info = described(tmp_path / "P01.h5")
    assert info.live
    watched.timeline.show_recording(info)
    assert watched.seconds == pytest.approx(2)
    append(writer, 20, 50)
    until(qtbot, lambda: watched.seconds == pytest.approx(5))
    view = watched.timeline.navigator.view
    assert view is not None
    assert view.is_whole
    assert "nothing was recorded" in watched.timeline.panels[1].header.text.health.text
    writer.append("words", message(WORDS, T0 + 6 * SECOND, "new"))
    writer.flush()
    until(qtbot, lambda: isinstance(watched.timeline.panels[1].plot, MarkPlot))
    assert watched.timeline.plans[1].kind is PanelKind.MARKS
    writer.close()
    until(qtbot, lambda: not watched.timeline.recordings[0].live)
    assert watched.failed == []


def test_a_stream_that_begins_later_gets_a_panel(watched: Watched, tmp_path: Path) -> None:
    streams = {"words": (WORDS, [(T0, "a"), (T0 + SECOND, "b")]), "more": (WORDS, [(T0 + SECOND, "c")])}
    info = described(write_recording(tmp_path / "P06.h5", streams))
    watched.timeline.show_recording(replace(info, streams=info.streams[:1]))
    assert len(watched.timeline.panels) == 1
    watched.timeline.take_recordings((info,))
    assert [plan.streams[0].name for plan in watched.timeline.plans] == ["words", "more"]


def test_a_view_of_the_newest_follows_and_another_stays(
    qtbot: QtBot, watched: Watched, writer: StoreWriter, tmp_path: Path
) -> None:
    watched.timeline.show_recording(described(tmp_path / "P01.h5"))
    navigator = watched.timeline.navigator
    navigator.zoom(0.25, T0 + 2 * SECOND)
    navigator.go_end()
    append(writer, 20, 50)
    until(qtbot, lambda: watched.seconds == pytest.approx(5))
    assert navigator.view is not None
    assert navigator.view.left < T0 + 5 * SECOND <= navigator.view.right
    assert navigator.cursor_time == T0 + 5 * SECOND
    navigator.go_home()
    left = navigator.view.left
    append(writer, 50, 90)
    until(qtbot, lambda: watched.seconds == pytest.approx(9))
    assert navigator.view.left - T0 == pytest.approx(left - T0, abs=SECOND // 5)
    assert navigator.view.right < T0 + 3 * SECOND


def test_a_recording_that_vanishes_is_told_once_and_welcomed_back(
    qtbot: QtBot, watched: Watched, tmp_path: Path
) -> None:
    path = write_recording(tmp_path / "P02.h5", {"words": (WORDS, [(T0, "a"), (T0 + SECOND, "b")])})
    watched.timeline.show_recording(described(path))
    until(qtbot, lambda: watched.growth._stamps != {})
    away = path.rename(tmp_path / "away.h5")
    until(qtbot, lambda: watched.failed != [])
    assert "gone" in watched.failed[0]
    assert len(watched.timeline.panels) == 1
    away.rename(path)
    until(qtbot, lambda: watched.noted != [])
    assert "again" in watched.noted[0]
    assert len(watched.failed) == 1


def test_a_recording_that_is_replaced_is_shown_anew(qtbot: QtBot, watched: Watched, tmp_path: Path) -> None:
    path = write_recording(tmp_path / "P03.h5", {"words": (WORDS, [(T0, "a"), (T0 + 10 * SECOND, "b")])})
    watched.timeline.show_recording(described(path))
    watched.timeline.navigator.move_cursor(T0 + 9 * SECOND)
    until(qtbot, lambda: watched.growth._stamps != {})
    other = write_recording(
        tmp_path / "new.h5",
        {"words": (WORDS, [(T0, "c"), (T0 + SECOND, "d")]), "more": (WORDS, [(T0, "e")])},
    )
    other.replace(path)
    until(qtbot, lambda: watched.noted != [])
    assert "replaced" in watched.noted[0]
    until(qtbot, lambda: len(watched.timeline.panels) == 2)
    assert watched.seconds == pytest.approx(1)
    view = watched.timeline.navigator.view
    assert view is not None
    assert view.right < T0 + 2 * SECOND


def test_a_recording_that_is_cut_off_is_told_and_the_window_lives(
    qtbot: QtBot, watched: Watched, tmp_path: Path
) -> None:
    path = write_recording(
        tmp_path / "P04.h5",
        {"words": (WORDS, [(T0 + n * MS, f"word {n}" * 20) for n in range(4000)])},
    )
    watched.timeline.show_recording(described(path))
    until(qtbot, lambda: watched.growth._stamps != {})
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 3)
    until(qtbot, lambda: watched.failed + watched.noted != [])
    watched.timeline.navigator.zoom_in()
    until(qtbot, lambda: watched.reader.is_idle)
    assert len(watched.timeline.panels) == 1


def test_nothing_is_asked_when_nothing_is_shown(qtbot: QtBot, watched: Watched, tmp_path: Path) -> None:
    path = write_recording(tmp_path / "P05.h5", {"words": (WORDS, [(T0, "a"), (T0 + SECOND, "b")])})
    watched.timeline.show_recording(described(path))
    until(qtbot, lambda: watched.growth._stamps != {})
    watched.timeline.show_empty()
    until(qtbot, lambda: watched.reader.is_idle)
    asked = len(watched.reader.asked)
    qtbot.wait(150)
    assert len(watched.reader.asked) == asked
    assert not watched.growth.is_watching


def test_what_grows_on_a_network_drive_is_said_once(watched: Watched, tmp_path: Path) -> None:
    info = described(write_recording(tmp_path / "far.h5", {"w": (WORDS, [(T0, "a"), (T0 + SECOND, "b")])}))
    far = replace(info, live=True, network="NFS")
    watched.growth.watch((far,))
    watched.growth.watch((replace(far, last_time=far.last_time + 1),))
    assert [text for text in watched.noted if "network drive (NFS)" in text] == watched.noted
    assert len(watched.noted) == 1
    watched.growth.watch(())
