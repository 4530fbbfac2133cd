"""Recordings are found, also damaged ones, and say at every time what was then."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
import pytest

from studio.app.browse import MOST_OPEN, Browser
from studio.app.catalog import Catalog, list_sessions
from studio.app.recorder import Recorder
from studio.app.status import StreamStatus
from studio.errors import StoreEnvironmentError, StoreFormatError, StreamError
from studio.formats.payload import PayloadKind, StreamFormat
from studio.store.reader import StoreReader
from studio.timing import NS_PER_MS, NS_PER_S, SystemClock, TimeInterval
from tests.app.recording_devices import all_devices, device
from tests.store.recordings import T0, write_recording
from tests.waiting import wait_until


def record(folder: Path, name: str, *, seconds: float) -> Path:
    """A short recording of everything simulated."""
    with Recorder(SystemClock()) as recorder:
        path = recorder.record(all_devices(), folder, name=name)
        rows = seconds * 1000
        wait_until(
            lambda: any(s.name == "Simulated signal" and s.stored > rows for s in streams_of(recorder))
        )
        recorder.stop()
    return path


def streams_of(recorder: Recorder) -> list[StreamStatus]:
    return [stream for each in recorder.status().devices for stream in each.streams]


def rows_of(browser: Browser, path: Path) -> int:
    return sum(stream.sample_count for stream in browser.open_recording(str(path)).streams)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("recorded"), "P01 / first", seconds=1.2)


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.close()


@pytest.fixture
def sessions(recorded: Path, tmp_path: Path) -> Path:
    """A folder with a session, a second recording in it, a loose one, and things that are none."""
    shutil.copytree(recorded.parent, tmp_path / "P01")
    shutil.copy(recorded, tmp_path / "P01" / "other machine.h5")
    shutil.copy(recorded, tmp_path / "loose.h5")
    (tmp_path / "text.h5").write_text("no recording")
    (tmp_path / "notes.txt").write_text("not listed")
    (tmp_path / ".hidden").mkdir()
    shutil.copy(recorded, tmp_path / ".hidden" / "a.h5")
    with h5py.File(tmp_path / "foreign.h5", "w") as file:
        file["x"] = 1
    return tmp_path


def test_everything_called_like_a_recording_is_listed_with_what_is_wrong(
    sessions: Path, recorded: Path
) -> None:
    entries = {Path(entry.path).name: entry for entry in list_sessions(sessions)}
    assert set(entries) == {"P01", "loose.h5", "text.h5", "foreign.h5"}
    assert entries["P01"].name == "P01 / first"
    assert {part.name for part in entries["P01"].partitions} == {recorded.stem, "other machine"}
    assert (entries["loose.h5"].name, entries["loose.h5"].loose) == ("loose", True)
    sound = entries["loose.h5"]
    assert (sound.problem, sound.clean, sound.live, sound.stream_count) == ("", True, False, 7)
    assert sound.byte_size == recorded.stat().st_size
    assert sound.duration_ns > NS_PER_S
    assert "not a recording" in entries["foreign.h5"].problem
    assert entries["text.h5"].problem != ""


def test_a_session_with_one_recording_is_called_by_its_own_name(recorded: Path) -> None:
    (entry,) = list_sessions(recorded.parent.parent)
    assert (entry.name, entry.path) == ("P01 / first", str(recorded.parent))


def test_a_recording_that_is_on_screen_is_listed_like_any_other(recorded: Path, browser: Browser) -> None:
    browser.open_recording(str(recorded))
    (entry,) = list_sessions(recorded.parent)
    assert (entry.problem, entry.clean) == ("", True)


def test_a_recording_that_was_followed_to_its_end_is_listed_and_opened(
    tmp_path: Path, browser: Browser
) -> None:
    with Recorder(SystemClock()) as recorder:
        path = recorder.record((device("signal"),), tmp_path)
        wait_until(lambda: recorder.status().devices[0].streams[0].stored > 100)
        assert browser.open_recording(str(path)).live
        recorder.stop()
    (entry,) = list_sessions(tmp_path)
    assert (entry.problem, entry.clean, entry.live) == ("", True, False)
    with StoreReader(path) as reader:
        assert reader.info().clean
    assert browser.open_recording(str(path)).clean


def test_what_has_not_changed_is_not_opened_again(sessions: Path, recorded: Path) -> None:
    catalog = Catalog()
    first = {entry.path: entry for entry in catalog.list_sessions(sessions)}
    (sessions / "text.h5").unlink()
    shutil.copy(recorded, sessions / "foreign.h5")
    second = {entry.path: entry for entry in catalog.list_sessions(sessions)}
    assert set(first) - set(second) == {str(sessions / "text.h5")}
    assert second[str(sessions / "foreign.h5")].problem == ""
    (again,), (before,) = (found[str(sessions / "loose.h5")].partitions for found in (second, first))
    assert again is before


def test_folders_that_cannot_be_listed(tmp_path: Path) -> None:
    assert list_sessions(tmp_path / "not yet") == ()
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreEnvironmentError, match="is a file"):
        list_sessions(tmp_path / "file")


def test_a_damaged_session_description_hides_no_recording(sessions: Path) -> None:
    (sessions / "P01" / "session.json").write_text("{")
    found = {entry.path: entry for entry in list_sessions(sessions)}
    assert len(found) == 4
    session = found[str(sessions / "P01")]
    assert session.name == "P01"
    assert len(session.partitions) == 2
    assert "does not describe a session" in session.description_problem


def test_a_recording_is_listed_and_browsed_while_it_grows(tmp_path: Path, browser: Browser) -> None:
    catalog = Catalog()
    with Recorder(SystemClock()) as recorder:
        path = recorder.record((device("signal"),), tmp_path)
        wait_until(lambda: rows_of(browser, path) > 200)
        (early,) = catalog.list_sessions(tmp_path)
        assert early.live
        wait_until(lambda: rows_of(browser, path) > 700)
        recorder.stop()
    (late,) = catalog.list_sessions(tmp_path)
    assert not late.live
    assert late.duration_ns > early.duration_ns
    info = browser.open_recording(str(path))
    assert (info.live, info.clean) == (False, True)


def test_the_value_at_a_time_is_that_of_the_newest_sample_then(recorded: Path, browser: Browser) -> None:
    with StoreReader(recorded) as reader:
        info = reader.info()
        half = TimeInterval((info.first_time + info.last_time) // 2, info.last_time)
        block = next(iter(reader.messages("Simulated signal", half)))
    # A moment between two rows of one block, which are 1 ms apart; its last row stands at its time.
    sample_time = block.envelope.originating_time - 5 * NS_PER_MS
    (value,) = browser.read_values(str(recorded), ("Simulated signal",), sample_time + 300_000)
    assert value.values == pytest.approx(block.data[len(block.data) - 1 - 5], abs=1e-6)
    assert abs(sample_time - value.originating_time) < 100_000


def test_every_stream_says_something_at_the_end_and_nothing_before_the_beginning(
    recorded: Path, browser: Browser
) -> None:
    info = browser.open_recording(str(recorded))
    names = tuple(stream.name for stream in info.streams)
    late = {value.stream: value for value in browser.read_values(str(recorded), names, info.last_time)}
    assert late["Simulated IMU/accelerometer"].text.endswith(" m/s²")
    assert late["Simulated camera"].text == "640 \u00d7 480"
    assert late["Simulated microphone"].text.endswith(" dB")
    assert all(value.text and value.originating_time <= info.last_time for value in late.values())
    early = browser.read_values(str(recorded), names, info.first_time - NS_PER_S)
    assert [(value.originating_time, value.text) for value in early] == [(0, "")] * len(names)


def test_pictures_fit_and_know_their_full_size(recorded: Path, browser: Browser) -> None:
    info = browser.open_recording(str(recorded))
    sizes = {}
    for limit in (10_000, 300, 64, 1):
        picture = browser.read_picture(str(recorded), "Simulated camera", info.last_time, limit, limit)
        assert picture is not None
        assert (picture.full_width, picture.full_height) == (640, 480)
        sizes[limit] = picture.image.shape
    assert sizes == {10_000: (480, 640, 3), 300: (225, 300, 3), 64: (48, 64, 3), 1: (1, 1, 3)}
    before = browser.read_picture(str(recorded), "Simulated camera", info.first_time - 1, 64, 64)
    assert before is None


def test_events_are_marks_with_texts_thinned_when_there_are_many(recorded: Path, browser: Browser) -> None:
    info = browser.open_recording(str(recorded))
    with StoreReader(recorded) as reader:
        stored = list(reader.messages("Simulated events"))
    window = (info.first_time, info.last_time)
    marks = browser.read_marks(str(recorded), "Simulated events", *window, 500)
    assert marks.total == len(stored) == len(marks.times) > 3
    assert list(marks.texts) == [message.data.text for message in stored]
    assert np.array_equal(marks.times, [message.envelope.originating_time for message in stored])
    few = browser.read_marks(str(recorded), "Simulated events", *window, 3)
    assert few.total == len(stored)
    assert 0 < len(few.times) <= 3
    assert len(few.texts) == len(few.durations) == len(few.times)
    frames = browser.read_marks(str(recorded), "Simulated camera", *window, 500)
    assert frames.total == len(frames.times) > 20
    nothing = browser.read_marks(
        str(recorded), "Simulated events", info.first_time - 9, info.first_time - 5, 9
    )
    assert (len(nothing.times), nothing.texts, nothing.total) == (0, (), 0)


def test_a_window_of_a_signal(recorded: Path, browser: Browser) -> None:
    info = browser.open_recording(str(recorded))
    window = browser.read_window(str(recorded), "Simulated signal", info.first_time, info.last_time, 100)
    assert window.minimum.shape == window.maximum.shape == (len(window.times), 4)
    assert (window.minimum <= window.maximum).all()


def test_wrong_questions_are_clear_errors(recorded: Path, browser: Browser, tmp_path: Path) -> None:
    with pytest.raises(StreamError, match="Simulated camera"):
        browser.read_values(str(recorded), ("nothing",), 0)
    with pytest.raises(StreamError, match="not pictures"):
        browser.read_picture(str(recorded), "Simulated signal", 0, 9, 9)
    with pytest.raises(StreamError, match="cannot be drawn"):
        browser.read_window(str(recorded), "Simulated camera", 0, 1, 9)
    with pytest.raises(StoreEnvironmentError, match="no file"):
        browser.open_recording(str(tmp_path / "nothing.h5"))
    (tmp_path / "text.h5").write_text("no recording")
    with pytest.raises(StoreFormatError):
        browser.open_recording(str(tmp_path / "text.h5"))


def test_only_a_few_recordings_stay_open_and_a_replaced_one_is_seen(
    recorded: Path, browser: Browser, tmp_path: Path
) -> None:
    copies = [tmp_path / f"{number}.h5" for number in range(MOST_OPEN + 2)]
    for copy in copies:
        shutil.copy(recorded, copy)
        browser.open_recording(str(copy))
    assert browser.open_count == MOST_OPEN
    copies[-1].unlink()
    with pytest.raises(StoreEnvironmentError):
        browser.open_recording(str(copies[-1]))
    browser.close()
    assert browser.open_count == 0


def test_the_level_of_integer_sound_is_of_full_scale(tmp_path: Path, browser: Browser) -> None:
    sound = StreamFormat(PayloadKind.AUDIO, "int16", 1, (), 8000.0)
    block = np.array([[0], [-16_384], [3]] * 100, np.int16)
    messages = [(T0 + n * 300 * NS_PER_S // 8000, block) for n in range(1, 50)]
    path = write_recording(tmp_path / "a.h5", {"sound": (sound, messages)})
    (value,) = browser.read_values(str(path), ("sound",), T0 + NS_PER_S)
    assert value.text == "\u22126.0 dB"
    assert value.values == pytest.approx((0.5,))
