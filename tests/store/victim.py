"""A recorder process that is killed by the tests: `python -m tests.store.victim MODE PATH REPORTS`.

Appends a line to REPORTS at each step: "ready", then the counts of every commit, "stopping", "stopped".
What message number n of a stream holds follows from n, so that any stored message can be checked.
"""

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from studio import store
from studio.engine import Emitter, Pipeline
from studio.formats.payload import EncodedImage, PayloadKind, StreamFormat
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from studio.timing import NS_PER_MS, SystemClock, wait_on
from tests.store.recordings import AUDIO, JPEG, SCALAR, STRING, message

FORMATS = {"sound": AUDIO, "pictures": JPEG, "numbers": SCALAR, "words": STRING}
LONGEST = 20_000


def content(name: str, number: int) -> Any:
    """What message `number` of stream `name` holds."""
    random = np.random.default_rng([len(name), number])
    if name == "sound":
        return random.standard_normal((480, 2)).astype(np.float32)
    if name == "pictures":
        return EncodedImage(
            b"\xff\xd8" + random.bytes(int(random.integers(1000, 40_000))) + b"\xff\xd9", 64, 48
        )
    return f"word {number}" if name != "numbers" else float(number)


class Reports:
    """Lines that survive the kill."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def say(self, line: str) -> None:
        os.write(self._descriptor, (line + "\n").encode())


def write_directly(path: Path, reports: Reports, *, messages: int) -> None:
    """As fast as it goes, a commit every 20 ms, a new stream every 20 steps."""
    clock = SystemClock()
    reports.say("ready")
    writer = StoreWriter.create(path, flush_interval=20 * NS_PER_MS)
    writer.add_streams([NewStream(name, described) for name, described in FORMATS.items()])
    counts = dict.fromkeys(FORMATS, 0)
    committed = 0
    for number in range(messages):
        if number % 20 == 19:
            counts[f"extra {number}"] = 0
            writer.add_stream(NewStream(f"extra {number}", STRING))
        for name in counts:
            described = FORMATS.get(name, STRING)
            writer.append(
                name, message(described, clock.now(), content(name, counts[name]), counts[name] + 1)
            )
            counts[name] += 1
        writer.flush_if_due()
        if writer.last_commit_time != committed:
            committed = writer.last_commit_time
            reports.say(json.dumps({name: writer.totals(name).message_count for name in counts}))
        wait_on(threading.Event(), NS_PER_MS)
    reports.say("stopping")
    writer.close()
    reports.say("stopped")


class Device:
    """Posts in real time on a thread of its own."""

    def __init__(self, pipeline: Pipeline, name: str, period: int) -> None:
        self.out: Emitter[Any] = pipeline.create_emitter(self, name)
        self._pipeline = pipeline
        self._name = name
        self._period = period
        self._stopping = threading.Event()

    def start(self, notify_completion_time: Any) -> None:
        notify_completion_time(2**63 - 1)
        self._pipeline.spawn(self._name, self._run)

    def stop(self, final_originating_time: int, notify_completed: Any) -> None:
        self._stopping.set()
        notify_completed()

    def _run(self, cancelled: threading.Event) -> None:
        number = 0
        while not self._stopping.is_set():
            wait_on(self._stopping, self._period)
            self.out.post(content(self._name, number), self._pipeline.get_current_time())
            number += 1


def record_pipeline(path: Path, reports: Reports) -> None:
    """As the studio records: devices, emitters, exporter."""
    reports.say("ready")
    with Pipeline() as pipeline:
        exporter = store.create(pipeline, path)
        for name, described in FORMATS.items():
            period = 10 * NS_PER_MS if name == "sound" else 30 * NS_PER_MS
            Device(pipeline, name, period).out.write(name, exporter, format=described)
        pipeline.run_async()
        for _ in range(600):
            if exporter.statistics().last_commit_time:
                reports.say("{}")
            wait_on(threading.Event(), 50 * NS_PER_MS)


def follow_me(path: Path, reports: Reports) -> None:
    """Numbers at 1 kHz, a stream more each time a line comes in, until the input ends."""
    clock = SystemClock()
    writer = StoreWriter.create(path, flush_interval=20 * NS_PER_MS)
    writer.add_stream(NewStream("numbers", SCALAR))
    reports.say("ready")
    asked = threading.Event()
    ended = threading.Event()

    def listen() -> None:
        while sys.stdin.readline():
            asked.set()
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    number = 0
    while not ended.is_set():
        if asked.is_set():
            asked.clear()
            writer.add_stream(NewStream(f"added at {number}", StreamFormat(PayloadKind.STRING)))
        writer.append("numbers", message(SCALAR, clock.now(), float(number), number + 1))
        number += 1
        writer.flush_if_due()
        wait_on(ended, NS_PER_MS)
    writer.close()
    reports.say(f"stopped {number}")


def main() -> None:
    """Do what the arguments say."""
    mode, path, reports = sys.argv[1], Path(sys.argv[2]), Reports(Path(sys.argv[3]))
    if mode == "direct":
        write_directly(path, reports, messages=LONGEST)
    elif mode == "short":
        write_directly(path, reports, messages=40)
    elif mode == "follow":
        follow_me(path, reports)
    else:
        record_pipeline(path, reports)


if __name__ == "__main__":
    main()
