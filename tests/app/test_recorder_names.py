"""Devices and sessions of any name, two of one name, and a stream that joins late: through the whole path."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import pytest

from studio.app.browse import Browser
from studio.app.catalog import list_sessions
from studio.app.recorder import Recorder
from studio.app.reports import RecordingReports
from studio.app.session_description import read_session
from studio.devices.factory import make_device
from studio.engine import Pipeline
from studio.errors import DeviceError
from studio.host.protocol import OpenRecording
from studio.host.reader_client import ReaderClient
from studio.store.exporter import Exporter
from studio.store.reader import StoreReader
from studio.store.verification import verify
from studio.timing import SystemClock
from tests.app.recording_devices import device
from tests.waiting import wait_until

ODD_NAMES = ("😀 mic", "a/b", "..", ".", "two\nlines", "x" * 300, "é" * 300, "%2F", "a%2Fb", "\ud83d", "\0")


def stored_by_name(recorder: Recorder) -> dict[str, int]:
    """What is in the file so far."""
    return {stream.name: stream.stored for each in recorder.status().devices for stream in each.streams}


def test_devices_of_any_name_are_recorded_listed_and_read(tmp_path: Path) -> None:
    devices = tuple(
        replace(device("signal"), id=f"simulated:signal {number}", name=name)
        for number, name in enumerate(ODD_NAMES)
    )
    with Recorder(SystemClock()) as recorder:
        path = recorder.record(devices, tmp_path)
        wait_until(lambda: min(stored_by_name(recorder).values(), default=0) > 100)
        finished = recorder.stop()
    assert finished is not None
    assert finished.problems == ()
    assert verify(path).findings == ()
    with StoreReader(path) as reader:
        assert reader.stream_names == ODD_NAMES
        for stream in finished.streams:
            rows = sum(len(message.data) for message in reader.messages(stream.name))
            assert rows == stream.stored == stream.produced > 100
    with h5py.File(path) as file:
        assert len(file["streams"]) == len(ODD_NAMES)


@pytest.mark.parametrize("name", ["😀", "a/b", "two\nlines", "..", "z" * 300, "CON", "trailing. ", "\ud83d"])
def test_sessions_of_any_name_stay_in_their_folder_and_are_listed(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    with Recorder(SystemClock()) as recorder:
        path = recorder.record((device("signal"),), folder, name=name, participant=name)
        recorder.stop()
    assert path.parent.parent == folder
    session = read_session(path.parent)
    assert session is not None
    (entry,) = list_sessions(folder)
    assert (entry.partitions[0].path, entry.name, entry.problem) == (str(path), session.name, "")
    browser = Browser()
    assert browser.open_recording(str(path)).clean
    browser.close()


def test_a_second_device_of_one_name_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    twins = (device("signal"), replace(device("signal"), id="simulated:other"))
    with Recorder(SystemClock()) as recorder, pytest.raises(DeviceError, match="rename one of the two"):
        recorder.record(twins, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_stream_that_joins_a_running_recording_is_in_the_same_file(tmp_path: Path) -> None:
    """As an operator does that has something to say only later; readers follow."""
    with Recorder(SystemClock()) as recorder:
        path = recorder.record((device("signal"), device("microphone")), tmp_path)
        wait_until(lambda: min(stored_by_name(recorder).values(), default=0) > 100)
        with closing(ReaderClient()) as follower, Pipeline("late") as late:
            assert list(followed(follower, path)) == ["Simulated signal", "Simulated microphone"]
            (stream,) = make_device(late, device("events", rate=50.0), RecordingReports()).streams
            exporter_of(recorder).write(stream.emitter, "late", format=stream.format)
            late.run_async()
            wait_until(lambda: followed(follower, path).get("late", 0) > 5)
        finished = recorder.stop()
    assert finished is not None
    assert all(stream.dropped == 0 < stream.stored for stream in finished.streams)
    assert verify(path).findings == ()
    with StoreReader(path) as reader:
        assert reader.info().clean
        assert reader.stream_names == ("Simulated signal", "Simulated microphone", "late")


def followed(reader: ReaderClient, path: Path) -> dict[str, int]:
    """Messages of each stream as the reader process sees them: the recorder's own must not open the file."""
    info: Any = reader.request(OpenRecording(str(path))).result(20)
    return {stream.name: stream.message_count for stream in info.streams}


def exporter_of(recorder: Recorder) -> Exporter:
    """Where its run stores."""
    run = recorder._current.run
    assert run is not None
    assert run._exporter is not None
    return run._exporter
