"""What very many streams say is asked of each of them once, not whenever their recording is opened."""

from pathlib import Path
from typing import TYPE_CHECKING

import h5py
import pytest

from studio.app.listing_memory import ListingMemory
from studio.errors import StudioError
from studio.formats.recording import RecordingInfo
from studio.host.protocol import OpenRecording
from studio.host.reader_client import ReaderClient
from studio.store import StoreReader, layout
from studio.store.contents import FEW
from tests.store.recordings import SCALAR, STRING, T0, write_recording

if TYPE_CHECKING:
    from studio.host.reader_signs import Listing

COUNT = FEW + 40


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of many streams as an older studio wrote it."""
    path = write_recording(
        tmp_path_factory.mktemp("older") / "older.h5",
        {
            f"s{number}": (STRING, [(T0 + number, "word")]) if number % 2 else (SCALAR, [(T0 + number, 1.0)])
            for number in range(COUNT)
        },
    )
    with h5py.File(path, "r+") as file:
        del file[layout.CONTENTS]
    return path


def is_remembered(reader: StoreReader) -> bool:
    """Whether no stream was looked into."""
    assert reader._file is not None
    return bool(h5py.h5f.get_obj_count(reader._file.id, h5py.h5f.OBJ_ALL) < 20)


def opened_by(path: Path, memory: ListingMemory, told: list[float]) -> bool:
    """Whether it was remembered; what is told must be the same either way."""
    told.clear()
    with StoreReader(path, listings=memory) as reader, StoreReader(path) as other:
        assert list(reader.info().streams) == list(other.info().streams)
        assert list(map(str, reader.messages("s1"))) == list(map(str, other.messages("s1")))
        assert reader.stream("s7").counts == other.stream("s7").counts
    return not told


def test_it_is_looked_into_once_as_long_as_it_stays_as_it_is(older: Path, tmp_path: Path) -> None:
    told: list[float] = []
    path = tmp_path / "copy.h5"
    path.write_bytes(older.read_bytes())

    def memory() -> ListingMemory:
        return ListingMemory(tmp_path / "kept", on_progress=lambda _path, done: told.append(done))

    assert not opened_by(path, memory(), told)
    assert 0 <= min(told) <= max(told) < 1
    assert opened_by(path, memory(), told)
    with h5py.File(path, "r+") as file:
        losses = file["streams/s3/loss"]
        losses.resize(1, axis=0)
        counts = file[layout.COMMITS][layout.COUNTS]
        counts[-1, 4, 2] = 1
    assert not opened_by(path, memory(), told)
    (kept,) = (tmp_path / "kept").iterdir()
    for damage in (b"", b"PK\x03\x04 nothing", kept.read_bytes()[:-400]):
        kept.write_bytes(damage)
        assert not opened_by(path, memory(), told)
        assert opened_by(path, memory(), told)


def test_the_reader_gives_signs_of_life_meanwhile(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(older.parent / "cache"))
    told: list[Listing] = []
    client = ReaderClient(on_listing=told.append)
    try:
        for _ in range(2):
            client.request(OpenRecording(str(older))).result(timeout=60)
        assert [(sign.path, sign.done) for sign in told] == [(str(older), 0.0), (str(older), 1.0)]
    finally:
        client.close()


def test_it_can_be_called_off_and_opened_after_all(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(older.parent / "another cache"))
    client = ReaderClient()
    client.hear(lambda _: client.call_off())
    try:
        with pytest.raises(StudioError, match=r"older\.h5 was not opened: it was called off\."):
            client.request(OpenRecording(str(older))).result(timeout=60)
        client.hear(lambda _: None)
        info = client.request(OpenRecording(str(older))).result(timeout=60)
        assert isinstance(info, RecordingInfo)
        assert len(info.streams) == COUNT
    finally:
        client.close()
