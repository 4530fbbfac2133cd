"""What panels are told of live streams: what the rings hold, and words where there is nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.app.status import LiveView, StreamStatus
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.points import PathPoints, PointAxis
from studio.formats.recording import StreamRef
from studio.formats.series import SeriesWindow
from studio.host.inside_protocol import ReadMembers, ReadPoints, ReadSeries
from studio.host.message_ring import LARGEST, MessageRingWriter
from studio.host.picture_protocol import ReadShapes
from studio.host.protocol import ReadMarks
from studio.host.sample_writer import SampleRingWriter
from studio.timing import NS_PER_MS
from studio.ui.panels.live_members import MOST_PARSED, TOO_LARGE, LiveMembers
from studio.ui.panels.live_reader import LiveReader

STEP = 10 * NS_PER_MS
JSON = StreamFormat(PayloadKind.JSON)
IMU = StreamFormat(PayloadKind.SAMPLES, "float32", 2, ("a", "b"), 100.0)


class Rings:
    """A stream of JSON, one of samples, one of sound of which there is no ring; and who answers."""

    def __init__(self, folder: Path) -> None:
        messages = MessageRingWriter.create(folder / "json")
        samples = SampleRingWriter.create(folder / "imu", channels=2, rate=100.0)
        assert messages is not None
        assert samples is not None
        self.messages, self.samples = messages, samples
        self.reader = LiveReader()
        self.take(str(folder / "json"))
        self.problem = ""

    def take(self, json_path: str) -> None:
        """The recorder says where the rings are."""
        views = {"json": (JSON, json_path), "imu": (IMU, str(Path(json_path).with_name("imu")))}
        streams = {
            StreamRef("box", name): StreamStatus(name, form, live=LiveView(path, ""))
            for name, (form, path) in views.items()
        }
        self.reader.take_streams(streams | {StreamRef("box", "no ring"): StreamStatus("no ring", IMU)})

    def write(self, data: object, number: int) -> None:
        self.messages.write(json.dumps(data), number * STEP)

    def ask(self, query: Any) -> Any:
        """The answer; None, and `problem`, where there is none."""
        answers: list[Any] = []
        self.problem = ""
        self.reader.ask(query, answers.append, lambda text: setattr(self, "problem", text))
        return answers[0] if answers else None

    def series(self, *members: str, left: int = 0, right: int = 10**15, columns: int = 10**6) -> SeriesWindow:
        found = self.ask(ReadSeries("box", "json", left, right, columns, members))
        assert isinstance(found, SeriesWindow)
        return found


@pytest.fixture
def rings(tmp_path: Path) -> Iterator[Rings]:
    made = Rings(tmp_path)
    yield made
    made.reader.close()
    made.messages.close()
    made.samples.close()


def test_members_come_and_go_and_each_has_its_curve(rings: Rings) -> None:
    rings.write({"x": 1, "deep": [True, {"y": 2.5}]}, 1)
    rings.write({"x": None, "new": 7}, 2)
    rings.write("only words", 3)
    found = rings.series()
    assert found.names == ("x", "deep[0]", "deep[1].y", "new")
    nan = np.nan
    wanted = [[1, 1, 2.5, nan], [nan, nan, nan, 7], [nan] * 4]
    assert np.array_equal(found.signal.minimum, wanted, equal_nan=True)
    chosen = rings.series("new", "nowhere")
    assert chosen.names == ("new", "nowhere")
    assert np.array_equal(chosen.signal.minimum, [[nan, nan], [7, nan], [nan, nan]], equal_nan=True)
    assert rings.ask(ReadMembers("box", "json")).numbers == found.names
    value = rings.reader.value_at(StreamRef("box", "json"), 2 * STEP + 1)
    assert value is not None
    assert (value.originating_time, value.values[3]) == (2 * STEP, 7.0)


def test_very_many_messages_cost_a_bounded_look_and_columns_keep_their_extremes(rings: Rings) -> None:
    for number in range(1, 2001):
        rings.write({"n": number, "odd": 500 if number == 777 else 0}, number)
    assert len(rings.series().signal.times) == MOST_PARSED, "some of it at a time"
    for _ in range(2000 // MOST_PARSED):
        found = rings.series(columns=100, right=2000 * STEP)
    assert len(found.signal.times) <= 102
    assert found.signal.samples_per_column > 10
    assert found.signal.maximum[:, 1].max() == 500
    assert (found.signal.minimum[0, 0], found.signal.maximum[-1, 0]) == (1, 2000)


def test_only_the_newest_rows_are_kept(tmp_path: Path) -> None:
    writer = MessageRingWriter.create(tmp_path / "json")
    assert writer is not None
    most = 600
    members = LiveMembers(str(tmp_path / "json"), most_rows=most)
    for number in range(1, 2 * most + 1500):
        writer.write(f'{{"n": {number}}}', number)
        if number % MOST_PARSED == 0:
            assert members.pull()
    assert most <= len(members.times) <= 2 * most
    assert np.array_equal(members.values[:, 0], members.times), "in order, each with its number"
    members.close()
    writer.close()


def test_a_path_pairs_streams_and_is_broken_where_one_was_silent(rings: Rings) -> None:
    for number in range(1, 101):
        rings.write({"x": number, "y": -number}, number)
    rows = np.array([(n, 10 * n) for n in range(1, 101)], np.float32)
    rings.samples.write(rows[:40], 40 * STEP)
    rings.samples.write(rows[60:], 100 * STEP)
    x, b = PointAxis("box", "json", "x"), PointAxis("box", "imu", "1")
    found = rings.ask(ReadPoints(x, b, 0, 100 * STEP))
    assert isinstance(found, PathPoints)
    assert found.names == ("x", "b")
    known = np.isfinite(found.xs + found.ys)
    assert np.array_equal(found.ys[known], 10 * found.xs[known])
    assert np.count_nonzero(~known) == 1, "nothing is drawn across the silence"
    inside = rings.ask(ReadPoints(x, PointAxis("box", "json", "", 1), 20 * STEP, 30 * STEP))
    assert np.array_equal(inside.xs, np.arange(20, 31))
    assert np.array_equal(inside.ys, -inside.xs)


def test_figures_are_those_of_the_picture_and_not_older_than_they_are_kept(rings: Rings) -> None:
    for number in range(1, 31):
        shape = {"kind": "points", "points": [[number, 1]]}
        rings.write({"shapes": [shape]}, number)
    found = rings.ask(ReadShapes("box", "json", 20 * STEP + 5, 0))
    assert (found.number, found.originating_time) == (20, 20 * STEP)
    assert found.shapes.shapes[0].points == ((20.0, 1.0),)
    assert rings.ask(ReadShapes("box", "json", 40 * STEP, 5 * STEP)) is None
    assert (rings.ask(ReadShapes("box", "json", STEP - 1, 0)), rings.problem) == (None, "")
    rings.write({"numbers": 1}, 31)
    assert rings.ask(ReadShapes("box", "json", 31 * STEP, 0)) is None
    assert "shapes" in rings.problem


def test_what_cannot_be_shown_is_said_and_not_asked_for_again_and_again(rings: Rings, tmp_path: Path) -> None:
    rings.write({"x": "y" * LARGEST}, 1)
    assert rings.ask(ReadSeries("box", "json", 0, STEP, 10)) is None
    assert rings.problem == TOO_LARGE
    assert rings.ask(ReadSeries("box", "imu", 0, STEP, 10)) is None
    assert "nothing inside" in rings.problem
    for name, words in (("no ring", "not live"), ("nowhere", "not live")):
        assert rings.ask(ReadSeries("box", name, 0, STEP, 10)) is None
        assert words in rings.problem
    assert rings.ask(ReadMarks("box", "json", 0, STEP, 10)) is None
    assert "when the recording has been opened" in rings.problem
    rings.take(str(tmp_path / "another"))
    assert StreamRef("box", "json") not in rings.reader.opened, "the ring of before is let go of"
    assert rings.ask(ReadSeries("box", "json", 0, STEP, 10)) is None
    assert "is not there" in rings.problem
