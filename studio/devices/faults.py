"""Faults on a schedule, so that a lab can rehearse what it does when a device fails. Values and words only.

A schedule is written `unplug@10+5, stall@30+2`: at second 10 for 5 seconds, at second 30 for 2. Behind a
slash stands how often all of it comes again: `unplug@10+5 / 60`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from studio.timing import NS_PER_S, Duration


class FaultKind(StrEnum):
    """What a simulated device does while a fault lasts."""

    UNPLUG = "unplug"
    """It is gone, and tried again until it is back; what it would have sent is a gap."""
    STALL = "stall"
    """It stays open and says nothing; what it would have sent is a gap."""
    BURST = "burst"
    """It says nothing, and then everything at once: late, but nothing is lost."""
    JUMP = "jump"
    """Its times are that much ahead; back in step it brings times that have been, which cannot be stored."""
    GARBLE = "garble"
    """Its times make no sense: long ago, far ahead, backwards. What it sends then cannot be stored."""
    MISSHAPE = "misshape"
    """What it sends has another size or type than it said, and cannot be stored."""
    SLOW = "slow"
    """It sends only every second message."""
    MUTE = "mute"
    """Sound and signals: it measures nothing but zeros."""
    LOUD = "loud"
    """Sound and signals: it measures so much that most of it is cut off."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a schedule; times since the device was started."""

    kind: FaultKind
    begin: Duration
    duration: Duration

    @property
    def end(self) -> Duration:
        """When all is well again."""
        return self.begin + self.duration


@dataclass(frozen=True, slots=True)
class FaultSchedule:
    """Faults one after the other, perhaps over and over."""

    faults: tuple[Fault, ...] = ()
    period: Duration = 0
    """After that time it begins anew; 0: never."""

    def active(self, elapsed: Duration) -> Fault | None:
        """The fault at that time after the start, as it stands in the schedule; None: all is well."""
        place = elapsed % self.period if self.period else elapsed
        return next((fault for fault in self.faults if fault.begin <= place < fault.end), None)


_FAULT = re.compile(r"\s*(\w+)\s*@\s*(\d+(?:\.\d+)?)\s*\+\s*(\d+(?:\.\d+)?)\s*")
EXAMPLE = "unplug@10+5, stall@30+2 / 60"
LONGEST_S = 1e6

PRESETS: dict[str, str] = {
    "Unplugged for 5 s, every 20 s": "unplug@10+5 / 20",
    "Frozen for 3 s, every 20 s": "stall@10+3 / 20",
    "Bursts after 2 s, every 10 s": "burst@5+2 / 10",
    "Its clock jumps by 2 s, every 20 s": "jump@10+2 / 20",
    "Times without sense for 3 s, every 20 s": "garble@10+3 / 20",
    "Wrong sizes for 3 s, every 20 s": "misshape@10+3 / 20",
    "Half as fast for 5 s, every 20 s": "slow@10+5 / 20",
    "Silent for 5 s, every 20 s": "mute@10+5 / 20",
    "Too loud for 5 s, every 20 s": "loud@10+5 / 20",
    "All of these within two minutes": (
        "unplug@10+5, stall@22+3, burst@35+2, jump@47+2, garble@60+3, misshape@72+3, slow@84+5, "
        "mute@95+3, loud@104+3 / 115"
    ),
}
"""What a window offers, by the words it says."""


def schedule_of(text: str) -> FaultSchedule:
    """What a text says; an empty one: no faults. Raises ValueError with words for people."""
    if not text.strip():
        return FaultSchedule()
    written, slash, often = text.partition("/")
    faults = tuple(sorted((_fault(part) for part in written.split(",")), key=lambda fault: fault.begin))
    for earlier, later in pairwise(faults):
        if later.begin < earlier.end:
            raise ValueError(f"the fault '{later.kind}' begins before '{earlier.kind}' is over")
    period = _ns(often.strip(), text) if slash else 0
    if slash and period < faults[-1].end:
        raise ValueError("it is to begin anew before its last fault is over")
    return FaultSchedule(faults, period)


def _fault(text: str) -> Fault:
    match = _FAULT.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text.strip()}' is not a fault; write them like this: {EXAMPLE}")
    if match[1] not in list(FaultKind):
        raise ValueError(f"'{match[1]}' is no kind of fault; there are {', '.join(FaultKind)}")
    begin, duration = _ns(match[2], text), _ns(match[3], text)
    if duration == 0:
        raise ValueError(f"'{text.strip()}' lasts no time")
    return Fault(FaultKind(match[1]), begin, duration)


def _ns(number: str, text: str) -> Duration:
    try:
        seconds = float(number)
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds <= LONGEST_S:
        raise ValueError(
            f"'{number}' in '{text.strip()}' is no number of seconds; write it like this: {EXAMPLE}"
        )
    return round(seconds * NS_PER_S)
