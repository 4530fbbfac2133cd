"""A recording made of others takes about the room of what it holds, however many streams it has."""

from pathlib import Path

import h5py
import numpy as np

from studio.formats.payload import PayloadKind, StreamFormat
from studio.store import StoreReader
from studio.store.batch import Rows
from studio.store.composing import MOST_ENDED, Loss, Provenance, composing
from studio.store.layout import StreamDescription, StreamSize
from tests.benchmarks.many_streams import many_streams
from tests.store.recordings import SECOND, T0

SIGNAL = StreamFormat(PayloadKind.SAMPLES, "float32", 2, rate=100.0)
STREAMS = 10


def composed(
    path: Path, size: StreamSize | None, data: "np.ndarray[tuple[int, int], np.dtype[np.float32]]"
) -> Path:
    times = T0 + np.arange(1, 4, dtype=np.int64) * SECOND
    index = np.stack((np.arange(3) * 100, np.full(3, 100)), axis=1).astype(np.int64)
    with composing(path) as composer:
        composer.begin(Provenance(T0, "m", "s", recovered=False, origin=()), {})
        for number in range(STREAMS):
            stream = composer.add_stream(StreamDescription(f"s{number}", 0, SIGNAL, opened_time=T0), size)
            stream.write(Rows(times, times + 1, np.arange(1, 4), index, data))
    return path


def test_chunks_fit_what_is_known_to_come(tmp_path: Path) -> None:
    data = np.random.default_rng(1).standard_normal((300, 2)).astype(np.float32)
    fitted = composed(tmp_path / "fitted.h5", StreamSize(messages=3, extent=300), data)
    usual = composed(tmp_path / "usual.h5", None, data)
    assert 4 * fitted.stat().st_size < usual.stat().st_size
    with StoreReader(fitted) as one, StoreReader(usual) as other:
        for name in one.stream_names:
            expected = list(other.messages(name))
            for message, wanted in zip(one.messages(name), expected, strict=True):
                assert message.envelope == wanted.envelope
                assert np.array_equal(message.data, wanted.data)
            for columns in (2, 50, 1000):
                window, same = (reader.window(name, T0, T0 + 4 * SECOND, columns) for reader in (one, other))
                assert np.array_equal(window.minimum, same.minimum, equal_nan=True)


def test_more_than_was_said_has_room_too(tmp_path: Path) -> None:
    data = np.random.default_rng(1).standard_normal((300, 2)).astype(np.float32)
    path = composed(tmp_path / "more.h5", StreamSize(messages=1, extent=10), data)
    with StoreReader(path) as reader:
        assert [len(message.data) for message in reader.messages("s9")] == [100, 100, 100]


def test_of_very_many_streams_nothing_stays_open_but_what_is_read(tmp_path: Path) -> None:
    path = many_streams(tmp_path / "many.h5", 300)
    with StoreReader(path) as reader:
        streams = reader.info().streams
        file = reader._file
        assert file is not None
        assert h5py.h5f.get_obj_count(file.id, h5py.h5f.OBJ_ALL) < 20
        assert [stream.name for stream in streams] == [f"s{number:06}" for number in range(300)]
        for number in (0, 1, 299):
            times = [message.envelope.originating_time for message in reader.messages(f"s{number:06}")]
            ends = streams[number].first_time, streams[number].last_time
            assert ends == (times[0], times[-1])
            assert streams[number].message_count == len(times)


def test_what_is_composed_of_very_many_streams_does_not_stay_open(tmp_path: Path) -> None:
    data = np.zeros(3, np.uint8)
    times = T0 + np.arange(1, 4, dtype=np.int64) * SECOND
    index = np.stack((np.arange(3), np.ones(3)), axis=1).astype(np.int64)
    bytes_format = StreamFormat(PayloadKind.BYTES)
    count, most = 3 * MOST_ENDED, 0
    with composing(tmp_path / "open.h5") as composer:
        composer.begin(Provenance(T0, "m", "s", recovered=False, origin=()), {})
        for number in range(count):
            described = StreamDescription(f"s{number}", 0, bytes_format, opened_time=T0)
            stream = composer.add_stream(described, StreamSize(messages=3, extent=3))
            stream.write(Rows(times, times + 1, np.arange(1, 4), index, data))
            stream.account([Loss(T0, "gap", 1, T0, T0 + 1)])
            stream.close(int(times[-1]))
            most = max(most, h5py.h5f.get_obj_count(composer._file.id, h5py.h5f.OBJ_DATASET))
    assert most < 8 * (MOST_ENDED + 2)
    with StoreReader(tmp_path / "open.h5") as reader:
        streams = reader.info().streams
        assert [(each.message_count, each.dropped, each.gaps) for each in streams] == [(3, 1, 1)] * count
