"""A recorder that follows a clock and is killed: `python -m tests.store.clock_victim PATH REPORTS`.

Says to REPORTS how many parts of the clock's log were in the file at each commit.
"""

import sys
import threading
from pathlib import Path

from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from studio.timing import NS_PER_MS, SystemClock, wait_on
from tests.store.clock_logs import part
from tests.store.recordings import SCALAR, STRING, message
from tests.store.victim import Reports


def main(path: Path, reports: Reports) -> None:
    """A commit every 20 ms, a part with each message, a new stream now and then."""
    clock = SystemClock()
    writer = StoreWriter.create(path, flush_interval=20 * NS_PER_MS)
    writer.add_stream(NewStream("numbers", SCALAR))
    committed = 0

    def tell(parts: int) -> None:
        nonlocal committed
        if writer.last_commit_time != committed:
            committed = writer.last_commit_time
            reports.say(str(parts))

    tell(0)
    for number in range(20_000):
        if number % 40 == 39:
            writer.add_stream(NewStream(f"extra {number}", STRING))
            tell(number)
        writer.append("numbers", message(SCALAR, clock.now(), float(number), number + 1))
        writer.write_clock(part(number))
        writer.flush_if_due()
        tell(number + 1)
        wait_on(threading.Event(), NS_PER_MS)
    writer.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Reports(Path(sys.argv[2])))
