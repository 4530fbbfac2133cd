"""A recording of many streams is listed at once while it grows and after its recorder was killed."""

import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.errors import StoreFormatError
from studio.formats.recording import StreamInfo
from studio.formats.stream_columns import StreamColumns
from studio.store import StoreReader, layout, verify
from studio.store.contents import FEW
from studio.store.layout import GAP, NewStream
from studio.store.opening import open_at_rest
from studio.store.recovery import MOST_AT_OPENING, recover
from studio.store.stream_book import last_counts, streams_of
from studio.store.writer import StoreWriter
from studio.timing import NS_PER_MS
from tests.store.many_writer import new_stream
from tests.store.recordings import SCALAR, T0, message
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def recorder(path: Path, streams: int) -> "Iterator[subprocess.Popen[str]]":
    """Recording many streams, until it is killed at the end."""
    command = [sys.executable, "-m", "tests.store.many_writer", str(path), str(streams)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def rounds(process: "subprocess.Popen[str]", wanted: int) -> None:
    """Wait until so many were committed."""
    assert process.stdout is not None
    assert any(int(line) >= wanted for line in process.stdout)


def told_by_the_streams(path: Path) -> list[StreamInfo]:
    """Each looked into, as of the last commit."""
    with open_at_rest(path) as file:
        book = streams_of(path, file)
        counts = file[layout.COMMITS][layout.COUNTS]
        book.take_counts(last_counts(counts, file[layout.COMMITS][layout.TIME].shape[0]))
        return [reader.info() for reader in book.readers()]


def open_objects(reader: StoreReader) -> int:
    """How much of the file is open."""
    assert reader._file is not None
    return int(h5py.h5f.get_obj_count(reader._file.id, h5py.h5f.OBJ_ALL))


def test_it_is_followed_while_it_grows_and_outlives_its_recorder(tmp_path: Path) -> None:
    path = tmp_path / "many.h5"
    with recorder(path, FEW + 10) as process:
        rounds(process, 1)
        with StoreReader(path) as reader:
            first = reader.info()
            assert first.live
            assert isinstance(first.streams, StreamColumns)
            assert open_objects(reader) < 20
            before = first.streams[0].message_count
            assert len(list(reader.messages(first.streams[0].name))) >= before
            rounds(process, before + 5)
            wait_until(lambda: reader.info().streams[0].message_count >= before + 5)
            now = reader.info()
            assert len(now.streams) > len(first.streams)
            assert [each.name for each in now.streams[:5]] == [each.name for each in first.streams[:5]]
            assert now.streams[3].last_time == T0 + (now.streams[3].message_count - 1) * NS_PER_MS + 3
            newest = now.streams[len(now.streams) - 2].name
            assert reader.message_at(newest, now.last_time) is not None
    copy = shutil.copyfile(path, tmp_path / "as it is.h5")
    with StoreReader(copy, repair=False) as reader:
        assert not reader.info().clean
        assert open_objects(reader) < 20
        assert list(reader.info().streams) == told_by_the_streams(copy)
    assert recover(path, still_for=NS_PER_MS)
    with StoreReader(path) as reader:
        assert reader.info().recovered
        assert open_objects(reader) < 20, "it was not opened by a table of contents"
        assert [each.message_count for each in reader.info().streams] == [
            each.message_count for each in told_by_the_streams(copy)
        ]
    assert verify(path, still_for=NS_PER_MS).findings == ()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    portions=st.lists(st.integers(1, 40), min_size=1, max_size=5),
    busy=st.lists(st.tuples(st.integers(0, 199), st.booleans()), max_size=20),
)
def test_it_says_what_the_streams_say_however_they_come(
    portions: list[int], busy: list[tuple[int, bool]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("grown") / "live.h5"
    writer = StoreWriter.create(path)
    times = dict[str, int]()
    for portion in (FEW // 2, *portions, FEW // 2):
        known = len(writer.stream_names)
        writer.add_streams([new_stream(known + number) for number in range(portion)])
        for number, is_lost in busy:
            name = writer.stream_names[number % len(writer.stream_names)]
            times[name] = times.get(name, T0) + 1
            data: Any = 1.0 if writer.format(name) is SCALAR else "word"
            writer.append(name, message(writer.format(name), times[name], data, times[name] - T0))
            if is_lost:
                writer.add_loss(name, GAP if number % 2 else "queue full", number, T0, T0 + 1)
        writer.flush()
    copy = shutil.copyfile(path, path.with_name("copy.h5"))
    writer.abandon()
    with StoreReader(copy, repair=False) as reader:
        assert isinstance(reader.info().streams, StreamColumns)
        assert open_objects(reader) < 20
        assert list(reader.info().streams) == told_by_the_streams(copy)


@pytest.mark.parametrize("table", ["streams", "names", "texts", "state"])
def test_where_it_does_not_fit_the_streams_tell_themselves(table: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.h5"
    writer = StoreWriter.create(path)
    writer.add_streams([new_stream(number) for number in range(FEW + 1)])
    writer.append(writer.stream_names[3], message(SCALAR, T0, 1.0))
    writer.flush()
    writer.abandon()
    from studio.store.superblock import mark_closed

    mark_closed(path)
    with h5py.File(path, "r+") as file:
        damaged = file[layout.CONTENTS][table]
        if table == "state":
            damaged[...] = 7
        else:
            damaged.resize(damaged.shape[0] - 1, axis=0)
    with StoreReader(path, repair=False) as reader:
        assert list(reader.info().streams) == told_by_the_streams(path)


def test_putting_in_order_that_was_interrupted_is_done_again_and_forgets_no_loss(tmp_path: Path) -> None:
    path = tmp_path / "twice.h5"
    writer = StoreWriter.create(path)
    writer.add_streams([new_stream(number) for number in range(6)])
    for name in writer.stream_names:
        writer.report_produced(name, 4)
    writer.flush()
    writer.abandon()

    def interrupt(done: int, _streams: int) -> None:
        if done == 4:
            raise InterruptedError("the machine was switched off")

    with pytest.raises(StoreFormatError, match="switched off"):
        recover(path, still_for=NS_PER_MS, tell=interrupt)
    assert recover(path, still_for=NS_PER_MS)
    with StoreReader(path) as reader:
        assert [(loss.reason, loss.count) for loss in reader.loss()] == [(layout.KILLED_RECORDER, 4)] * 6
    assert verify(path, still_for=NS_PER_MS).findings == ()


def test_of_very_many_none_is_put_in_order_before_they_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "very many.h5"
    writer = StoreWriter.create(path)
    writer.add_streams([NewStream(str(number), SCALAR) for number in range(MOST_AT_OPENING + 1)])
    writer.append("3", message(SCALAR, T0, 1.0))
    writer.flush()
    writer.abandon()
    with StoreReader(path, still_for=NS_PER_MS) as reader:
        info = reader.info()
        assert (info.recovered, info.clean, info.live) == (False, False, False)
        assert (len(info.streams), info.streams[3].message_count) == (MOST_AT_OPENING + 1, 1)
