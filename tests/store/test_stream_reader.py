"""A row is found in its message, however many messages there are, and however few reads that takes."""

import sys
from pathlib import Path

import numpy as np
import pytest

from studio.errors import StoreFormatError
from studio.formats.encoding import encode
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store import StoreReader
from studio.store.batch import EncodedMessage
from studio.store.layout import (
    DATA,
    INDEX,
    INDEX_CHUNK_ROWS,
    LOSS,
    PYRAMID_BASE,
    SEQUENCE_ID,
    TIME,
    NewStream,
)
from studio.store.opening import CHUNK_CACHE
from studio.store.stream_reader import StreamReader
from studio.store.writer import StoreWriter

BYTES = StreamFormat(PayloadKind.BYTES)
T0 = 1_700_000_000 * 10**9


@pytest.fixture(params=[1, INDEX_CHUNK_ROWS, INDEX_CHUNK_ROWS * 2 + 7])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[StoreReader, list[int]]:
    """A stream of so many messages of zero to three bytes, and the number of the message of each byte."""
    writer = StoreWriter.create(tmp_path / "x.h5")
    writer.add_stream(NewStream("x", BYTES))
    owners: list[int] = []
    for number in range(request.param):
        data = bytes(number % 4 if number else 1)
        owners += [number] * len(data)
        writer.append("x", EncodedMessage(T0 + number, T0 + number, number, encode(BYTES, data)))
    writer.close()
    return StoreReader(tmp_path / "x.h5"), owners


def test_each_byte_is_found_in_its_message(stored: tuple[StoreReader, list[int]]) -> None:
    reader, owners = stored
    with reader:
        stream = reader.stream("x")
        asked = np.unique(np.linspace(0, len(owners) - 1, 300).astype(int)).tolist()
        # Messages without bytes lie at the place of the one that follows; the byte belongs to the last.
        assert [stream.message_of_row(row) for row in asked] == [owners[row] for row in asked]


def test_what_was_found_once_takes_one_read(
    stored: tuple[StoreReader, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, owners = stored
    with reader:
        stream = reader.stream("x")
        stream.message_of_row(len(owners) - 1)
        reads: list[str] = []
        rows = StreamReader.rows

        def counted(self: StreamReader, table: str, start: int, stop: int) -> object:
            reads.append(table)
            return rows(self, table, start, stop)

        monkeypatch.setattr(StreamReader, "rows", counted)
        assert stream.message_of_row(len(owners) - 1) == owners[-1]
        assert len(reads) == 1


def test_of_nothing_type_and_shape_are_told(stored: tuple[StoreReader, list[int]]) -> None:
    reader, _ = stored
    with reader:
        stream = reader.stream("x")
        for table in (DATA, INDEX, LOSS, SEQUENCE_ID, TIME):
            nothing = stream.rows(table, 0, 0)
            assert nothing.shape[0] == 0
            known = stream.rows(table, 0, stream.length_of(table))
            assert (nothing.dtype, nothing.shape[1:]) == (known.dtype, known.shape[1:])
        with pytest.raises(StoreFormatError, match="expected"):
            stream.rows(TIME, 1 << 20, 1 << 20)


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells there what a process reads")
def test_what_a_screen_shows_is_read_from_the_file_once(tmp_path: Path) -> None:
    """The points of two screens' columns and 64 channels: 1.3 MB."""
    wide = StreamFormat(PayloadKind.SAMPLES, dtype="int16", channels=64, rate=1000.0)
    rows, path = 5000 * PYRAMID_BASE, tmp_path / "wide.h5"
    block = np.arange(rows // 10 * 64, dtype=np.int32).astype(np.int16).reshape(-1, 64)
    writer = StoreWriter.create(path)
    writer.add_stream(NewStream("wide", wide))
    for number in range(1, 11):
        time = T0 + number * rows // 10 * 1_000_000
        writer.append("wide", EncodedMessage(time, time, number, encode(wide, block)))
    writer.close()
    with StoreReader(path) as reader:
        info = reader.info()
        reads = []
        for _ in range(3):
            before = bytes_read()
            window = reader.window("wide", info.first_time, info.last_time, 3000)
            reads.append(bytes_read() - before)
        assert window.minimum.nbytes + window.maximum.nbytes > CHUNK_CACHE["rdcc_nbytes"]
        assert max(reads[1:]) < reads[0] / 10


def bytes_read() -> int:
    """So many has this process read, from wherever."""
    counts = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(counts["rchar"])
