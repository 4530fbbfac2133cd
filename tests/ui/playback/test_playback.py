"""Playing on a timeline, with the real player: cursor, pictures, keys, selection, and what is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from studio.app.player_status import PlayerState
from studio.host.player_client import PlayerClient
from studio.host.protocol import OpenRecording, ReadPicture
from studio.host.queries import Queries
from studio.timing import TimeInterval, Timestamp
from studio.ui.actions import Actions
from studio.ui.panels.picture_plot import PicturePlot
from studio.ui.playback.painted_log import PaintedLog
from studio.ui.playback.playback import Playback
from studio.ui.playback.playback_bar import PlaybackBar
from studio.ui.playback.player_port import PlayerPort
from studio.ui.theme import Theme
from studio.ui.timeline.timeline import Timeline
from tests.app.playing import FRAME, filmed
from tests.store.recordings import SECOND, T0
from tests.ui.real_reader import RealReader

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it


class Review:
    """A timeline that can be played."""

    def __init__(self, qtbot: QtBot, path: Path) -> None:
        self.qtbot, self.path = qtbot, path
        self.theme = Theme("dark")
        self.reader = RealReader()
        self.timeline = Timeline(self.theme, self.reader)
        self.port = PlayerPort(PlayerClient)
        self.playback = Playback(self.port, self.timeline)
        self.bar = PlaybackBar(self.theme, Actions(self.theme, self.timeline), self.playback)
        self.told: list[str] = []
        self.playback.failed.connect(self.told.append)
        self.timeline.add_key(Qt.Key.Key_Space, self.playback.play_or_pause)
        qtbot.addWidget(self.timeline)
        qtbot.addWidget(self.bar)
        self.timeline.resize(900, 600)
        self.timeline.show()
        queries = Queries()
        self.timeline.show_recording(queries.answer(OpenRecording(str(path))))
        queries.close()

    @property
    def plot(self) -> PicturePlot:
        plots = [panel.plot for panel in self.timeline.panels if isinstance(panel.plot, PicturePlot)]
        return plots[0]

    @property
    def cursor(self) -> Timestamp:
        return self.timeline.navigator.cursor_time or 0

    def until(self, state: PlayerState) -> None:
        self.qtbot.waitUntil(lambda: self.playback.status.state is state, timeout=15_000)

    def presses(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.timeline, key)

    def close(self) -> None:
        self.playback.close()
        self.port.close()
        self.timeline.close_streams()
        self.reader.close()


@pytest.fixture
def review(qtbot: QtBot, tmp_path: Path) -> Iterator[Review]:
    made = Review(qtbot, filmed(tmp_path / "film.h5"))
    yield made
    made.close()


def test_space_plays_the_selection_and_at_its_end_begins_again(review: Review, tmp_path: Path) -> None:
    log = PaintedLog(tmp_path / "painted.jsonl")
    review.playback.display.log_to(log)
    navigator = review.timeline.navigator
    navigator.set_selection(TimeInterval(T0 + 10 * FRAME, T0 + 30 * FRAME))
    painted: list[Timestamp] = []
    review.plot.painted.connect(painted.append)
    assert navigator.cursor_time is not None
    for _ in range(2):
        painted.clear()
        review.presses(Qt.Key.Key_Space)
        review.until(PlayerState.PLAYING)
        assert navigator.playing
        review.until(PlayerState.STOPPED)
        assert (review.cursor, navigator.playing) == (T0 + 30 * FRAME, False)
        # What stood there before may be painted once more while the player begins.
        played = painted[next(n for n, time in enumerate(painted) if time < T0 + 30 * FRAME) :]
        assert played == sorted(played)
        assert len([time for time in played if T0 + 10 * FRAME <= time <= T0 + 30 * FRAME]) >= 4
    assert not [told for told in review.told if "sound" not in told]
    log.close()
    lines = (tmp_path / "painted.jsonl").read_text().splitlines()
    assert len(lines) >= 6
    assert '"stream": "camera"' in lines[0]


def test_while_it_plays_the_player_brings_the_pictures_and_a_click_goes_elsewhere(review: Review) -> None:
    review.playback.play_from_start()
    review.until(PlayerState.PLAYING)
    review.qtbot.waitUntil(lambda: review.plot.is_fed)
    review.reader.asked.clear()
    first = review.plot.picture_time
    review.qtbot.waitUntil(lambda: review.plot.picture_time > first + 8 * FRAME)
    assert not [query for query in review.reader.asked if isinstance(query, ReadPicture)]
    assert abs(review.cursor - review.plot.picture_time) < 5 * FRAME
    review.presses(Qt.Key.Key_Space)
    review.until(PlayerState.PAUSED)
    assert not review.plot.is_fed
    review.qtbot.waitUntil(lambda: 0 <= review.cursor - review.plot.picture_time < FRAME)
    review.presses(Qt.Key.Key_Space)
    review.until(PlayerState.PLAYING)
    review.timeline.navigator.set_cursor(T0 + 50 * FRAME)  # as a click on the ruler does
    review.qtbot.waitUntil(lambda: T0 + 50 * FRAME <= review.plot.picture_time < T0 + 60 * FRAME)
    review.qtbot.waitUntil(lambda: review.cursor > T0 + 52 * FRAME)
    assert review.playback.is_playing
    review.playback.stop()
    review.until(PlayerState.STOPPED)
    assert review.cursor == T0


def test_steps_follow_the_pictures_and_move_the_cursor(review: Review) -> None:
    review.timeline.navigator.set_cursor(T0 + 20 * FRAME)
    for wanted in (21, 22):
        review.playback.step_on()
        review.qtbot.waitUntil(lambda wanted=wanted: review.cursor == T0 + wanted * FRAME)  # type: ignore[misc]
    review.playback.step_back()
    review.qtbot.waitUntil(lambda: review.cursor == T0 + 21 * FRAME)
    review.qtbot.waitUntil(lambda: review.plot.picture_time == T0 + 21 * FRAME)


def test_speed_and_loop_are_wishes_that_can_change_at_any_time(review: Review) -> None:
    review.playback.set_loop(True)
    review.playback.set_speed(4.0)
    review.timeline.navigator.set_selection(TimeInterval(T0, T0 + SECOND))
    review.playback.play_from_start()
    review.until(PlayerState.PLAYING)
    assert review.bar.speed_box.currentText() == "4\u00d7"
    assert review.bar.note.text() == "sound is heard at 1\u00d7"
    review.qtbot.waitUntil(lambda: review.playback.status.runs >= 3)
    # Another selection while it plays is played instead.
    review.timeline.navigator.set_selection(TimeInterval(T0 + SECOND, T0 + 2 * SECOND))
    review.qtbot.waitUntil(lambda: review.playback.status.interval.right == T0 + 2 * SECOND)
    assert review.playback.is_playing
    review.playback.set_loop(False)
    review.playback.set_speed(1.0, is_fast=True)
    assert review.bar.speed_box.currentText() == "as fast as possible"
    review.until(PlayerState.STOPPED)
    assert review.cursor == T0 + 2 * SECOND
    review.playback.set_speed(0.1)
    review.playback.play_from_start()
    review.until(PlayerState.PLAYING)
    assert review.bar.isVisibleTo(None)
    review.timeline.show_empty()  # a session that leaves the screen is played no more
    review.until(PlayerState.STOPPED)
    assert not review.bar.isVisibleTo(None)
    assert not review.timeline.navigator.playing


def test_sound_is_switched_off_before_and_while_it_plays_and_the_player_is_told(review: Review) -> None:
    review.playback.set_muted(True)
    review.playback.play_from_start()
    review.until(PlayerState.PLAYING)
    review.qtbot.waitUntil(lambda: review.playback.status.muted, timeout=15_000)
    assert "sound is off" in review.bar.note.text()
    assert review.bar.findChild(QToolButton, "mute_button").isChecked()
    review.playback.set_muted(False)
    review.qtbot.waitUntil(lambda: not review.playback.status.muted, timeout=15_000)
    assert review.bar.note.text() == ""
    review.playback.stop()
    review.until(PlayerState.STOPPED)


def test_a_recording_that_vanished_is_named(review: Review) -> None:
    review.path.unlink()
    review.playback.play_from_start()
    review.qtbot.waitUntil(lambda: any("film.h5" in told for told in review.told))
    assert review.playback.status.state is PlayerState.STOPPED
