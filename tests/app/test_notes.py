"""A marker that is dropped while something is recorded stands at the moment of the key, and stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.app.notes import new_id
from studio.app.recorder import Recorder
from studio.errors import PipelineStateError
from studio.formats.notes import MARKERS
from studio.store.notes_journal import read_notes
from studio.timing import NS_PER_S, SystemClock, monotonic_ns
from tests.app.recording_devices import device


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


@pytest.fixture
def recorder(clock: SystemClock) -> Iterator[Recorder]:
    with Recorder(clock) as made:
        yield made


def test_a_marker_stands_where_the_key_was_pressed(
    recorder: Recorder, clock: SystemClock, tmp_path: Path
) -> None:
    path = recorder.record((device("events"),), tmp_path)
    pressed = monotonic_ns()
    marker = recorder.mark(new_id(), pressed, "Begin")
    (stored,) = read_notes(path).notes
    recorder.stop()

    assert stored == marker
    assert (stored.track, stored.text) == (MARKERS, "Begin")
    assert stored.time == stored.end_time == clock.from_monotonic(pressed)
    assert read_notes(path).notes == (marker,)


def test_a_marker_lies_within_the_recording_whatever_the_key_says(
    recorder: Recorder, clock: SystemClock, tmp_path: Path
) -> None:
    recorder.record((device("events"),), tmp_path)
    began = recorder.status().started_time
    early = recorder.mark(new_id(), monotonic_ns() - 3600 * NS_PER_S)
    late = recorder.mark(new_id(), monotonic_ns() + 3600 * NS_PER_S)
    assert early.time == began
    assert began < late.time <= clock.now()


def test_without_a_recording_there_is_nothing_to_mark(recorder: Recorder, tmp_path: Path) -> None:
    with pytest.raises(PipelineStateError, match="Nothing is being recorded"):
        recorder.mark(new_id(), monotonic_ns())
    recorder.preview((device("events"),))
    with pytest.raises(PipelineStateError, match="Nothing is being recorded"):
        recorder.mark(new_id(), monotonic_ns())
    assert list(tmp_path.iterdir()) == []
