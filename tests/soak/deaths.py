"""A recorder that is killed at a chosen moment, and what must be true of what it leaves (decision 28)."""

import hashlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from studio.app.status import InterruptedRecording
from studio.devices.device import DeviceInfo
from studio.errors import StudioError
from studio.formats.payload import EncodedImage, PayloadKind
from studio.formats.recording import StreamInfo
from studio.host.going_on_protocol import GoOnRecording
from studio.host.protocol import GetStatus, StartRecording, StopRecording
from studio.host.run_directory import RunDirectory
from studio.host.shared_clock import shared_clock
from studio.store.reader import StoreReader
from studio.store.verification import verify
from studio.timing import NS_PER_MS, Duration, Timestamp, monotonic_ns
from tests.host.watched import WatchedClient, recorder_pid
from tests.waiting import wait_until

Last = dict[str, tuple[PayloadKind, Timestamp]]
"""Of each dense stream, its kind and the time of its last message."""
DENSE = (PayloadKind.AUDIO, PayloadKind.SAMPLES, PayloadKind.JPEG, PayloadKind.IMAGE)
"""Kinds whose streams always have something new, so that what is missing at the end is loss."""
DENSE_HZ = 100.0
"""So are others that are as frequent."""


class Moment(StrEnum):
    """When it is killed."""

    STARTING = "starting"
    """After it was told to record; nothing may be there yet."""
    OPENING = "opening"
    """After the file was claimed: it is made, closed and opened again for the streams."""
    RUNNING = "running"
    """After something was stored."""
    STOPPING = "stopping"
    """After it was told to stop."""


@dataclass(frozen=True, slots=True)
class Life:
    """What a recorder shall do until its death."""

    devices: tuple[DeviceInfo, ...]
    moment: Moment
    delay: int
    """ns from what begins the moment to the kill."""
    goes_on: bool = False
    """With what the one before could not finish, instead of a new session."""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What another process than the recorder saw committed before the kill."""

    counts: dict[str, int] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Death:
    """What a kill cost."""

    moment: Moment
    left: int
    """Recordings that it left: none where it was too early."""
    witnessed: int
    """Messages that were read before the kill, and found again."""
    to_the_kill_ns: dict[PayloadKind, int]
    """From the last stored message of a kind to the kill; the worst of its streams. A device that a busy
    machine lets wait counts as well."""
    lost_ns: dict[PayloadKind, int]
    """From the last stored message to the last that the recorder had told to have handed over."""


class Recorders:
    """One recorder after the other, killed while it records into `folder`."""

    def __init__(self, client: WatchedClient, folder: Path) -> None:
        self._client, self._folder = client, folder
        client.wait_until_connected()
        self._clock = shared_clock(RunDirectory.open())
        self._interrupted: InterruptedRecording | None = None

    def kill_one(self, life: Life) -> Death:
        """Let it live and die; check all that it left, while the next one starts."""
        known, pid = set(self._recordings()), recorder_pid()
        connections = self._client.connections
        goes_on = self._interrupted if life.goes_on else None
        seen, wanted_until = self._bring_to(life, goes_on)
        os.kill(pid, signal.SIGKILL)
        killed_time = self._clock.now()
        end = min(killed_time, wanted_until or killed_time)
        handed_over = _handed_over(self._client)
        wait_until(lambda: has_ended(pid), 60, "the death of the recorder")
        left = [path for path in self._recordings() if path not in known]
        assert len(left) <= 1
        last: Last = {}
        clean = False
        for path in left:
            last, clean = check(path, seen)
            assert goes_on is None or path.parent == Path(goes_on.path).parent, "another session"
        assert left or life.moment in (Moment.STARTING, Moment.OPENING)
        self._client.wait_until_connected(connections + 1)
        self._take_offer(life, left, clean=clean)
        return Death(
            moment=life.moment,
            left=len(left),
            witnessed=sum(seen.counts.values()),
            to_the_kill_ns=_worst(last, dict.fromkeys(last, end)),
            lost_ns=_worst(last, handed_over),
        )

    def _recordings(self) -> list[Path]:
        return sorted(self._folder.rglob("*.h5"))

    def _bring_to(self, life: Life, goes_on: InterruptedRecording | None) -> tuple[Witnessed, Timestamp]:
        """Up to the moment of the kill: what was witnessed, and when Stop was wanted (0: it was not)."""
        claims = len(list(self._folder.rglob("*.h5.lock")))
        begin = GoOnRecording() if goes_on else StartRecording(life.devices, str(self._folder))
        beginning = self._client.link.request(begin)
        if life.moment is Moment.OPENING:
            wait_until(lambda: len(list(self._folder.rglob("*.h5.lock"))) > claims, 60, "a claimed file")
        if life.moment in (Moment.STARTING, Moment.OPENING):
            wait_for_moment(monotonic_ns() + life.delay)
            return Witnessed(), 0
        path = Path(str(beginning.result(60)))
        wait_until(lambda: self._is_stored(path), 60, "something stored")
        if life.moment is Moment.RUNNING:
            moment = monotonic_ns() + life.delay
            wait_for_moment(moment - 100 * NS_PER_MS)
            seen = witness(path)
            wait_for_moment(moment)
            return seen, 0
        seen, wanted = witness(path), self._clock.now()
        self._client.link.request(StopRecording())
        wait_for_moment(monotonic_ns() + life.delay)
        return seen, wanted

    def _is_stored(self, path: Path) -> bool:
        # The newest status may still be one of the recorder before.
        return self._client.newest.path == str(path) and self._client.stored() > 0

    def _take_offer(self, life: Life, left: list[Path], *, clean: bool) -> None:
        """The next recorder offers to go on with what was not finished, and with nothing else."""
        offered = self._client.ask(GetStatus(), timeout_s=60).interrupted
        if life.moment in (Moment.OPENING, Moment.RUNNING):
            assert offered is not None, "nothing is offered to be gone on with"
        if left and not clean:
            assert offered is not None
            assert offered.path == str(left[0])
            assert offered.device_names == tuple(device.name for device in life.devices)
        self._interrupted = offered


def has_ended(pid: int) -> bool:
    """Whether our child, with all its threads, has let go of its locks: that takes a while after a kill."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True  # and somebody has taken notice


