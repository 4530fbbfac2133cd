"""A real reader process tells the numbers inside streams and messages exactly as they were recorded."""

from pathlib import Path

import numpy as np
import pytest

from studio.errors import RemoteFailure
from studio.formats.members import Members
from studio.formats.payload import PayloadKind, StreamFormat
from studio.formats.points import PathPoints, PointAxis
from studio.formats.series import SeriesWindow
from studio.host.inside_protocol import ReadMembers, ReadPoints, ReadSeries
from studio.host.protocol import ReadText, ReadValues
from studio.host.reader_client import ReaderClient
from tests.store.recordings import MS, SECOND, T0, write_recording

ANSWER_S = 30.0


def test_members_curves_paths_and_texts_come_from_another_process_as_recorded(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    gaze = random.normal(size=(300, 2))
    plate = random.normal(size=(50, 10, 2))
    path = str(
        write_recording(
            tmp_path / "a.h5",
            {
                "gaze": (
                    StreamFormat(PayloadKind.JSON),
                    [
                        (T0 + n * 20 * MS, {"at": {"x": x, "y": y}, "eye": f"e{n}"})
                        for n, (x, y) in enumerate(gaze.tolist())
                    ],
                ),
                "plate": (
                    StreamFormat(PayloadKind.SAMPLES, "float64", 2, ("x", "y"), 100.0),
                    [(T0 + (n + 1) * 100 * MS, block) for n, block in enumerate(plate)],
                ),
                "words": (StreamFormat(PayloadKind.STRING), [(T0, "one")]),
            },
        )
    )
    left, right, time = T0, T0 + 9 * SECOND, T0 + 100 * 20 * MS
    reader = ReaderClient()
    try:
        members = reader.request(ReadMembers(path, "gaze")).result(ANSWER_S)
        assert members == Members(("at.x", "at.y"), ("eye",))
        series = reader.request(ReadSeries(path, "gaze", left, right, 500)).result(ANSWER_S)
        assert isinstance(series, SeriesWindow)
        np.testing.assert_array_equal(series.signal.minimum, gaze)
        axes = (PointAxis(path, "plate", "1"), PointAxis(path, "plate", "0"))
        points = reader.request(ReadPoints(*axes, left, right)).result(ANSWER_S)
        assert isinstance(points, PathPoints)
        np.testing.assert_array_equal(np.stack([points.ys, points.xs], axis=1), plate.reshape(-1, 2))
        (value,) = reader.request(ReadValues(path, ("gaze",), time)).result(ANSWER_S)
        assert dict(zip(value.members, value.values, strict=True)) == {
            "at.x": gaze[100, 0],
            "at.y": gaze[100, 1],
        }
        assert reader.request(ReadText(path, "gaze", time, "eye")).result(ANSWER_S).text == "e100"
        with pytest.raises(RemoteFailure, match="only messages of JSON have members"):
            reader.request(ReadSeries(path, "words", left, right, 500)).result(ANSWER_S)
    finally:
        reader.close()
