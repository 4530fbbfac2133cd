"""A list says the same of a recording as opening it does, without reading any data."""

from pathlib import Path

import h5py
import pytest

from studio.errors import StoreFormatError
from studio.store.reader import StoreReader
from studio.store.summary import read_summary
from studio.timing import SystemClock
from tests.app.recording_devices import device
from tests.waiting import wait_until


@pytest.fixture
def path(tmp_path: Path) -> Path:
    from studio.app.recorder import Recorder

    with Recorder(SystemClock()) as recorder:
        path = recorder.record_to((device("imu"), device("events", rate=0.001)), tmp_path / "a.h5")
        wait_until(lambda: any(s.stored > 20 for d in recorder.status().devices for s in d.streams))
        assert read_summary(path) is None  # it still grows
        recorder.stop()
    return path


def test_the_summary_agrees_with_the_reader(path: Path) -> None:
    summary = read_summary(path)
    assert summary is not None
    with StoreReader(path) as reader:
        info = reader.info()
    assert (summary.created, summary.clean) == (info.created, True)
    assert (summary.first_time, summary.last_time) == (info.first_time, info.last_time)
    assert summary.stream_count == len(info.streams) == 3


def test_what_is_not_complete_or_not_ours_has_no_summary(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        file.attrs["clean"] = 0
    assert read_summary(path) is None
    with h5py.File(path, "r+") as file:
        file.attrs["clean"] = 1
        file.attrs["format_version"] = 99
    assert read_summary(path) is None


def test_missing_attributes_are_damage(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file.attrs["created"]
    with pytest.raises(StoreFormatError, match="its attributes"):
        read_summary(path)
