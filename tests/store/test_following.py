"""A growing recording, followed by another process: all of it, in order, whatever becomes of its recorder."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.engine import REPLAY_ALL, DeliveryPolicy, Envelope, Pipeline
from studio.errors import StreamError
from studio.store import StoreReader
from studio.store.following import Follower, follow
from studio.store.horizon import STALLED, Heard, horizon_of
from studio.store.importer import AHEAD_MESSAGES
from studio.timing import NS_PER_MS, NS_PER_S, TIME_MAX, TimeInterval, wait_on
from tests.store.recordings import SCALAR, T0, small_recording, write_recording
from tests.waiting import wait_until

Seen = tuple[str, int, int, Any]


class Listener:
    """Keeps what arrives, of all streams, in one order."""

    def __init__(self, pipeline: Pipeline, follower: Follower, *names: str) -> None:
        self.seen: list[Seen] = []
        for name in names:
            receiver = pipeline.create_receiver(self, self._keeping(name), name)
            follower.open_stream(name).pipe_to(receiver, DeliveryPolicy.UNLIMITED)

    def _keeping(self, name: str) -> Any:
        def keep(data: Any, envelope: Envelope) -> None:
            value = data.tobytes() if hasattr(data, "tobytes") else data
            self.seen.append((name, envelope.originating_time, envelope.sequence_id, value))

        return keep

    def of(self, name: str) -> list[Seen]:
        return [entry for entry in self.seen if entry[0] == name]


@contextmanager
def growing(
    path: Path, *, seed: int = 1, seconds: float = 1.0, ending: str = "close", ahead_s: int = 0
) -> Iterator[Path]:
    """A recording that another process writes; `told`: it is closed at the end of the block."""
    command = [sys.executable, "-m", "tests.store.grower"]
    command += [str(path), str(seed), str(300 if ending == "told" else seconds), ending, str(ahead_s)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield path
        if ending == "told":
            process.terminate()
        process.wait(60)
    finally:
        process.kill()
        process.communicate()


def stored(path: Path, name: str) -> list[Seen]:
    with StoreReader(path, repair=False) as reader:
        return [
            (
                name,
                m.envelope.originating_time,
                m.envelope.sequence_id,
                m.data.tobytes() if hasattr(m.data, "tobytes") else m.data,
            )
            for m in reader.messages(name)
        ]


NAMES = ("sound", "numbers", "words", "slow")


@pytest.mark.parametrize("ending", ["close", "die"])
def test_everything_that_was_committed_comes_once_and_in_order(tmp_path: Path, ending: str) -> None:
    with growing(tmp_path / "r.h5", ending=ending) as path, Pipeline(thread_count=1) as p:
        follower = follow(p, path)
        listener = Listener(p, follower, *NAMES)
        p.run(REPLAY_ALL)
    assert len(listener.of("sound")) >= 50
    for name in NAMES:
        assert listener.of(name) == stored(path, name)
    assert follower.status.is_over
    assert follower.status.late == 0
    times = [time for _, time, _, _ in listener.seen]
    assert times == sorted(times)
    assert follower.status.last_time == times[-1]
    assert follower.status.posted == len(times)


def test_it_is_live_and_a_silent_stream_holds_nothing_up_for_ever(tmp_path: Path) -> None:
    with Pipeline() as p:
        with growing(tmp_path / "r.h5", ending="told") as path:
            follower = follow(p, path, patience=500 * NS_PER_MS)
            listener = Listener(p, follower, "numbers", "words")
            p.run_async(REPLAY_ALL)
            wait_until(lambda: len(listener.of("numbers")) > 20, 60)
            assert not follower.status.is_over
            assert follower.status.behind_ns < 5 * NS_PER_S
        p.wait_all()
    assert listener.of("numbers") == stored(path, "numbers")
    assert listener.of("words") == stored(path, "words")


def test_a_device_that_is_slower_than_patience_is_counted_and_still_complete(tmp_path: Path) -> None:
    with growing(tmp_path / "r.h5", seconds=0.6) as path, Pipeline() as p:
        follower = follow(p, path, patience=1)
        listener = Listener(p, follower, *NAMES)
        p.run(REPLAY_ALL)
    for name in NAMES:
        assert listener.of(name) == stored(path, name)


def test_told_to_finish_it_ends_at_a_time_up_to_which_it_has_everything(tmp_path: Path) -> None:
    with growing(tmp_path / "r.h5", ending="told") as path, Pipeline() as p:
        follower = follow(p, path)
        listener = Listener(p, follower, *NAMES)
        p.run_async(REPLAY_ALL)
        wait_until(lambda: len(listener.seen) > 60, 60)
        follower.finish()
        p.wait_all()
        last = follower.status.last_time
    for name in NAMES:
        assert listener.of(name) == [entry for entry in stored(path, name) if entry[1] <= last]


def test_a_slow_receiver_makes_it_lag_instead_of_filling_memory(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "r.h5")
    waiting: list[int] = []
    with Pipeline() as p:
        follower = follow(p, path)

        def take_long(data: float, envelope: Envelope) -> None:
            wait_on(threading.Event(), NS_PER_MS // 2)
            waiting.append(slow.statistics().queued)

        slow = p.create_receiver(waiting, take_long, "slow one")
        follower.open_stream("numbers").pipe_to(slow, DeliveryPolicy.queue_size_throttled(4))
        p.run(REPLAY_ALL)
    assert len(waiting) == 1000
    assert max(waiting) < AHEAD_MESSAGES + 4


def test_a_finished_recording_is_read_to_its_end_and_an_interval_limits_it(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "r.h5")
    interval = TimeInterval(T0 + 100 * NS_PER_MS, T0 + 200 * NS_PER_MS)
    with Pipeline() as p:
        follower = follow(p, path, interval=interval)
        listener = Listener(p, follower, "numbers", "words")
        p.run(REPLAY_ALL)
    assert listener.of("numbers") == [e for e in stored(path, "numbers") if interval.contains(e[1])]
    assert listener.of("words") == [e for e in stored(path, "words") if interval.contains(e[1])]
    assert follower.status.late == 0


def test_streams_without_messages_end_at_once(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "r.h5", {"x": (SCALAR, [])})
    with Pipeline() as p:
        listener = Listener(p, follow(p, path), "x")
        p.run(REPLAY_ALL)
    assert listener.seen == []


def test_an_unknown_stream_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    path = small_recording(tmp_path / "r.h5")
    with Pipeline() as p:
        follower = follow(p, path)
        with pytest.raises(StreamError, match="no stream 'sonud'; it has: 'sound'"):
            follower.open_stream("sonud")


@given(
    last=st.lists(st.none() | st.integers(0, 10**12), min_size=1, max_size=5),
    commit=st.integers(0, 10**12),
    passed=st.integers(0, 10**11),
    patience=st.integers(0, 10**10),
)
def test_the_horizon_waits_for_every_stream_but_not_longer_than_patience(
    last: list[int | None], commit: int, passed: int, patience: int
) -> None:
    heard = Heard(commit + passed, commit, tuple(last), is_over=False)
    horizon = horizon_of(heard, patience=patience)
    assert horizon >= commit - patience
    assert horizon >= commit + passed - max(patience, STALLED)
    speaking = [time for time in last if time is not None]
    if len(speaking) == len(last) and min(speaking) > commit + passed:
        assert horizon == min(speaking)
    if None in last:
        assert horizon <= commit + passed
    assert horizon_of(Heard(0, 0, tuple(last), is_over=True)) == TIME_MAX
