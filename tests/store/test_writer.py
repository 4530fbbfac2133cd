"""The writer alone: what it refuses, what it counts, what it leaves on a full disk."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
import pytest

from studio.errors import MessageOrderError, StoreEnvironmentError, StreamError
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store import StoreReader, verify
from studio.store.batch import BATCH_MESSAGES
from studio.store.free_space import LEAST_RESERVED, MOST_RESERVED, has_room, reserve
from studio.store.layout import CLOCK_TABLES, DATA, SAMPLES_CHUNK_BYTES, NewStream, stream_datasets
from studio.store.recovery import recover_if_allowed
from studio.store.sidecar import SideCar, is_being_written, read_generation, sidecar_path
from studio.store.writer import StoreWriter
from tests.store.recordings import AUDIO, MS, SCALAR, STRING, T0, blocks, message, small_recording


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[StoreWriter]:
    made = StoreWriter.create(tmp_path / "r.h5")
    yield made
    made.close()


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "r.h5")
    before = path.read_bytes()
    with pytest.raises(StoreEnvironmentError, match="exists already"):
        StoreWriter.create(path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["r.h5"]


def test_a_folder_that_is_missing_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreEnvironmentError, match="does not exist"):
        StoreWriter.create(tmp_path / "no" / "r.h5")


def test_a_fresh_recording_can_be_read_at_once(writer: StoreWriter) -> None:
    with StoreReader(writer.path) as reader:
        info = reader.info()
        assert (info.live, info.clean, info.streams) == (True, False, ())


def test_all_tables_of_the_clock_exist_from_the_beginning(writer: StoreWriter) -> None:
    writer.close()
    with h5py.File(writer.path) as file:
        assert set(file["clock"]) == {*CLOCK_TABLES, "parts", "commits"}


def test_closing_leaves_a_clean_file_and_no_sidecar(writer: StoreWriter) -> None:
    assert is_being_written(writer.path)
    writer.close()
    writer.close()
    assert not sidecar_path(writer.path).exists()
    with StoreReader(writer.path) as reader:
        assert reader.info().clean
        assert not reader.info().live
    with pytest.raises(StoreEnvironmentError, match="is closed"):
        writer.append("x", message(SCALAR, T0, 1.0))


def test_a_stream_added_in_the_middle_moves_the_generation(writer: StoreWriter) -> None:
    writer.add_stream(NewStream("first", SCALAR))
    writer.append("first", message(SCALAR, T0, 1.0))
    before = read_generation(writer.path)
    writer.add_streams([NewStream("second", STRING), NewStream("third", AUDIO)])
    assert read_generation(writer.path) == before + 1
    writer.append("first", message(SCALAR, T0 + 1, 2.0, 2))
    writer.append("second", message(STRING, T0, "x"))
    writer.close()
    with StoreReader(writer.path) as reader:
        assert reader.stream_names == ("first", "second", "third")
        assert [m.data for m in reader.messages("first")] == [1.0, 2.0]
    assert verify(writer.path).is_sound


def test_a_name_that_is_taken_or_empty_adds_no_stream_at_all(writer: StoreWriter) -> None:
    writer.add_stream(NewStream("x", SCALAR))
    for names in (["x"], [""], ["a", "a"], ["b", "x"]):
        with pytest.raises(StreamError):
            writer.add_streams([NewStream(name, SCALAR) for name in names])
    assert writer.stream_names == ("x",)


def test_a_message_that_goes_back_is_refused_and_the_rest_stays(writer: StoreWriter) -> None:
    writer.add_stream(NewStream("x", SCALAR))
    writer.append("x", message(SCALAR, T0, 1.0))
    for time in (T0, T0 - 1):
        with pytest.raises(MessageOrderError, match="must increase"):
            writer.append("x", message(SCALAR, time, 2.0, 2))
    writer.append("x", message(SCALAR, T0 + 1, 3.0, 3))
    writer.close()
    with StoreReader(writer.path) as reader:
        assert [m.data for m in reader.messages("x")] == [1.0, 3.0]


def test_produced_is_stored_and_dropped(writer: StoreWriter) -> None:
    writer.add_stream(NewStream("sound", AUDIO))
    for number, (time, block) in enumerate(blocks(10)):
        writer.append("sound", message(AUDIO, time, block, number + 1))
    writer.add_loss("sound", "queue full", 480, T0, T0 + 1)
    writer.add_loss("sound", "gap", 999, T0, T0 + 1)
    writer.report_produced("sound", 480 * 12 + 999)
    writer.close()
    with StoreReader(writer.path) as reader:
        (info,) = reader.info().streams
        assert info.sample_count == 4800
        assert info.produced == 480 * 12 + 999
        assert info.dropped == 480 * 2 + 999
        assert info.gaps == 1
        assert {loss.reason: loss.count for loss in reader.loss()} == {
            "queue full": 480,
            "gap": 999,
            "not accounted for": 480,
        }
    assert verify(writer.path).is_sound


def test_large_batches_reach_the_file_before_the_flush(writer: StoreWriter) -> None:
    writer.add_stream(NewStream("x", SCALAR))
    count = 2 * BATCH_MESSAGES + 500
    for i in range(count):
        writer.append("x", message(SCALAR, T0 + i, float(i), i + 1))
    assert writer.totals("x").message_count == 2 * BATCH_MESSAGES
    writer.flush()
    assert writer.totals("x").message_count == count


def test_columns_wait_for_more_of_them_and_are_whole_with_the_commit(writer: StoreWriter) -> None:
    """Times, index and pyramid of a full batch are small: they wait, and are counted as waiting."""
    writer.add_stream(NewStream("x", SCALAR))
    for number in range(BATCH_MESSAGES):
        writer.append("x", message(SCALAR, T0 + number, float(number), number + 1))
    with h5py.File(writer.path, "r", swmr=True, locking=False) as file:
        assert len(file["streams/x/time"]) == 0
    assert writer.pending_bytes >= BATCH_MESSAGES * 8 * 5  # three columns, and two of the index
    writer.flush()
    assert writer.pending_bytes == 0
    writer.close()
    with StoreReader(writer.path) as reader:
        assert len(reader.stream("x").rows("time", 0, BATCH_MESSAGES)) == BATCH_MESSAGES
    assert verify(writer.path).is_sound


def test_a_batch_that_was_just_full_is_committed_though_nothing_follows(writer: StoreWriter) -> None:
    writer.add_stream(NewStream("x", SCALAR))
    for number in range(BATCH_MESSAGES):
        writer.append("x", message(SCALAR, T0 + number, float(number), number + 1))
    writer.flush()
    with StoreReader(writer.path) as reader:
        assert reader.info().streams[0].message_count == BATCH_MESSAGES
    commits = writer.last_commit_time
    writer.flush()
    assert writer.last_commit_time == commits, "nothing was new"


def test_the_reserve_follows_the_volume_and_what_waits() -> None:
    giga = 1 << 30
    assert reserve(1000 * giga, 0) == MOST_RESERVED
    assert reserve(giga, 0) == giga // 20
    assert reserve(64 << 20, 0) == LEAST_RESERVED
    assert reserve(64 << 20, 10 << 20) == (20 << 20) + LEAST_RESERVED


def test_only_one_may_hold_the_sidecar(tmp_path: Path) -> None:
    path = tmp_path / "r.h5"
    held = SideCar.take(path)
    assert held is not None
    assert SideCar.take(path) is None
    assert is_being_written(path)
    held.bump_generation()
    held.bump_generation()
    assert read_generation(path) == 2
    held.release()
    held.release()
    assert not is_being_written(path)
    assert read_generation(path) == 0


def broken_off(path: Path) -> Path:
    """A recording whose writer has gone without closing it."""
    writer = StoreWriter.create(path)
    writer.add_stream(NewStream("x", SCALAR))
    for i in range(10):
        writer.append("x", message(SCALAR, T0 + i * MS, float(i), i + 1))
    writer.flush()
    copy = path.with_name("copy.h5")
    copy.write_bytes(path.read_bytes())
    writer.close()
    return copy


def test_a_broken_off_recording_is_put_in_order_when_opened(tmp_path: Path) -> None:
    path = broken_off(tmp_path / "r.h5")
    with StoreReader(path, still_for=0) as reader:
        info = reader.info()
        assert (info.clean, info.recovered, info.live) == (False, True, False)
        assert [m.data for m in reader.messages("x")] == [float(i) for i in range(10)]
        assert [loss.reason for loss in reader.loss()] == ["killed recorder"]
    with h5py.File(path) as file:
        assert file["streams/x"].attrs["message_count"] == 10
        assert file["streams/x"].attrs["last_time"] == T0 + 9 * MS
    assert verify(path).is_sound


def test_a_recording_of_another_machine_is_read_as_it_is(tmp_path: Path) -> None:
    path = broken_off(tmp_path / "r.h5")
    sidecar_path(path).write_text("0" * 20 + "\nanother machine")
    before = path.read_bytes()
    with StoreReader(path, still_for=0) as reader:
        assert not reader.info().recovered
        assert [m.data for m in reader.messages("x")] == [float(i) for i in range(10)]
    assert path.read_bytes() == before
    assert not recover_if_allowed(path, still_for=0)


def test_a_file_that_still_changes_is_waited_for(tmp_path: Path) -> None:
    path = broken_off(tmp_path / "r.h5")
    os.utime(path)
    begun = path.stat().st_mtime_ns
    with StoreReader(path, still_for=300 * MS) as reader:
        assert reader.info().recovered
    assert path.stat().st_mtime_ns - begun >= 290 * MS


FILL = """
import sys
from pathlib import Path
import numpy as np
from studio.errors import StoreEnvironmentError
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from tests.store.recordings import T0, message
described = StreamFormat(PayloadKind.BYTES)
told = []
writer = StoreWriter.create(Path(sys.argv[1]), on_disk_full=told.append)
writer.add_stream(NewStream("x", described))
taken = 0
while writer.is_open and taken < 4000:
    writer.append("x", message(described, T0 + taken, bytes([taken % 256]) * 100_000, taken + 1))
    taken += 1
    if taken % 5 == 0 and writer.is_open:
        writer.flush()
