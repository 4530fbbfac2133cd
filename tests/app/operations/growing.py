"""A recorder for tests: `python -m tests.app.operations.growing FILE` grows it at each line it is told."""

import sys
from pathlib import Path

from studio.formats.encoding import encode
from studio.store.batch import EncodedMessage
from studio.store.layout import NewStream
from studio.store.writer import StoreWriter
from tests.app.operations.recordings import NUMBERS
from tests.store.recordings import T0


def main(path: Path) -> None:
    """Two streams; "grow" adds 500 messages to each, "add" one stream more."""
    writer = StoreWriter.create(path, flush_interval=0)
    writer.add_streams([NewStream("a", NUMBERS), NewStream("b", NUMBERS)])
    number = 0
    for line in sys.stdin:
        if line.strip() == "add":
            writer.add_stream(NewStream(f"late {number}", NUMBERS))
        else:
            for time in range(T0 + number, T0 + number + 500):
                for name in ("a", "b"):
                    writer.append(name, EncodedMessage(time, time, time, encode(NUMBERS, 1.0)))
            number += 500
            writer.flush()
        print("done", flush=True)
    writer.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
