"""A recorder process of many streams: `python -m tests.store.many_writer PATH STREAMS`.

Adds them in portions, a message to each in every round, a loss now and then, and a further stream in every
round. Says after each commit how many messages the streams have; goes on until it is killed.
"""

import sys
from itertools import count
from pathlib import Path

from studio.store.layout import GAP, NewStream
from studio.store.writer import StoreWriter
from studio.timing import NS_PER_MS, NS_PER_S
from tests.store.recordings import SCALAR, STRING, T0, message

PORTION = 500


def run(path: Path, streams: int) -> None:
    """Until it is killed."""
    writer = StoreWriter.create(path, flush_interval=3600 * NS_PER_S)
    for begin in range(0, streams, PORTION):
        writer.add_streams([new_stream(number) for number in range(begin, min(streams, begin + PORTION))])
    for turn in count():
        names = writer.stream_names
        for number, name in enumerate(names):
            described = writer.format(name)
            data = f"{turn}" if described is STRING else float(turn)
            writer.append(name, message(described, T0 + turn * NS_PER_MS + number, data, turn + 1))
        writer.add_loss(names[turn % len(names)], GAP, 3, T0, T0 + turn)
        writer.flush()
        print(turn + 1, flush=True)
        writer.add_stream(new_stream(len(names)))


def new_stream(number: int) -> NewStream:
    """Of two formats and a few devices."""
    described = STRING if number % 3 else SCALAR
    return NewStream(f"s{number}/\N{GREEK SMALL LETTER MU}", described, f"device {number % 5}", T0 - number)


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]))
