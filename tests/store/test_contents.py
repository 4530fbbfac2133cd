"""A recording of many streams opens by its table of contents, and says the same as without it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import pytest

from studio.errors import StoreFormatError, StreamError
from studio.formats.stream_columns import StreamColumns
from studio.store import StoreReader, layout, verify
from studio.store.contents import FEW
from studio.store.summary import read_summary
from studio.timing import NS_PER_MS
from tests.store.recordings import SCALAR, STRING, T0, small_recording, write_recording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from studio.formats.payload import StreamFormat

COUNT = FEW + 10
NAMES = ["ä/b", "", *(f"s{number}" for number in range(COUNT - 3)), "last \N{GRINNING FACE}"]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """By a recorder, as any other."""
    streams: dict[str, tuple[StreamFormat, Iterable[tuple[int, Any]]]] = {
        name or "one": (STRING, [(T0 + number + 1, name)])
        if number % 2
        else (SCALAR, [(T0 + number + 1, 1.0)])
        for number, name in enumerate(NAMES)
    }
    return write_recording(tmp_path_factory.mktemp("many") / "many.h5", streams)


@pytest.fixture
def path(recorded: Path, tmp_path: Path) -> Path:
    """A copy, to be changed."""
    place = tmp_path / "copy.h5"
    place.write_bytes(recorded.read_bytes())
    return place


@pytest.fixture
def bare(path: Path) -> Path:
    """As an older studio would have written it."""
    with h5py.File(path, "r+") as file:
        del file[layout.CONTENTS]
    return path


def test_it_says_what_the_streams_say(recorded: Path, bare: Path) -> None:
    with StoreReader(recorded) as reader, StoreReader(bare) as other:
        one, two = reader.info(), other.info()
        assert isinstance(one.streams, StreamColumns)
        assert tuple(one.streams) == tuple(two.streams)
        assert (one.first_time, one.last_time) == (two.first_time, two.last_time) == (T0 + 1, T0 + COUNT)
        assert reader.stream_names == other.stream_names
        for name in ("ä/b", "one", NAMES[-1]):
            assert reader.stream(name).description == other.stream(name).description
            assert list(map(str, reader.messages(name))) == list(map(str, other.messages(name)))
        assert [each.counts for each in reader.streams()] == [each.counts for each in other.streams()]


def test_nothing_of_a_stream_is_opened_before_it_is_read(recorded: Path) -> None:
    with StoreReader(recorded) as reader:
        reader.info()
        file = reader._file
        assert file is not None
        assert h5py.h5f.get_obj_count(file.id, h5py.h5f.OBJ_ALL) < 20


def test_a_line_of_the_list_is_the_same_with_and_without(recorded: Path, bare: Path) -> None:
    assert read_summary(recorded) == read_summary(bare)


def test_few_streams_have_none(tmp_path: Path) -> None:
    with h5py.File(small_recording(tmp_path / "few.h5")) as file:
        assert layout.CONTENTS not in file


def test_an_unknown_stream_is_refused_as_ever(recorded: Path) -> None:
    with (
        StoreReader(recorded) as reader,
        pytest.raises(StreamError, match="has no stream 's'; it has: 'ä/b'"),
    ):
        reader.stream("s")


def test_it_does_not_hold_any_more_once_the_recording_was_changed(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        file[f"{layout.CONTENTS}/{layout.STREAMS}"][0, "message_count"] = 7
        times = file[layout.COMMITS][layout.TIME]
        counts = file[layout.COMMITS][layout.COUNTS]
        rows = times.shape[0]
        for table in (times, counts):
            table.resize(rows + 1, axis=0)
            table[rows] = table[rows - 1]
    with StoreReader(path) as reader:
        assert reader.info().streams[0].message_count == 1


def test_verify_finds_what_is_listed_wrongly(path: Path) -> None:
    assert verify(path, still_for=NS_PER_MS).is_sound
    with h5py.File(path, "r+") as file:
        rows = file[f"{layout.CONTENTS}/{layout.STREAMS}"]
        changed = rows[()]
        changed["last_time"][3] += 1
        rows[...] = changed
    findings = verify(path, still_for=NS_PER_MS).findings
    assert [each.what for each in findings] == ["stream 's1' is not what is listed in its place"]


@pytest.mark.parametrize("table", ["streams", "names", "texts", "counts"])
def test_a_damaged_one_is_an_error_of_the_file(path: Path, table: str) -> None:
    with h5py.File(path, "r+") as file:
        group = file[layout.CONTENTS]
        shortened = group[table][:-1]
        del group[table]
        group[table] = shortened
    with pytest.raises(StoreFormatError, match="table of contents"):
        StoreReader(path)
