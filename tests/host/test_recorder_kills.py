"""SIGKILL of the recorder at any moment: everything that was committed stays, in order (decision 28)."""

import hashlib
import os
import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.errors import StudioError
from studio.formats.payload import EncodedImage, PayloadKind
from studio.host.protocol import StartRecording, StopRecording
from studio.host.run_directory import RunDirectory
from studio.host.shared_clock import shared_clock
from studio.store.reader import StoreReader
from studio.store.verification import verify
from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns
from tests.host.conftest import MakeClient
from tests.host.watched import WatchedClient, devices, recorder_pid
from tests.waiting import wait_until

KILLS = 10
LONGEST = 1500 * NS_PER_MS
"""From the command to the kill."""
WORST_LOSS = 2 * NS_PER_S
DENSE = (PayloadKind.AUDIO, PayloadKind.SAMPLES, PayloadKind.JPEG, PayloadKind.IMAGE)
"""Kinds whose streams always have something new, so that what is missing at the end is loss."""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What a reader in another process than the recorder saw committed before the kill."""

    counts: dict[str, int]
    digests: dict[str, str]


def digest(messages: Iterator[Any]) -> str:
    """Of times and payloads, bit for bit."""
    found = hashlib.sha256()
    for message in messages:
        found.update(message.envelope.originating_time.to_bytes(8, "little"))
        found.update(message.envelope.creation_time.to_bytes(8, "little"))
        found.update(as_bytes(message.data))
    return found.hexdigest()


def as_bytes(data: Any) -> bytes:
    if isinstance(data, np.ndarray):
        return data.tobytes()
    return data.data if isinstance(data, EncodedImage) else repr(data).encode()


def witness(path: Path) -> Witnessed:
    """Read what is committed right now while the recorder goes on."""
    try:
        with StoreReader(path, repair=False) as reader:
            counts = {stream.name: stream.message_count for stream in reader.info().streams}
            return Witnessed(
                counts, {name: digest(islice(reader.messages(name), count)) for name, count in counts.items()}
            )
    except StudioError:
        return Witnessed({}, {})  # nothing of the file is committed yet


def wait_for_moment(moment: int) -> None:
    wait_until(lambda: monotonic_ns() >= moment, 30, "the moment of the kill")


def record_until(client: WatchedClient, folder: Path, life: int) -> tuple[Path, Witnessed]:
    """Record, let it live for `life` ns, see what is committed shortly before, and kill."""
    path = Path(client.ask(StartRecording(devices(), str(folder))))
    begun = monotonic_ns()
    wait_for_moment(begun + max(0, life - 100 * NS_PER_MS))
    seen = witness(path)
    wait_for_moment(begun + life)
    return path, seen


def kill_recorder(client: WatchedClient, pid: int) -> int:
    """The time of the kill by the clock of the recording."""
    connections = client.connections
    os.kill(pid, signal.SIGKILL)
    killed_time = shared_clock(RunDirectory.open()).now()
    client.wait_until_connected(connections + 1)
    return killed_time


def check(path: Path, seen: Witnessed) -> dict[PayloadKind, int]:
    """The hard requirements; the last time of each dense kind of stream."""
    assert verify(path, still_for=0).findings == ()
    last: dict[PayloadKind, int] = {}
    with StoreReader(path) as reader:
        info = reader.info()
        for stream in info.streams:
            count = seen.counts.get(stream.name, 0)
            assert stream.message_count >= count, f"{stream.name} lost what was committed"
            if count:
                assert digest(islice(reader.messages(stream.name), count)) == seen.digests[stream.name]
            times = [message.envelope.originating_time for message in reader.messages(stream.name)]
            assert all(a < b for a, b in pairwise(times)), f"{stream.name} is out of order"
            if stream.format.kind in DENSE and times:
                last[stream.format.kind] = min(times[-1], last.get(stream.format.kind, times[-1]))
    assert set(seen.counts) <= {stream.name for stream in info.streams}
    return last


@pytest.mark.kill
@pytest.mark.timeout(180)
def test_ten_kills_cost_nothing_that_was_committed(
    new_client: MakeClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = new_client()
    client.wait_until_connected()
    moments = random.Random(1)
    worst: dict[PayloadKind, int] = {}
    witnessed = 0
    for number in range(KILLS):
        # The first ones hit the beginning: while the file is made and its first commits are written.
        life = number * 20 * NS_PER_MS if number < 4 else moments.randrange(LONGEST)
        pid = recorder_pid()
        path, seen = record_until(client, tmp_path, life)
        witnessed += sum(seen.counts.values())
        killed_time = kill_recorder(client, pid)
        for kind, last_time in check(path, seen).items():
            worst[kind] = max(worst.get(kind, 0), killed_time - last_time)
    assert witnessed > 100
    assert set(worst) >= {PayloadKind.AUDIO, PayloadKind.JPEG}
    with capsys.disabled():
        losses = ", ".join(f"{kind.value} {loss / NS_PER_S:.2f} s" for kind, loss in worst.items())
        print(f"\n  worst loss of {KILLS} kills of the recorder: {losses}")
    assert max(worst.values()) < WORST_LOSS


@pytest.mark.kill
def test_a_kill_after_stop_costs_nothing_at_all(new_client: MakeClient, tmp_path: Path) -> None:
    client = new_client()
    path = client.record(tmp_path)
    finished = client.ask(StopRecording())
    kill_recorder(client, recorder_pid())
    with StoreReader(path) as reader:
        assert reader.info().clean
        stored = {stream.name: stream.produced for stream in reader.info().streams}
    assert stored == {stream.name: stream.produced for stream in finished.streams}
    assert verify(path).is_sound
