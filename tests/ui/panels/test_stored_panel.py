"""A panel is made of a plan for every kind; it draws, says values, grows and lets go."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.formats.recording import StreamRef
from studio.ui.panels.panel_plan import PanelKind, PanelOptions, PanelPlan
from studio.ui.panels.stored_panel import stored_panel
from studio.ui.panels.stream_health import Health
from tests.store.recordings import SECOND, T0
from tests.ui.panels.stored import WHOLE, PanelStand, frame_of, recording
from tests.ui.timeline.pixels import columns_with

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recording(tmp_path_factory.mktemp("panels"))


@pytest.fixture
def stand(qtbot: QtBot, path: Path) -> Iterator[PanelStand]:
    made = PanelStand(qtbot, path)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (PanelKind.CURVES, "imu"),
        (PanelKind.CURVES, "level"),
        (PanelKind.WAVEFORM, "sound"),
        (PanelKind.MARKS, "events"),
    ],
)
def test_every_kind_draws_its_stream_from_end_to_end(kind: PanelKind, name: str, stand: PanelStand) -> None:
    made = stand.show(kind, name)
    drawn = columns_with(made.panel.plot, stand.theme.stream_colour(0), tolerance=80)
    assert drawn[:450].any()
    assert drawn[450:].any()
    assert made.panel.header.text.name == name
    assert made.panel.header.text.health.health is Health.STORED


def test_the_values_at_the_cursor_stand_in_the_legend(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "imu")
    assert [(line.name, line.value[:4]) for line in made.panel.header.text.legend] == [
        ("x", "1.00"),
        ("y", "3.00"),
    ]


def test_a_stream_that_is_not_in_the_session_is_said_to_be_missing(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "nowhere")
    assert "not in this session" in made.panel.header.text.health.text
    assert made.value_streams == ()


def test_an_empty_stream_says_so_and_asks_nothing(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "empty")
    assert made.panel.header.text.health.text == "nothing was recorded"
    assert stand.reader.asked == []


def test_a_choice_of_the_user_is_told_and_one_of_the_owner_is_not(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "imu")
    told: list[PanelPlan] = []
    made.plan_changed.connect(told.append)
    made.choose_options(PanelOptions(low=-5.0, high=5.0))
    made.choose_options(PanelOptions(low=-5.0, high=5.0))
    assert told == [replace(made.plan, options=PanelOptions(low=-5.0, high=5.0))]
    made.change_plan(replace(made.plan, options=PanelOptions()))
    assert len(told) == 1
    assert made.plan.options == PanelOptions()


def test_a_recording_that_grew_is_asked_for_its_end_only_where_that_is_in_view(stand: PanelStand) -> None:
    made = stand.show(PanelKind.CURVES, "imu", frame=frame_of(T0, T0 + SECOND))
    asked = len(stand.reader.asked)
    (imu,) = (stream for stream in stand.info.streams if stream.name == "imu")
    longer = replace(imu, last_time=imu.last_time + SECOND, message_count=imu.message_count + 10)
    grown = replace(stand.info, streams=(longer,))
    made.refresh(grown)
    assert len(stand.reader.asked) == asked
    stand.draw(made, WHOLE)
    asked = len(stand.reader.asked)
    made.refresh(grown)
    assert len(stand.reader.asked) == asked, "nothing has changed since"
    made.refresh(replace(grown, streams=(replace(longer, last_time=longer.last_time + SECOND),)))
    assert len(stand.reader.asked) == asked + 1


def test_a_closed_panel_takes_no_answer(stand: PanelStand) -> None:
    stand.reader.held = True
    plan = PanelPlan(PanelKind.WAVEFORM, (StreamRef(stand.info.path, "sound"),))
    made = stored_panel(stand.theme, stand.reader, (stand.info,), plan, 0)
    made.show_frame(WHOLE)
    made.close()
    made.close()
    stand.reader.release()
    assert not columns_with(made.panel.plot, stand.theme.stream_colour(0)).any()


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        (PanelKind.SPECTROGRAM, "sound", "imu"),
        (PanelKind.TEXT, "words", "events"),
        (PanelKind.LATENCY, "blobs", "words"),
        (PanelKind.RATE, "blobs", "words"),
        (PanelKind.MESSAGES, "blobs", "words"),
        (PanelKind.MARKS, "events", "words"),
    ],
)
def test_a_kind_that_shows_one_stream_says_what_is_left_out(
    kind: PanelKind, first: str, second: str, stand: PanelStand
) -> None:
    header = stand.show(kind, first, second).panel.header.text
    assert header.name == first
    assert header.health.text == "first of 2 streams; the others are not shown"
    assert f"Not shown here: {second}." in header.tooltip
    assert "not shown" not in stand.show(kind, first).panel.header.text.tooltip


def test_curves_of_several_streams_leave_nothing_out(stand: PanelStand) -> None:
    header = stand.show(PanelKind.CURVES, "imu", "level").panel.header.text
    assert header.health.health is Health.STORED
    assert "Not shown" not in header.tooltip
