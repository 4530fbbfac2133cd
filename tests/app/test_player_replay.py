"""Replay is exact: every message of the interval once, in order, with its envelope, at its time."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from studio.app.operations.requests import Selection
from studio.app.player_replay import replay
from studio.app.player_run import PlayerRun, RunPlan
from studio.app.player_shelf import ReaderShelf
from studio.engine import Envelope, ReplayDescriptor
from studio.errors import StreamError
from studio.formats.recording import StreamRef
from studio.timing import TimeInterval
from tests.app.playing import crowding, filmed
from tests.store.recordings import (
    AUDIO,
    MS,
    SCALAR,
    SECOND,
    STRING,
    T0,
    blocks,
    small_recording,
    write_recording,
)

INSTANTS = st.lists(st.integers(0, 400), unique=True, max_size=60).map(sorted)


@st.composite
def recorded(draw: st.DrawFn) -> dict[str, list[tuple[int, Any]]]:
    """Up to three streams with messages at any times."""
    names = draw(st.lists(st.sampled_from(["a", "b", "c"]), unique=True, min_size=1))
    return {name: [(T0 + at * MS, float(at)) for at in draw(INSTANTS)] for name in names}


@settings(max_examples=15, deadline=None)
@given(recorded(), st.integers(-10, 410), st.integers(0, 300), st.booleans(), st.booleans(), st.booleans())
def test_every_message_inside_comes_once_in_order_with_its_envelope(
    streams: dict[str, list[tuple[int, Any]]],
    begin: int,
    length: int,
    left_inclusive: bool,
    right_inclusive: bool,
    enforce: bool,
) -> None:
    interval = TimeInterval(T0 + begin * MS, T0 + (begin + length) * MS, left_inclusive, right_inclusive)
    assume(not interval.is_empty)  # refused: see below
    came: dict[str, list[tuple[Any, int, int, int]]] = {name: [] for name in streams}
    early: list[int] = []
    with tempfile.TemporaryDirectory() as folder:
        path = write_recording(
            Path(folder) / "a.h5", {name: (SCALAR, messages) for name, messages in streams.items()}
        )

        def take(name: str) -> Any:
            def receive(data: Any, envelope: Envelope) -> None:
                came[name].append(
                    (data, envelope.sequence_id, envelope.originating_time, envelope.creation_time)
                )
                if enforce and run.time < envelope.originating_time:
                    early.append(envelope.originating_time)

            return receive

        shelf = ReaderShelf()
        actions = {StreamRef(str(path), name): take(name) for name in streams}
        run = PlayerRun(shelf, RunPlan(actions, interval, ReplayDescriptor(interval, enforce, 16.0)))
        run.begin()
        assert run.wait_for_end(20.0)
        run.dispose()
        shelf.close()
    assert run.error is None
    assert early == []
    for name, messages in streams.items():
        expected = [
            (data, number, time, time + MS)
            for number, (time, data) in enumerate(messages, start=1)
            if interval.contains(time)
        ]
        assert came[name] == expected


def test_an_enforced_clock_keeps_the_recorded_spacing(tmp_path: Path) -> None:
    path = filmed(tmp_path / "film.h5", seconds=2.0)
    told = replay(Selection(str(path), TimeInterval(T0 + 500 * MS, T0 + 2 * SECOND)))
    assert told.is_exact
    assert {each.name: each.messages for each in told.streams} == {"camera": 38, "sound": 151, "numbers": 151}
    assert 1.5 <= told.took_s < 2.5 * crowding()
    for each in told.streams:
        print(f"{each.name}: late by {each.late_p50_ms:.2f} ms (p50), {each.late_p99_ms:.2f} ms (p99)")
        assert each.late_p50_ms < 10 * crowding()
        assert each.late_p50_ms <= each.late_p99_ms <= each.late_max_ms


def test_as_fast_as_possible_takes_a_fraction_of_the_time(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.h5", {"sound": (AUDIO, blocks(1000))})
    told = replay(Selection(str(path)), enforce_clock=False)
    assert told.is_exact
    assert told.streams[0].messages == 1000
    assert told.took_s < 5.0 * crowding()
    assert told.streams[0].late_max_ms == 0.0


def test_streams_can_be_chosen_and_nothing_is_an_error(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "a.h5")
    told = replay(Selection(str(path), streams=("words",)), speed=16.0)
    assert [(each.name, each.messages) for each in told.streams] == [("words", 10)]
    with pytest.raises(StreamError, match="has no stream 'x'"):
        replay(Selection(str(path), streams=("x",)))
    with pytest.raises(StreamError, match="Nothing was recorded"):
        replay(Selection(str(path), TimeInterval(T0 - 9, T0 - 5)))
    with pytest.raises(StreamError, match="Nothing was recorded"):
        replay(Selection(str(path), TimeInterval(T0, T0, left_inclusive=False)))
    empty = write_recording(tmp_path / "b.h5", {"words": (STRING, [])})
    with pytest.raises(StreamError, match="no message is stored"):
        replay(Selection(str(empty)))


def test_a_replay_can_be_called_off(tmp_path: Path) -> None:
    class EnoughError(Exception):
        pass

    def report(done: float) -> None:
        assert 0.0 <= done <= 1.0
        raise EnoughError

    with pytest.raises(EnoughError):
        replay(Selection(str(filmed(tmp_path / "film.h5"))), report=report)
