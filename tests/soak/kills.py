"""Kills recorders hundreds of times, under every load and at every moment: `python -m tests.soak.kills`.

Ends with exit code 1 at the first recording that does not open, lacks what was committed, or is not offered
to be gone on with. Prints the worst loss of each type of stream; the aim is half a second (decision 28).
"""

import argparse
import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

from studio.formats.payload import PayloadKind
from studio.timing import NS_PER_MS, NS_PER_S
from tests.host.watched import WatchedClient, end_recorders
from tests.lab.places import Places
from tests.soak.deaths import Death, Life, Moment, Recorders
from tests.soak.loads import LOADS

MOMENTS = (
    *(Moment.RUNNING, Moment.STARTING, Moment.RUNNING, Moment.OPENING, Moment.RUNNING),
    *(Moment.STOPPING, Moment.RUNNING, Moment.OPENING),
)
LONGEST = {
    Moment.STARTING: 300 * NS_PER_MS,
    Moment.OPENING: 400 * NS_PER_MS,
    Moment.RUNNING: 2500 * NS_PER_MS,
    Moment.STOPPING: 400 * NS_PER_MS,
}


@dataclass(slots=True)
class Losses:
    """Of all kills so far."""

    moments: Counter[Moment] = field(default_factory=Counter)
    left: int = 0
    witnessed: int = 0
    lost_ns: dict[PayloadKind, list[int]] = field(default_factory=dict)
    to_the_kill_ns: dict[PayloadKind, list[int]] = field(default_factory=dict)

    def add(self, death: Death) -> None:
        """One more."""
        self.moments[death.moment] += 1
        self.left += death.left
        self.witnessed += death.witnessed
        for of_all, of_one in (
            (self.lost_ns, death.lost_ns),
            (self.to_the_kill_ns, death.to_the_kill_ns),
        ):
            for kind, lost in of_one.items():
                of_all.setdefault(kind, []).append(lost)

    def __str__(self) -> str:
        told, killed = _worst(self.lost_ns), _worst(self.to_the_kill_ns)
        moments = ", ".join(f"{count} {moment.value}" for moment, count in self.moments.items())
        return (
            f"{self.moments.total()} kills ({moments}), {self.left} recordings, all opened and verified, "
            f"{self.witnessed} committed messages found again, worst loss of what was handed over: {told}; "
            f"from the last stored to the kill: {killed}"
        )


def _worst(lost_ns: dict[PayloadKind, list[int]]) -> str:
    parts = (
        f"{kind.value} {max(lost) / NS_PER_S:.2f} s (median {sorted(lost)[len(lost) // 2] / NS_PER_S:.2f})"
        for kind, lost in sorted(lost_ns.items())
    )
    return ", ".join(parts) or "none"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--load", choices=[*LOADS, "each"], default="each")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    loads = list(LOADS) if options.load == "each" else [options.load]
    with Places.make() as places:
        os.environ.update(places.environment())
        losses = {load: Losses() for load in loads}
        left, load_of = options.kills, cycle(loads)
        try:
            while left > 0:
                load = next(load_of)
                share = min(left, len(MOMENTS))
                _kill_under(load, share, random.Random(options.seed + left), losses[load])
                left -= share
                print(f"{load}: {losses[load]}", flush=True)
        finally:
            end_recorders(places)
    print(f"\n{options.kills} kills; load of the machine {os.getloadavg()[0]:.1f}")
    for load, found in losses.items():
        print(f"{load}: {found}")


def _kill_under(load: str, kills: int, chance: random.Random, losses: Losses) -> None:
    """Some lives under one load."""
    client = WatchedClient()
    folder = Path(tempfile.mkdtemp(prefix="kills-"))
    try:
        recorders = Recorders(client, folder)
        for life in islice(_lives(load, chance), kills):
            death = recorders.kill_one(life)
            losses.add(death)
            _tell(load, life, death)
            for recording in folder.rglob("*.h5"):
                recording.unlink()  # it was checked; hundreds of them would fill the disk
    finally:
        client.link.close()
        shutil.rmtree(folder, ignore_errors=True)


def _lives(load: str, chance: random.Random) -> Iterator[Life]:
    for number, moment in enumerate(cycle(MOMENTS)):
        delay = chance.randrange(LONGEST[moment])
        yield Life(LOADS[load], moment, delay, goes_on=number % 2 == 1)


def _tell(load: str, life: Life, death: Death) -> None:
    lost = ", ".join(f"{kind.value} {lost / NS_PER_S:.2f} s" for kind, lost in death.lost_ns.items())
    print(
        f"  {load}, {life.moment.value} +{life.delay // NS_PER_MS} ms"
        f"{', gone on' if life.goes_on else ''}: {lost or 'nothing to lose'}",
        flush=True,
    )


if __name__ == "__main__":
    main()
