"""What waited while a disk took nothing is given back to the system once it is stored."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is a way of glibc's")

_STALL = """
import sys
import threading
from pathlib import Path

import h5py
import numpy as np
import psutil

from studio import store
from studio.engine import Pipeline
from studio.formats.payload import PayloadKind, StreamFormat
from studio.host import rare_garbage
from studio.host.rare_garbage import RareGarbage
from studio.timing import TIME_MAX
from tests.waiting import wait_until

SENSORS, FEW, BLOCKS, ROWS, CHANNELS = 4, 10, 400, 300, 64
FORMAT = StreamFormat(PayloadKind.SAMPLES, dtype="float32", channels=CHANNELS, rate=30_000.0)

def resident():
    return psutil.Process().memory_info().rss // 1_000_000

class Sensor:
    def __init__(self, pipeline):
        self.out = pipeline.create_emitter(self, "out")
        self.notes = []

    def start(self, notify_completion_time):
        notify_completion_time(TIME_MAX)

    def stop(self, final_originating_time, notify_completed):
        notify_completed()

    def send(self, count, begun):
        for number in range(count):
            # A little of what is made meanwhile stays, as problems and rows of the account do.
            self.notes.append(b"x" * 2000)
            self.out.post(np.full((ROWS, CHANNELS), number, np.float32), begun + number)

def waiting():
    return sum(stream.queued_bytes for stream in exporter.statistics().streams)

def send_all(count):
    begun = pipeline.get_current_time()
    threads = [threading.Thread(target=sensor.send, args=(count, begun)) for sensor in sensors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

def all_stored(count):
    return [stream.message_count for stream in exporter.statistics().streams] == SENSORS * [count]

rare_garbage.INTERVAL = 0
garbage = RareGarbage()
with Pipeline() as pipeline:
    sensors = [Sensor(pipeline) for _ in range(SENSORS)]
    exporter = store.create(pipeline, Path(sys.argv[1]))
    for number, sensor in enumerate(sensors):
        sensor.out.write(f"sensor {number}", exporter, format=FORMAT)
    pipeline.run_async()
    garbage.begin()
    send_all(FEW)
    wait_until(lambda: all_stored(FEW), timeout_s=60)
    before = resident()
    with h5py._hl.base.phil:  # whoever wants to write waits for it, as for a disk that hangs
        send_all(BLOCKS)
        wait_until(lambda: waiting() > 100_000_000, timeout_s=60)
        stalled = resident()
    wait_until(lambda: all_stored(FEW + BLOCKS), timeout_s=60)
    held = resident()
    assert garbage.collect(lambda: False)
    sys.stderr.write(f"megabytes {before} {stalled} {held} {resident()}")
"""


def test_after_a_stall_a_recorder_is_as_small_as_before(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _STALL, str(tmp_path / "r.h5")],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    before, stalled, _held, given_back = map(int, done.stderr.rpartition("megabytes ")[2].split())
    assert stalled - before > 80
    assert given_back - before < 25, done.stderr
