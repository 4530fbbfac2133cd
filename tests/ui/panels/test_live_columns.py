"""A live view that reads only what is new shows what a view that reads everything shows."""

from pathlib import Path

import numpy as np
import pytest

from studio.host.rings import SampleRingReader
from studio.host.sample_writer import SampleRingWriter
from studio.timing import NS_PER_S
from studio.ui.panels.column_spans import pixel_columns
from studio.ui.panels.live_columns import LiveColumns
from studio.ui.panels.time_axis import TimeAxis

T0 = 1_700_000_000 * NS_PER_S
SPAN = 4 * NS_PER_S
COLUMNS = 200


@pytest.mark.parametrize(("rate", "block"), [(48_000.0, 960), (1000.0, 20), (200.0, 7)])
@pytest.mark.parametrize("with_gap", [False, True])
def test_it_shows_what_a_whole_reading_shows(tmp_path: Path, rate: float, block: int, with_gap: bool) -> None:
    writer = SampleRingWriter.create(tmp_path / "ring", channels=2, rate=rate)
    assert writer is not None
    reader = SampleRingReader(tmp_path / "ring")
    live, compared = LiveColumns(reader), 0
    for number in range(int(6 * rate / block)):
        time = T0 + round((number + 1) * block / rate * NS_PER_S)
        if with_gap and 4 * NS_PER_S < time - T0 < 4.5 * NS_PER_S:
            continue
        phase = (number * block + np.arange(block)) / rate * 3
        writer.write(np.stack((np.sin(phase), np.cos(phase)), axis=1).astype(np.float32), time)
        if number % 3:
            continue
        axis = TimeAxis.on_grid(time + 5_000_000, SPAN, COLUMNS, COLUMNS)
        window, _ = live.window(axis, COLUMNS)
        whole = reader.window(axis.left, axis.right, COLUMNS)
        drawn = pixel_columns(window, axis.left, axis.right, COLUMNS)
        expected = pixel_columns(whole, axis.left, axis.right, COLUMNS)
        # One may have read rows where the other read buckets of them: a hair, and the very newest.
        for one, other in ((drawn.low, expected.low), (drawn.high, expected.high)):
            np.testing.assert_allclose(one[:-2], other[:-2], atol=0.01)
        compared += 1
    assert compared > 20
    reader.close()
    writer.close()


class CountingReader:
    """Passes questions on and remembers how long the stretches were."""

    def __init__(self, reader: SampleRingReader) -> None:
        self._reader = reader
        self.spans: list[int] = []

    @property
    def newest_time(self) -> int:
        return self._reader.newest_time

    def window(self, left: int, right: int, columns: int) -> object:
        self.spans.append(right - left)
        return self._reader.window(left, right, columns)


def test_it_reads_only_what_is_new(tmp_path: Path) -> None:
    writer = SampleRingWriter.create(tmp_path / "ring", channels=1, rate=10_000.0)
    assert writer is not None
    ring = SampleRingReader(tmp_path / "ring")
    reader = CountingReader(ring)
    live = LiveColumns(reader)  # type: ignore[arg-type]
    for number in range(300):
        time = T0 + (number + 1) * NS_PER_S // 50
        writer.write(np.zeros((200, 1), np.float32), time)
        live.window(TimeAxis.on_grid(time, SPAN, COLUMNS, COLUMNS), COLUMNS)
    assert max(reader.spans[-50:]) < SPAN / 20
    # Another zoom begins anew.
    live.window(TimeAxis.on_grid(time, 2 * SPAN, COLUMNS, COLUMNS), COLUMNS)
    assert reader.spans[-1] == pytest.approx(2 * SPAN, rel=0.01)
    ring.close()
    writer.close()
