"""The reader process: answers, refuses in words, dies alone and comes back."""

import fcntl
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest

from studio.app.recorder import Recorder
from studio.app.session_entries import PartitionEntry
from studio.errors import RemoteFailure, RoleError
from studio.formats.notes import Note, PutNote
from studio.formats.payload import PayloadKind
from studio.host.protocol import (
    AppendNotes,
    ListSessions,
    OpenRecording,
    ReadMarks,
    ReadPicture,
    ReadSpace,
    ReadValues,
    ReadWindow,
    StopRecording,
)
from studio.host.reader_client import ReaderClient
from studio.store.notes_journal import append_entries, read_notes
from studio.timing import TIME_MAX, SystemClock
from tests.host.watched import devices
from tests.lab.places import Places
from tests.waiting import wait_until


@pytest.fixture
def reader() -> Iterator[ReaderClient]:
    client = ReaderClient()
    yield client
    client.close()
    client.close()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A short recording of all simulated devices."""
    with Recorder(SystemClock()) as recorder:
        path = recorder.record(devices(), tmp_path, name="P03")

        def all_stored() -> bool:
            streams = [stream for device in recorder.status().devices for stream in device.streams]
            return all(stream.stored for stream in streams if stream.format.kind is not PayloadKind.EVENT)

        wait_until(all_stored, 20, "something of every stream")
        recorder.stop()
    return path


def reader_processes(places: Places) -> list[psutil.Process]:
    name, value = places.mark
    children = psutil.Process().children()
    return [child for child in children if "reader" in child.cmdline() and child.environ().get(name) == value]


def test_the_room_for_recordings_is_known_before_their_folder_exists(
    reader: ReaderClient, tmp_path: Path
) -> None:
    asked = reader.request(ReadSpace(str(tmp_path / "not" / "yet"))).result(20)
    assert isinstance(asked, int)
    assert 0 < asked <= shutil.disk_usage(tmp_path).free + 10**9


def test_all_questions_about_a_recording_are_answered(reader: ReaderClient, recording: Path) -> None:
    sessions = reader.request(ListSessions(str(recording.parent.parent))).result(20)
    assert [part.path for session in sessions for part in session.partitions] == [str(recording)]
    path = str(recording)
    info = reader.request(OpenRecording(path)).result(20)
    by_kind = {stream.format.kind: stream for stream in info.streams}
    sampled, picture = by_kind[PayloadKind.AUDIO], by_kind[PayloadKind.JPEG]
    window = reader.request(
        ReadWindow(path, sampled.name, sampled.first_time, sampled.last_time, columns=100)
    ).result(20)
    assert np.isfinite(window.minimum).any()
    frame = reader.request(ReadPicture(path, picture.name, picture.last_time, 320, 320)).result(20)
    assert frame.originating_time == picture.last_time
    assert max(frame.image.shape[:2]) <= 320
    marks = reader.request(ReadMarks(path, picture.name, info.first_time, TIME_MAX)).result(20)
    assert marks.total == picture.message_count
    (value,) = reader.request(ReadValues(path, (sampled.name,), sampled.last_time)).result(20)
    assert value.text


def test_what_cannot_be_read_is_said_in_words(reader: ReaderClient, tmp_path: Path) -> None:
    (tmp_path / "no recording.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + b"\0" * 500)
    for path in (tmp_path / "missing.h5", tmp_path / "no recording.h5", tmp_path):
        with pytest.raises(RemoteFailure) as failure:
            reader.request(OpenRecording(str(path))).result(20)
        assert path.name in failure.value.text
    with pytest.raises(RemoteFailure, match="does not know"):
        reader.request(StopRecording()).result(20)  # type: ignore[arg-type]


def test_a_killed_reader_comes_back_with_the_next_question(
    reader: ReaderClient, tmp_path: Path, places: Places
) -> None:
    assert reader.request(ListSessions(str(tmp_path))).result(20) == ()
    (first,) = reader_processes(places)
    first.kill()
    first.wait(10)
    assert reader.request(ListSessions(str(tmp_path))).result(20) == ()
    (second,) = reader_processes(places)
    assert second.pid != first.pid


def test_the_question_that_kills_the_reader_fails_and_the_next_is_answered(
    reader: ReaderClient, tmp_path: Path, places: Places
) -> None:
    reader.request(ListSessions(str(tmp_path))).result(20)
    (process,) = reader_processes(places)
    process.suspend()
    killing, next_one = (reader.request(ListSessions(str(tmp_path))) for _ in range(2))
    process.kill()
    with pytest.raises(RoleError, match="ended unexpectedly"):
        killing.result(20)
    assert next_one.result(20) == ()


def test_a_note_outlives_the_reader_that_was_about_to_write_it(
    reader: ReaderClient, tmp_path: Path, places: Places
) -> None:
    recording, note = tmp_path / "r.h5", Note("a", "Notes", 1, 2, "looks away")
    for reached in (False, True):
        reader.request(ListSessions(str(tmp_path))).result(20)
        (process,) = reader_processes(places)
        process.suspend()
        asked = reader.request(AppendNotes(str(recording), (PutNote(note),)))
        if reached:  # it is killed when it has written and not answered yet
            append_entries(recording, (PutNote(note),))
        process.kill()
        assert PutNote(note) in asked.result(20).entries
        assert read_notes(recording).notes == (note,)
        assert read_notes(recording).unreadable == 0


@contextmanager
def held_shut(path: Path) -> Iterator[None]:
    """A file that nobody else can open: whoever tries waits, as for a network that is gone."""
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    with path.open("r+b") as file:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        try:
            yield
        finally:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
            signal.signal(signal.SIGIO, before)


def marked(folder: Path, recording: Path) -> Path:
    """A copy of a recording that sorts before it."""
    path = folder / "A marked one" / "marked.h5"
    path.parent.mkdir()
    shutil.copy(recording, path)
    return path


def partitions(reader: ReaderClient, folder: Path) -> dict[str, PartitionEntry]:
    sessions = reader.request(ListSessions(str(folder))).result(20)
    return {part.path: part for session in sessions for part in session.partitions}  # type: ignore[attr-defined]


def test_a_file_that_kills_the_reader_is_listed_as_broken_and_hides_no_other(
    reader: ReaderClient, tmp_path: Path, recording: Path, places: Places
) -> None:
    fatal = marked(tmp_path, recording)
    reader.request(OpenRecording(str(recording))).result(20)
    (process,) = reader_processes(places)
    with held_shut(fatal):
        listing = reader.request(ListSessions(str(tmp_path)))
        wait_until(lambda: opens(process, fatal), what="the reader to open the marked file")
        process.kill()
        with pytest.raises(RoleError, match=r"marked\.h5 could not be read"):
            listing.result(20)
        found = partitions(reader, tmp_path)
    assert "ended unexpectedly" in found[str(fatal)].problem
    assert found[str(recording)].problem == ""
    # Whoever asks for it by name gets it if it can be had, and then it is no broken one any more.
    assert reader.request(OpenRecording(str(fatal))).result(20).streams
    again = partitions(reader, tmp_path)
    assert again[str(fatal)].problem == ""


def opens(process: psutil.Process, path: Path) -> bool:
    """Whether a thread of the process waits in the kernel for somebody to let go of a file."""
    try:
        return "break_lease" in Path(f"/proc/{process.pid}/wchan").read_text()
    except OSError:
        return process.status() in (psutil.STATUS_DISK_SLEEP, psutil.STATUS_SLEEPING)


def test_a_file_that_hangs_costs_one_question_not_the_reader(tmp_path: Path, recording: Path) -> None:
    client = ReaderClient(time_limit_s=8.0, patience_s=1.0)
    silent: list[str] = []
    client.hear(lambda _: None, silent.append)
    try:
        client.request(OpenRecording(str(recording))).result(40)
        hanging = marked(tmp_path, recording)
        with held_shut(hanging):
            with pytest.raises(RoleError, match="longer than 8 seconds"):
                client.request(OpenRecording(str(hanging))).result(40)
            found = partitions(client, tmp_path)
        assert silent.count(str(hanging)) == 1
        assert "longer than 8 seconds" in found[str(hanging)].problem
        assert found[str(recording)].problem == ""
        os.utime(hanging)
        assert partitions(client, tmp_path)[str(hanging)].problem == ""
    finally:
        client.close()


def test_closing_never_waits_for_a_long_answer(tmp_path: Path, places: Places) -> None:
    client = ReaderClient()
    client.request(ListSessions(str(tmp_path))).result(20)
    (process,) = reader_processes(places)
    process.suspend()
    waiting = [client.request(ListSessions(str(tmp_path))) for _ in range(3)]
    client.close()
    for future in waiting:
        assert isinstance(future.exception(5), RoleError)
    assert isinstance(client.request(ListSessions(str(tmp_path))).exception(5), RoleError)
    assert reader_processes(places) == []