print(taken, len(told), isinstance(told[0], StoreEnvironmentError), "full" in str(told[0]))
"""


@pytest.mark.disk
def test_a_full_disk_ends_the_recording_with_everything_kept(tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk cannot be mounted here")
    try:
        path = place / "r.h5"
        done = subprocess.run(
            [sys.executable, "-c", FILL, str(path)], capture_output=True, text=True, timeout=100, check=False
        )
        assert done.returncode == 0, done.stderr  # the process lives, also at its exit
        taken, told, is_ours, is_clear = done.stdout.split()
        assert (told, is_ours, is_clear) == ("1", "True", "True")
        with StoreReader(path) as reader:
            (info,) = reader.info().streams
            assert reader.info().clean
            # The reserve is there so that what was taken is stored.
            assert (info.produced, info.message_count, info.dropped) == (int(taken), int(taken), 0)
            assert info.byte_count > 20 << 20
            assert [m.data[0] for m in reader.messages("x")] == [i % 256 for i in range(info.message_count)]
        assert verify(path).is_sound
        (place / "filler").write_bytes(bytes(max(0, shutil.disk_usage(place).free - (4 << 20))))
        assert not has_room(place, 0)
        with pytest.raises(StoreEnvironmentError, match="is full"):
            StoreWriter.create(place / "another.h5")
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_chunks_hold_about_a_second_and_never_more_than_measured() -> None:
    for rate in (0.0, 1.0, 100.0, 48_000.0, 1e6):
        for channels in (1, 3, 64, 1024, 100_000):
            described = StreamFormat(PayloadKind.SAMPLES, dtype="float64", channels=channels, rate=rate)
            specs = {spec.path: spec for spec in stream_datasets(described)}
            chunk = specs[DATA].chunk_bytes
            assert chunk <= max(SAMPLES_CHUNK_BYTES, 64 * channels * 8)
            assert all(spec.chunk_rows >= 1 for spec in specs.values())
            assert np.dtype(specs[DATA].dtype) == np.float64


def test_what_a_device_takes_back_at_the_end_is_not_missing(writer: StoreWriter) -> None:
    writer.add_stream(NewStream("x", SCALAR))
    for number in range(3):
        writer.append("x", message(SCALAR, T0 + number * MS, float(number), number + 1))
    writer.report_produced("x", 4)
    writer.flush()
    writer.report_produced("x", 3)
    writer.close()
    with StoreReader(writer.path) as reader:
        (stream,) = reader.info().streams
        assert (stream.produced, stream.dropped, reader.loss()) == (3, 0, ())
    assert verify(writer.path).is_sound


def test_only_the_chunks_that_are_being_filled_stay_in_memory(writer: StoreWriter) -> None:
    writer.add_stream(NewStream("x", AUDIO))
    for table in writer._streams.find("x")._tables.values():
        _, cached, _ = table.dataset.id.get_access_plist().get_chunk_cache()
        chunk = table.dataset.chunks
        assert cached == np.prod(chunk, dtype=int) * table.dataset.dtype.itemsize


def test_of_very_many_streams_only_so_many_datasets_are_held_at_a_time(
    writer: StoreWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.store.writer.MOST_OPEN_TABLES", 30)
    names = [f"s{number}" for number in range(20)]
    writer.add_streams([NewStream(name, STRING) for name in names])
    for second in range(3):
        for name in names:
            writer.append(name, message(STRING, T0 + second, f"{name} {second}", second + 1))
        writer.flush()
        assert writer._file is not None
        assert h5py.h5f.get_obj_count(writer._file.id, h5py.h5f.OBJ_DATASET) < 30 + 6 + 15
        with StoreReader(writer.path) as reader:  # it follows as ever
            texts = [[each.data for each in reader.messages(name)] for name in names]
        assert texts == [[f"{name} {one}" for one in range(second + 1)] for name in names]
    writer.close()
    assert verify(writer.path).is_sound
