"""The recorder process: devices, preview and recording pipelines, the file being written (decision 16).

Takes the lock, publishes where it can be reached, serves until it is told to end or nobody needs it. On
SIGTERM and SIGINT it finishes the recording properly first.
"""

import logging
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from studio.app.clock_keeper import ClockKeeper
from studio.app.clock_memory import clock_memory_path
from studio.app.recorder import Recorder
from studio.app.recording_memory import RecordingMemory, recording_memory_path
from studio.host.endpoint import Endpoint
from studio.host.file_lock import FileLock
from studio.host.occupancy import LEAVE_AFTER_S
from studio.host.rare_garbage import RareGarbage
from studio.host.ring_sinks import RingSinks
from studio.host.role_names import ANOTHER_HAS_THE_LOCK, ENDPOINT_FILE, LOCK_FILE
from studio.host.run_directory import RunDirectory
from studio.host.server import RecorderServer
from studio.host.shared_clock import renewed_clock

SIGNAL_LOOK_S = 0.1
"""Between two looks of the main thread whether a signal has come."""
MUCH_WAITING_BYTES = 32 << 20
"""Of messages: then it has other things to do than to look through them."""
_log = logging.getLogger(__name__)


def run(arguments: Sequence[str]) -> int:
    """Be the recorder until its end; the exit code says whether all went as asked."""
    options = _parser().parse_args(arguments)
    directory = RunDirectory.open()
    lock = FileLock.try_take(directory.file(LOCK_FILE))
    if lock is None:
        return ANOTHER_HAS_THE_LOCK
    try:
        directory.sweep()
        return _serve(directory, leave_after_s=options.leave_after_s)
    finally:
        lock.release()


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="studio --role recorder")
    parser.add_argument("--leave-after-s", type=float, default=LEAVE_AFTER_S)
    return parser


def _serve(directory: RunDirectory, *, leave_after_s: float) -> int:
    endpoint = Endpoint.new(directory.path, "recorder")
    endpoint_file = directory.file(ENDPOINT_FILE)
    sinks = RingSinks(directory.rings_folder(endpoint.pid))
    clock = renewed_clock(directory)
    recorder = Recorder(
        clock,
        live=sinks,
        clocks=ClockKeeper(clock, clock_memory_path()),
        memory=RecordingMemory.left_at(recording_memory_path()),
    )
    server = RecorderServer(recorder, endpoint, leave_after_s=leave_after_s)
    signals = _noted_signals()
    server.open()
    recorder.clocks.open()
    garbage = RareGarbage()
    garbage.begin()
    try:
        endpoint.publish(endpoint_file)
        while not signals and not server.wait_until_left(SIGNAL_LOOK_S):
            garbage.collect(lambda: recorder.status().waiting_bytes > MUCH_WAITING_BYTES)
        _log.info("ending%s", f" on signal {signals[0]}" if signals else "")
    finally:
        # Found by nobody any more before the last recording is finished: a new start waits for the lock.
        endpoint.withdraw(endpoint_file)
        server.close()
        sinks.close_all()
        directory.sweep()
    return 0 if server.error is None else 1


def _noted_signals() -> list[int]:
    """The signals that have asked for the end, as they come.

    The handler only notes: it may interrupt the main thread anywhere, also inside a lock that setting an
    event would need.
    """
    noted: list[int] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _: noted.append(number))
    if sys.platform != "win32":
        # The terminal from which the window was started may close; the recording goes on.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    return noted
