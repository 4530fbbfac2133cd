"""A row is found in its message, however many messages there are, and however few reads that takes."""

from pathlib import Path

import numpy as np
import pytest

from studio.formats.encoding import encode
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store import StoreReader
from studio.store.batch import EncodedMessage
from studio.store.layout import INDEX_CHUNK_ROWS, NewStream
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
