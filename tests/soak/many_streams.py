"""Recorders of very many streams killed at any moment: `python -m tests.soak.many_streams [streams] [kills]`.

Each adds its streams in portions, then writes a message to every one of them in rounds, and adds a further
stream after each. What is left must open at once, hold every round that was reported, agree with its table of
contents, and be sound, as it is and after it was put in order. Printed: how long each took, and the room.
"""

import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.store import StoreReader, repair, verify
from studio.timing import NS_PER_MS, NS_PER_S, monotonic_ns, wait_on

STREAMS = 10_000
KILLS = 3
MOST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Left:
    """What became of one recording."""

    rounds: int
    """That were reported before the kill."""
    streams: int
    opened_s: float
    faults: tuple[str, ...]
    repaired_s: float
    megabytes: int

    def __str__(self) -> str:
        return (
            f"{self.rounds} rounds of {self.streams} streams, {self.megabytes} MB: opened in "
            f"{self.opened_s:.2f} s, put in order in {self.repaired_s:.1f} s; "
            + ("; ".join(self.faults) or "whole and sound")
        )


def killed(path: Path, streams: int, delay_s: float) -> int:
    """Record until some rounds were reported and `delay_s` have passed; how many were."""
    command = [sys.executable, "-m", "tests.store.many_writer", str(path), str(streams)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        wanted = random.randint(1, MOST_ROUNDS)
        reported = next(number for number in map(int, process.stdout) if number >= wanted)
        wait_on(threading.Event(), round(delay_s * NS_PER_S))
        process.kill()
        return max([reported, *map(int, process.stdout)])


def judged(path: Path, rounds: int) -> Left:
    """Open, check, put in order, check again."""
    began = monotonic_ns()
    with StoreReader(path) as reader:
        info = reader.info()
        opened_s = (monotonic_ns() - began) / NS_PER_S
        faults = [finding.what for finding in reader.check_contents()]
    faults += _lacking([each.message_count for each in info.streams], rounds)
    faults += [f"as it is: {finding}" for finding in verify(path).findings]
    began = monotonic_ns()
    if not repair(path):
        faults.append("it was not put in order")
    repaired_s = (monotonic_ns() - began) / NS_PER_S
    faults += [f"in order: {finding}" for finding in verify(path, still_for=NS_PER_MS).findings]
    size = path.stat().st_size >> 20
    return Left(rounds, len(info.streams), opened_s, tuple(faults), repaired_s, size)


def _lacking(counts: list[int], rounds: int) -> list[str]:
    """A stream added after round n has a message of each round from the next one on."""
    first = len(counts) - rounds - 1
    fewest = min(counts[: max(0, first)], default=0)
    return [] if fewest >= rounds else [f"a stream has {fewest} messages, {rounds} were reported"]


def main(arguments: Sequence[str]) -> int:
    """1 if anything was lost or is not sound."""
    given = [int(each) for each in arguments]
    streams, kills = (*given, *(STREAMS, KILLS)[len(given) :])
    is_bad = False
    with tempfile.TemporaryDirectory() as folder:
        for number in range(kills):
            path = Path(folder) / f"{number}.h5"
            left = judged(path, killed(path, streams, random.uniform(0.0, 5.0)))
            path.unlink()
            print(left, flush=True)
            is_bad = is_bad or bool(left.faults)
    return int(is_bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
