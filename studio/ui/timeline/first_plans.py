"""Which panels a session gets before the user has chosen any. No Qt.

A panel costs widgets, questions and room, so only so many are made at first, the most telling streams first;
the tree of sessions has the rest.
"""

import heapq
from dataclasses import dataclass
from itertools import islice

from studio.formats.payload import PayloadKind
from studio.formats.recording import StreamInfo, StreamRef
from studio.ui.panels.panel_plan import PanelPlan
from studio.ui.timeline.plan_edits import plan_for
from studio.ui.timeline.session import Session

MOST_PANELS = 24

_INTEREST = {
    PayloadKind.JPEG: 0,
    PayloadKind.IMAGE: 0,
    PayloadKind.AUDIO: 1,
    PayloadKind.SAMPLES: 2,
    PayloadKind.SCALAR: 3,
    PayloadKind.EVENT: 4,
    PayloadKind.STRING: 5,
    PayloadKind.JSON: 6,
    PayloadKind.BYTES: 7,
}


@dataclass(frozen=True, slots=True)
class FirstPlans:
    """The panels, and how many streams have none."""

    plans: tuple[PanelPlan, ...]
    left_out: int = 0

    @property
    def word(self) -> str:
        """What to tell about it; empty: nothing."""
        if not self.left_out:
            return ""
        return (
            f"{len(self.plans)} of {len(self.plans) + self.left_out:,} streams are shown; "
            "drag others here from the list of sessions."
        )


def first_plans(session: Session, most: int = MOST_PANELS) -> FirstPlans:
    """One panel for each of the most interesting streams, in the order of the recording."""
    # References are made of the chosen ones only: there may be very many streams.
    streams = [(info.path, stream) for info in session.infos for stream in info.streams]
    interests = ((_interest(stream), n) for n, (_, stream) in enumerate(streams))
    chosen = sorted(n for _, n in heapq.nsmallest(most, interests))
    refs = ((StreamRef(path, stream.name), stream) for path, stream in (streams[n] for n in chosen))
    plans = tuple(plan_for(ref, stream) for ref, stream in refs)
    return FirstPlans(plans, len(streams) - len(plans))


def plans_of_new(before: Session, now: Session, most: int) -> tuple[PanelPlan, ...]:
    """Panels for streams that were not there before, as far as there is room."""
    if before.shape == now.shape:
        return ()  # streams are only ever added
    new = (one for one in now.streams() if before.stream(one[0]) is None)
    return tuple(plan_for(*one) for one in islice(new, max(0, most)))


def _interest(stream: StreamInfo) -> int:
    """Small is interesting; a stream that holds nothing is not."""
    return _INTEREST[stream.format.kind] + (0 if stream.message_count else len(_INTEREST))
