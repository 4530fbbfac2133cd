"""Recordings made of recordings: exact, complete, sound, and nothing of what they were made of is touched."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.app.operations.copying import compact, concatenate, copy
from studio.app.operations.kept import KEPT, Kept
from studio.app.operations.progress import Cancelled, Unwatched
from studio.app.operations.requests import CompactRequest, ConcatenateRequest, CopyRequest, Selection
from studio.errors import StoreEnvironmentError, StreamError
from studio.formats.notes import Attribute, Note, PutNote, PutTrack, RemoveNote, RemoveTrack, Track
from studio.store import StoreReader, layout, verify
from studio.store.notes_journal import append_entries, read_notes
from studio.timing import TimeInterval
from studio.timing.segments import SegmentLine
from tests.app.operations.recordings import (
    NUMBERS,
    SOUND,
    contents,
    messages,
    record,
    row_times,
    sound_of,
)
from tests.store.clock_logs import BEGIN, followed, whole
from tests.store.recordings import MS, SECOND, T0

PROJECT = Path(__file__).resolve().parents[3]
BLOCKS = ("sound", "un/rated \u00b5")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("original") / "take.h5")


def crop(path: Path, target: Path, interval: TimeInterval, streams: tuple[str, ...] | None = None) -> Path:
    outcome = copy(CopyRequest(Selection(str(path), interval, streams), str(target)), Unwatched())
    return Path(outcome.paths[0])


def same(left: object, right: object) -> bool:
    return np.array_equal(left, right) if isinstance(left, np.ndarray) else left == right


def holds_anything(path: Path, interval: TimeInterval) -> bool:
    """Whether any sample or message lies inside."""
    with StoreReader(path) as reader:
        names = reader.stream_names
    times = [row_times(path, n)[0].tolist() for n in BLOCKS]
    times += [[m.envelope.originating_time for m in messages(path, n)] for n in names if n not in BLOCKS]
    return any(interval.contains(time) for each in times for time in each)


def assert_same_messages(made: Path, original: Path, name: str, interval: TimeInterval) -> None:
    """Those of the original inside the interval, with their envelopes."""
    expected = [m for m in messages(original, name) if interval.contains(m.envelope.originating_time)]
    found = messages(made, name)
    assert [m.envelope for m in found] == [m.envelope for m in expected]
    assert all(same(a.data, b.data) for a, b in zip(found, expected, strict=True))


def assert_same_rows(made: Path, original: Path, name: str, interval: TimeInterval) -> None:
    """The samples of the original inside the interval, each at its time."""
    times, rows = row_times(original, name)
    inside = np.array([interval.contains(int(time)) for time in times], bool)
    found_times, found = row_times(made, name)
    assert np.array_equal(found, rows[inside])
    if len(found_times):
        step = int(np.diff(times).min())
        assert np.abs(found_times - times[inside]).max() <= step // 2 + 1
        assert found_times[-1] == times[inside][-1]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_copy_of_everything_holds_everything(original: Path, tmp_path: Path) -> None:
    before = digest(original)
    made = crop(original, tmp_path / "copy.h5", TimeInterval.INFINITE)
    sound_of(made)
    with StoreReader(original) as a, StoreReader(made) as b:
        assert b.info().clean
        assert [(s.name, s.format, s.device, s.produced, s.dropped, s.gaps) for s in a.info().streams] == [
            (s.name, s.format, s.device, s.produced, s.dropped, s.gaps) for s in b.info().streams
        ]
        assert (a.info().created, a.info().machine, a.info().session_id) == (
            b.info().created,
            b.info().machine,
            b.info().session_id,
        )
        assert a.loss() == b.loss()
        assert b.log()[: len(a.log())] == a.log()
        assert b.log()[-1].text == "Copied take."
        names = b.stream_names
    for name in names:
        assert_same_messages(made, original, name, TimeInterval.INFINITE)
    assert digest(original) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.h5"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ends=st.tuples(st.integers(-50 * MS, 2 * SECOND), st.integers(-50 * MS, 2 * SECOND)),
    inclusive=st.tuples(st.booleans(), st.booleans()),
    on_a_sample=st.booleans(),
)
def test_a_crop_holds_what_lies_in_the_interval_and_nothing_else(
    original: Path,
    tmp_path: Path,
    ends: tuple[int, int],
    inclusive: tuple[bool, bool],
    on_a_sample: bool,
) -> None:
    left, right = sorted(T0 + end for end in ends)
    if on_a_sample:  # the end is decided by its inclusiveness
        times, _ = row_times(original, "sound")
        left = int(times[min(len(times) - 1, int(np.searchsorted(times, left)))])
        right = max(left, int(times[min(len(times) - 1, int(np.searchsorted(times, right)))]))
    interval = TimeInterval(left, right, *inclusive)
    if not holds_anything(original, interval):
        with pytest.raises(StreamError, match="Nothing of take lies in the interval"):
            crop(original, tmp_path / "crop.h5", interval)
        return
    made = crop(original, tmp_path / "crop.h5", interval)
    sound_of(made)
    with StoreReader(made) as reader:
        names = reader.stream_names
    for name in names:
        check = assert_same_rows if name in BLOCKS else assert_same_messages
        check(made, original, name, interval)
    made.unlink()


def test_a_loss_is_cut_with_its_interval(original: Path, tmp_path: Path) -> None:
    made = crop(original, tmp_path / "crop.h5", TimeInterval(T0 + SECOND + 100 * MS, T0 + 2 * SECOND))
    with StoreReader(made) as reader:
        (loss,) = reader.loss()
        assert (loss.reason, loss.count) == ("gap", 800)
        assert (loss.from_time, loss.to_time) == (T0 + SECOND + 100 * MS, T0 + SECOND + 200 * MS)


def test_only_the_chosen_streams_are_copied(original: Path, tmp_path: Path) -> None:
    made = crop(original, tmp_path / "two.h5", TimeInterval.INFINITE, ("words", "sound"))
    sound_of(made)
    with StoreReader(made) as reader:
        assert reader.stream_names == ("sound", "words")
    with pytest.raises(StreamError, match="has no stream 'nonsense'"):
        crop(original, tmp_path / "none.h5", TimeInterval.INFINITE, ("nonsense",))
    with pytest.raises(StreamError, match="No stream"):
        crop(original, tmp_path / "none.h5", TimeInterval.INFINITE, ())


def test_plain_readers_open_what_was_compacted(original: Path, tmp_path: Path) -> None:
    outcome = compact(CompactRequest(Selection(str(original)), str(tmp_path / "small.h5")), Unwatched())
    made = Path(outcome.paths[0])
    sound_of(made)
    assert made.stat().st_size < original.stat().st_size * 0.8
    with h5py.File(made) as file:
        sound = file["streams/sound"]
        assert (sound["data"].compression, sound["data"].shuffle) == ("gzip", True)
        assert file["streams/pictures/data"].compression is None
        assert np.array_equal(sound["data"][:], row_times(original, "sound")[1])
    for name in ("sound", "pictures", "words"):
        assert_same_messages(made, original, name, TimeInterval.INFINITE)


def test_recordings_are_joined_in_order_of_time(tmp_path: Path) -> None:
    first, second = record(tmp_path / "a.h5", 1.0), record(tmp_path / "b.h5", 1.0, T0 + 60 * SECOND)
    one, two = (
        Note("1", "Mood", T0, T0 + SECOND, "calm"),
        Note("2", "Mood", T0 + 60 * SECOND, T0 + 61 * SECOND),
    )
    append_entries(first, [PutNote(one), PutNote(Note("3", "Gone", T0, T0)), RemoveTrack("Gone")])
    append_entries(second, [PutTrack(Track("Mood", (Attribute("how"),))), PutNote(two)])
    request = ConcatenateRequest((str(second), str(first)), str(tmp_path / "both.h5"))
    outcome = concatenate(request, Unwatched())
    made = Path(outcome.paths[0])
    sound_of(made)
    with StoreReader(made) as reader:
        names = reader.stream_names
        between = [loss for loss in reader.loss() if loss.reason == "between recordings"]
        assert {loss.stream for loss in between} == set(names) - {"silent"}
        sounds = next(loss for loss in between if loss.stream == "sound")
        assert sounds.from_time == messages(first, "sound")[-1].envelope.originating_time
        assert [line.text for line in reader.log()][:6] == [f"line {n}" for n in (0, 1, 2, 0, 1, 2)]
    for name in names:
        found, expected = messages(made, name), messages(first, name) + messages(second, name)
        assert [m.envelope.originating_time for m in found] == [m.envelope.originating_time for m in expected]
        assert all(same(a.data, b.data) for a, b in zip(found, expected, strict=True))
    book = read_notes(made)
    assert book.notes == (one, two)
    assert book.tracks == (Track("Mood", (Attribute("how"),)),)


def test_a_crop_keeps_the_notes_that_touch_it_and_a_copy_all(tmp_path: Path) -> None:
    path = record(tmp_path / "a.h5", 2.0)
    notes = [Note(str(n), "Markers", T0 + n * SECOND // 2, T0 + n * SECOND // 2 + MS) for n in range(4)]
    append_entries(path, [*(PutNote(note) for note in notes), RemoveNote("0")])
    cut_out = crop(path, tmp_path / "cut.h5", TimeInterval(T0 + SECOND + MS, T0 + 2 * SECOND))
    assert read_notes(cut_out).notes == tuple(notes[2:])
    copied = crop(path, tmp_path / "copy.h5", TimeInterval.INFINITE)
    assert (tmp_path / "copy.notes.jsonl").read_bytes() == (tmp_path / "a.notes.jsonl").read_bytes()
    assert read_notes(copied).notes == tuple(notes[1:])
    again = crop(path, tmp_path / "copy.h5", TimeInterval.INFINITE)
    assert read_notes(again) == read_notes(copied)
    assert sorted(each.name for each in tmp_path.glob("*.jsonl")) == [
        "a.notes.jsonl",
        "copy 2.notes.jsonl",
        "copy.notes.jsonl",
        "cut.notes.jsonl",
    ]


def derived(path: Path, begin: int, derivation: dict[str, object]) -> Path:
    """A recording that was computed, and of which something is noted."""
    record(path, 1.0, begin)
    with h5py.File(path, "r+") as file:
        file.attrs[layout.DERIVATION] = json.dumps(derivation)
    append_entries(path, [PutNote(Note(path.stem, "Mood", begin, begin + SECOND, f"of {path.stem}"))])
    return path


def derivation_of(path: Path) -> dict[str, object]:
    with StoreReader(path) as reader:
        return reader.info().derivation


def joined_of(*paths: Path) -> Path:
    target = paths[0].with_name("joined.h5")
    target.unlink(missing_ok=True)
    return Path(concatenate(ConcatenateRequest(tuple(map(str, paths)), str(target)), Unwatched()).paths[0])


def test_what_was_computed_says_how_in_whatever_is_made_of_it_and_notes_go_along(tmp_path: Path) -> None:
    how = {"chain": "doubled", "inputs": {"numbers": ["r.h5", "numbers"]}}
    path = derived(tmp_path / "a.h5", T0, how)
    cut_out = crop(path, tmp_path / "cut.h5", TimeInterval(T0, T0 + SECOND // 2))
    copied = crop(path, tmp_path / "copy.h5", TimeInterval.INFINITE)
    chosen = crop(path, tmp_path / "chosen.h5", TimeInterval.INFINITE, ("sound",))
    request = CompactRequest(Selection(str(path)), str(tmp_path / "small.h5"))
    compacted = Path(compact(request, Unwatched()).paths[0])
    half = Kept(TimeInterval(T0, T0 + SECOND // 2))
    kept = {cut_out: half, copied: Kept(), chosen: Kept(streams=("sound",)), compacted: Kept()}
    for made, part in kept.items():
        told = derivation_of(made)
        assert Kept.in_derivation(told) == part
        assert {name: each for name, each in told.items() if name != KEPT} == how
        assert [note.text for note in read_notes(made).notes] == ["of a"]


def test_of_joined_recordings_each_says_how_it_was_computed(tmp_path: Path) -> None:
    how, otherwise = {"chain": "doubled"}, {"chain": "halved"}
    first = derived(tmp_path / "a.h5", T0, how)
    second = derived(tmp_path / "b.h5", T0 + 10 * SECOND, how)
    third = derived(tmp_path / "c.h5", T0 + 20 * SECOND, otherwise)
    recorded = record(tmp_path / "d.h5", 1.0, T0 + 30 * SECOND)
    assert derivation_of(joined_of(first, second)) == how
    assert derivation_of(joined_of(first, third)) == {"parts": [how, otherwise]}
    both = joined_of(first, recorded)
    assert derivation_of(both) == {}
    with h5py.File(both) as file:
        origin = json.loads(file.attrs["origin"])
    assert [part.get("derivation") for part in origin] == [how, None]
    assert [note.text for note in read_notes(both).notes] == ["of a"]


def test_an_overlap_is_refused_or_decided_for_the_first(tmp_path: Path) -> None:
    first, second = record(tmp_path / "a.h5", 1.0), record(tmp_path / "b.h5", 1.0, T0 + SECOND // 2)
    request = ConcatenateRequest((str(first), str(second)), str(tmp_path / "both.h5"))
    with pytest.raises(StreamError, match=r"begins 0\.5 s before it ends.*--keep first"):
        concatenate(request, Unwatched())
    request = ConcatenateRequest((str(first), str(second)), str(tmp_path / "both.h5"), keep_first=True)
    made = Path(concatenate(request, Unwatched()).paths[0])
    sound_of(made)
    end = messages(first, "sound")[-1].envelope.originating_time
    times, rows = row_times(second, "sound")
    _, found = row_times(made, "sound")
    assert np.array_equal(found, np.concatenate([row_times(first, "sound")[1], rows[times > end]]))


def test_streams_that_do_not_fit_are_named(tmp_path: Path) -> None:
    first = record(tmp_path / "a.h5", streams={"x": (NUMBERS, [(T0, 1.0)])})
    second = record(tmp_path / "b.h5", streams={"x": (SOUND, contents(1.0, T0 + SECOND)["sound"][1])})
    with pytest.raises(StreamError, match=r"'x' is not the same.*scalar float64.*audio int16"):
        concatenate(ConcatenateRequest((str(first), str(second)), str(tmp_path / "c.h5")), Unwatched())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.h5", "b.h5"]


class Growing(Unwatched):
    """A recorder that goes on while the copy is made, and adds streams."""

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-m", "tests.app.operations.growing", str(path)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT
        )
        self.tell("grow")

    def tell(self, order: str) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n"

    def report(self, done: float, text: str = "") -> None:
        self.tell("grow")
        self.tell("add")

    def close(self) -> None:
        self.process.communicate(timeout=20)


def test_a_growing_recording_is_copied_up_to_a_commit(tmp_path: Path) -> None:
    recorder = Growing(tmp_path / "live.h5")
    try:
        request = CopyRequest(Selection(str(tmp_path / "live.h5")), str(tmp_path / "copy.h5"))
        made = Path(copy(request, recorder).paths[0])
    finally:
        recorder.close()
    sound_of(made)
    assert len(messages(made, "a")) == len(messages(made, "b")) == 500
    assert len(messages(tmp_path / "live.h5", "a")) > 500


class CancelledAt(Unwatched):
    """Calls the work off at a report."""

    def __init__(self, number: int) -> None:
        self.left = number

    def report(self, done: float, text: str = "") -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled("enough")


@pytest.mark.parametrize("number", [0, 1, 4, 9])
def test_a_copy_that_is_called_off_leaves_nothing(original: Path, tmp_path: Path, number: int) -> None:
    with pytest.raises(Cancelled):
        copy(CopyRequest(Selection(str(original)), str(tmp_path / "c.h5")), CancelledAt(number))
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_told_before_anything_begins(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = os.statvfs(tmp_path)
    full = type("Usage", (), {"total": usage.f_blocks * usage.f_frsize, "used": 0, "free": 1 << 20})
    monkeypatch.setattr("shutil.disk_usage", lambda _: full)
    with pytest.raises(StoreEnvironmentError, match=r"copy\.h5 needs about .* may be used"):
        crop(original, tmp_path / "copy.h5", TimeInterval.INFINITE)
    assert list(tmp_path.iterdir()) == []


def test_the_clock_is_carried_and_summed_up_for_what_is_left(tmp_path: Path) -> None:
    path = followed(tmp_path / "long.h5", whole(40), 40)
    line = SegmentLine(whole(40).segments)
    interval = TimeInterval(line.time_at(BEGIN + 10 * SECOND), line.time_at(BEGIN + 20 * SECOND))
    cut = crop(path, tmp_path / "cut.h5", interval)
    packed = compact(CompactRequest(Selection(str(path)), str(tmp_path / "small.h5")), Unwatched()).paths[0]
    for made in (cut, Path(packed)):
        assert verify(made).findings == ()
        with StoreReader(made) as reader:
            assert reader.clock_logs() == (whole(40),)
    with StoreReader(cut) as reader:
        (summary,) = reader.clock_summaries()
    assert (summary.begin_time, summary.end_time) == (interval.left, interval.right)
    assert (summary.bound_max, dict(summary.states)) == (180_020, {"synchronised": 10.0})


def test_recordings_of_two_clocks_keep_both_when_they_are_joined(tmp_path: Path) -> None:
    early, late = whole(10), replace(whole(10), bounds=((BEGIN, 900),) * 10)
    shift = 100 * SECOND  # the monotonic clock began anew, time went on
    late = replace(late, segments=tuple(replace(s, time=s.time + shift) for s in late.segments))
    paths = followed(tmp_path / "a.h5", early, 10), followed(tmp_path / "b.h5", late, 10)
    request = ConcatenateRequest(tuple(map(str, paths)), str(tmp_path / "both.h5"))
    joined = Path(concatenate(request, Unwatched()).paths[0])
    assert verify(joined).findings == ()
    with StoreReader(joined) as reader:
        assert reader.clock_logs() == (early, late)
        assert [summary.bound_max for summary in reader.clock_summaries()] == [180_009, 900]
    again = crop(joined, tmp_path / "again.h5", TimeInterval.INFINITE)
    with StoreReader(again) as reader:
        assert reader.clock_logs() == (early, late)