def wait_for_moment(moment: int) -> None:
    """Until the monotonic clock shows it."""
    wait_until(lambda: monotonic_ns() >= moment, 60, "the moment of the kill")


def witness(path: Path) -> Witnessed:
    """Read what is committed right now while the recorder goes on."""
    try:
        with StoreReader(path, repair=False) as reader:
            counts = {stream.name: stream.message_count for stream in reader.info().streams}
            return Witnessed(
                counts, {name: digest(islice(reader.messages(name), count)) for name, count in counts.items()}
            )
    except StudioError:
        return Witnessed()  # nothing of the file is committed yet


def digest(messages: Iterator[Any]) -> str:
    """Of times and payloads, bit for bit."""
    found = hashlib.sha256()
    for message in messages:
        found.update(message.envelope.originating_time.to_bytes(8, "little"))
        found.update(message.envelope.creation_time.to_bytes(8, "little"))
        found.update(as_bytes(message.data))
    return found.hexdigest()


def as_bytes(data: Any) -> bytes:
    """A payload."""
    if isinstance(data, np.ndarray):
        return data.tobytes()
    return data.data if isinstance(data, EncodedImage) else repr(data).encode()


def _handed_over(client: WatchedClient) -> dict[str, Timestamp]:
    """Of each stream, the time of the last message that the recorder told of while it lived."""
    streams = (stream for device in client.newest.devices for stream in device.streams)
    return {stream.name: stream.last_time for stream in streams}


def _worst(last: Last, until: dict[str, Timestamp]) -> dict[PayloadKind, Duration]:
    """By kind, how much of a stream is missing at its end."""
    worst: dict[PayloadKind, Duration] = {}
    for name, (kind, time) in last.items():
        worst[kind] = max(worst.get(kind, 0), until.get(name, 0) - time)
    return worst


def check(path: Path, seen: Witnessed) -> tuple[Last, bool]:
    """The hard requirements. The last time of each dense stream, and whether it was closed properly."""
    findings = verify(path, still_for=0).findings
    assert findings == (), f"{path}: {findings}"
    last: Last = {}
    with StoreReader(path, still_for=0) as reader:
        info = reader.info()
        assert not info.live
        assert info.clean or info.recovered
        assert set(seen.counts) <= {stream.name for stream in info.streams}
        for stream in info.streams:
            times = _check_stream(reader, stream, seen)
            if times and (stream.format.kind in DENSE or stream.format.rate >= DENSE_HZ):
                last[stream.name] = stream.format.kind, times[-1]
    return last, info.clean and not info.recovered


def _check_stream(reader: StoreReader, stream: StreamInfo, seen: Witnessed) -> list[Timestamp]:
    count = seen.counts.get(stream.name, 0)
    assert stream.message_count >= count, f"{stream.name} lost what was committed"
    if count:
        assert digest(islice(reader.messages(stream.name), count)) == seen.digests[stream.name]
    times = [message.envelope.originating_time for message in reader.messages(stream.name)]
    assert len(times) == stream.message_count
    assert all(a < b for a, b in pairwise(times)), f"{stream.name} is out of order"
    return times
