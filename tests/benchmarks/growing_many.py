"""A recording of very many streams that is being written: `python -m tests.benchmarks.growing_many PATH`.

Of one that `seeming_many` has made, at PATH: it is opened again as its recorder would have left it open, and
a commit is added every quarter of a second. Says when it has begun; goes on until it is killed, and then is
one whose recorder died. Only what lists the streams grows: no messages are added.
"""

import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import h5py

from studio.store import layout
from studio.store.commits import Commits
from studio.store.contents import Contents, read_contents
from studio.store.growing_contents import GrowingContents
from studio.store.opening import open_for_appending
from studio.store.sidecar import SideCar
from studio.store.stream_writer import StreamTotals, StreamWriter
from studio.timing import NS_PER_MS, SystemClock, wait_on

INTERVAL = 250 * NS_PER_MS


def seeming_writers(contents: Contents) -> list[StreamWriter]:
    """As their recorder would have them."""
    writers = []
    for number, (stream, counts) in enumerate(
        zip(contents.streams, contents.counts.tolist(), strict=True), 1
    ):
        described = layout.StreamDescription(
            stream.name, number, stream.format, stream.device, stream.opened_time, stream.supplemental
        )
        writer = StreamWriter(described)
        writer.totals = StreamTotals(
            message_count=counts[0],
            extent=counts[1],
            produced=counts[3],
            first_time=stream.first_time,
            last_time=stream.last_time,
        )
        writers.append(writer)
    return writers


def reopened(file: h5py.File, path: Path) -> tuple[GrowingContents, list[StreamWriter]]:
    """As before it was closed, with counts of all streams."""
    contents = read_contents(path, file)
    assert contents is not None, f"{path} has no table of contents"
    writers = seeming_writers(contents)
    del file[layout.CONTENTS], file[layout.COMMITS]
    file.attrs["clean"] = 0
    growing = GrowingContents()
    growing.list_all(file, writers)
    group = file.create_group(layout.COMMITS)
    columns = len(layout.COUNT_COLUMNS)
    group.create_dataset(layout.TIME, shape=(0,), maxshape=(None,), chunks=(1024,), dtype="i8")
    shape, most = (0, len(writers) + 1, columns), (None, None, columns)
    chunks = layout.ONE_COMMIT_CHUNK
    group.create_dataset(layout.COUNTS, shape=shape, maxshape=most, chunks=chunks, dtype="i8")
    return growing, writers


def main(arguments: Sequence[str]) -> int:
    """Until it is killed."""
    path = Path(arguments[0])
    sidecar = SideCar.take(path)
    assert sidecar is not None
    with open_for_appending(path) as file:
        growing, writers = reopened(file, path)
    clock, commits = SystemClock(), Commits()
    with open_for_appending(path) as file:
        file.swmr_mode = True
        growing.attach(file)
        commits.attach(file)
        while True:
            for writer in writers[::1000]:
                writer.totals = replace(writer.totals, produced=writer.totals.produced + 1)
            file.flush()
            growing.note(commits.count, writers)
            log = [0] * len(layout.COUNT_COLUMNS)
            commits.append(clock.now(), [log, *(writer.counts() for writer in writers)])
            if commits.count == 1:
                print("begun", flush=True)
            wait_on(threading.Event(), INTERVAL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
