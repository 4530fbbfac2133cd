"""Correcting the times of recordings: a map beside them, corrected copies, and what they are worth."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app.clock_maps import clock_map_path, read_clock_map
from studio.app.operations.clock_correcting import correct_clock
from studio.app.operations.corrected_copy import increasing
from studio.app.operations.progress import Unwatched
from studio.app.operations.requests import CorrectClockRequest
from studio.errors import StoreFormatError, StreamError
from studio.formats.notes import Note, PutNote
from studio.store import StoreReader, verify
from studio.store.notes_journal import append_entries, read_notes
from studio.timing.clock_map import Int64s
from studio.timing.segments import SegmentLine
from studio.timing.sync_status import StateChange, SyncState
from tests.store.clock_logs import begun_following, followed
from tests.store.recordings import small_recording
from tests.timing.simulated_following import BEGIN, MS, SECOND, US, drifting, follow, set_by

SECONDS = 60
TRUTH = set_by(drifting(), 30, 250 * MS)
MOMENTS = [BEGIN + (number + 1) * SECOND // 10 for number in range(SECONDS * 10)]


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute in whose middle the reference is set ahead by 250 ms."""
    path = followed(tmp_path_factory.mktemp("followed") / "take.h5", follow(SECONDS, TRUTH), SECONDS)
    line = SegmentLine(follow(SECONDS, TRUTH).segments)
    note = Note("1", "Notes", line.time_at(MOMENTS[50]), line.time_at(MOMENTS[500]), "stands up")
    append_entries(path, [PutNote(note)])
    return path


def settled(errors: Int64s) -> Int64s:
    """Without the moments at which nobody can know whether the reference was set yet."""
    return np.delete(np.abs(errors), slice(245, 360))


def test_the_map_beside_a_recording_leads_to_the_truth(recording: Path) -> None:
    before = hashlib.sha256(recording.read_bytes()).hexdigest()
    outcome = correct_clock(CorrectClockRequest(str(recording)), Unwatched())
    assert hashlib.sha256(recording.read_bytes()).hexdigest() == before
    assert outcome.paths == (str(clock_map_path(recording)),)
    assert "corrected by at most 250." in outcome.text
    assert "the reference was set: corrected times jump ahead by 250." in outcome.remarks[0]
    clock_map = read_clock_map(recording)
    assert clock_map is not None
    with h5py.File(recording) as file:
        recorded = file["streams/numbers/time"][:]
    errors = clock_map.correct(recorded) - np.array([TRUTH(moment) for moment in MOMENTS])
    assert settled(errors).max() < 60 * US
    again = correct_clock(CorrectClockRequest(str(recording)), Unwatched())
    assert again.paths == outcome.paths
    assert sorted(path.name for path in recording.parent.iterdir()) == [
        "take.clock.json",
        "take.h5",
        "take.notes.jsonl",
    ]


def test_anybody_can_apply_the_map_without_the_studio(recording: Path) -> None:
    correct_clock(CorrectClockRequest(str(recording)), Unwatched())
    said = json.loads(clock_map_path(recording).read_text())
    recorded, corrected = np.array(said["knots"], np.int64).T
    with h5py.File(recording) as file:
        times = file["streams/numbers/time"][:]
    by_hand = times + np.interp(times - recorded[0], recorded - recorded[0], corrected - recorded)
    ours = read_clock_map(recording)
    assert ours is not None
    assert np.abs(by_hand.astype(np.int64) - ours.correct(times)).max() <= 300  # a float of today: 256 ns
    assert said["largest_change"] == ours.largest_change
    assert [piece["is_step"] for piece in said["pieces"]] == [False, True]


def test_a_corrected_copy_has_all_its_times_corrected(recording: Path, tmp_path: Path) -> None:
    request = CorrectClockRequest(str(recording), str(tmp_path / "right.h5"))
    (made,) = correct_clock(request, Unwatched()).paths
    assert verify(made).findings == ()
    with StoreReader(made) as reader, StoreReader(recording) as original:
        times = reader.stream("numbers").rows("time", 0, SECONDS * 10)
        created = reader.stream("numbers").rows("creation_time", 0, SECONDS * 10)
        values = [message.data for message in reader.messages("numbers")]
        assert values == [message.data for message in original.messages("numbers")]
        (log,) = reader.clock_logs()
        (was,) = original.clock_logs()
        (summary,) = reader.clock_summaries()
    errors = times - np.array([TRUTH(moment) for moment in MOMENTS])
    assert settled(errors).max() < 60 * US
    assert (np.diff(times) > 0).all()
    assert (created >= times).all()
    line = SegmentLine(log.segments)
    assert max(abs(line.time_at(m) - t) for m, t in zip(MOMENTS, times.tolist(), strict=True)) <= 3
    assert log.probes == was.probes
    assert summary.algorithm.endswith("corrected afterwards")
    assert summary.guaranteed is not None
    assert np.abs(errors).max() <= summary.guaranteed
    (note,) = read_notes(Path(made)).notes
    assert abs(note.time - TRUTH(MOMENTS[50])) < 60 * US
    assert abs(note.end_time - TRUTH(MOMENTS[500])) < 60 * US


def test_steps_stay_out_of_the_copy_on_request(recording: Path, tmp_path: Path) -> None:
    request = CorrectClockRequest(str(recording), str(tmp_path / "even.h5"), keep_steps=True)
    (made,) = correct_clock(request, Unwatched()).paths
    with StoreReader(made) as reader:
        times = reader.stream("numbers").rows("time", 0, SECONDS * 10)
    even = drifting()
    assert np.abs(times - np.array([even(moment) for moment in MOMENTS])).max() < 100 * US


def test_a_recording_that_grows_or_followed_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StreamError, match="did not follow another clock"):
        correct_clock(CorrectClockRequest(str(small_recording(tmp_path / "own.h5"))), Unwatched())
    log = follow(5, drifting())
    alone = replace(log, changes=(StateChange(BEGIN, SyncState.SELF),))
    path = followed(tmp_path / "self.h5", alone, 5)
    with pytest.raises(StreamError, match="did not follow another clock"):
        correct_clock(CorrectClockRequest(str(path)), Unwatched())
    path = followed(tmp_path / "alone.h5", replace(log, probes=()), 5)
    with pytest.raises(StreamError, match="got no answer"):
        correct_clock(CorrectClockRequest(str(path)), Unwatched())
    writer = begun_following(tmp_path / "growing.h5", log, 5)
    with pytest.raises(StreamError, match="is still being recorded"):
        correct_clock(CorrectClockRequest(str(writer.path)), Unwatched())
    writer.close()
    assert not list(tmp_path.glob("*.json"))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "studio clock correction", "format_version": 9}', "\x00"]
)
def test_what_is_no_map_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.h5"
    assert read_clock_map(path) is None
    clock_map_path(path).write_text(text)
    with pytest.raises(StoreFormatError, match="holds no correction"):
        read_clock_map(path)


@given(st.lists(st.integers(0, 50)), st.none() | st.integers(-5, 60))
def test_times_that_fell_together_are_put_in_order_again(times: list[int], last: int | None) -> None:
    given_times = np.sort(np.array(times, np.int64))
    found = increasing(given_times, last)
    assert (np.diff(found) > 0).all()
    assert (found >= given_times).all()
    assert last is None or not len(found) or found[0] > last
