"""Which panels a session gets before the user has chosen any. No Qt.

A panel costs widgets, questions and room, so only so many are made at first, the most telling streams first;
the tree of sessions has the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from studio.formats.payload import PayloadKind
from studio.formats.recording import StreamInfo, StreamRef
from studio.formats.stream_columns import message_counts, per_kind
from studio.ui.panels.panel_plan import PanelPlan
from studio.ui.timeline.plan_edits import plan_for
from studio.ui.timeline.plan_rows import pictures_in_rows
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
    """One panel for each of the most interesting streams, in the order of the recording; the pictures of
    several cameras beside each other."""
    # Only the chosen ones are made: there may be very many streams.
    interests = np.concatenate([_interests(info.streams) for info in session.infos])
    begins = np.cumsum([0, *(len(info.streams) for info in session.infos)])
    plans = []
    for number in sorted(np.argsort(interests, kind="stable")[:most].tolist()):
        part = int(np.searchsorted(begins, number, "right")) - 1
        info = session.infos[part]
        stream = info.streams[number - int(begins[part])]
        plans.append(plan_for(StreamRef(info.path, stream.name), stream))
    return FirstPlans(pictures_in_rows(tuple(plans)), len(interests) - len(plans))


def plans_of_new(before: Session, now: Session, most: int) -> tuple[PanelPlan, ...]:
    """Panels for streams that were not there before, as far as there is room."""
    if before.shape == now.shape:
        return ()  # streams are only ever added
    new = (one for one in now.streams() if before.stream(one[0]) is None)
    return pictures_in_rows(tuple(plan_for(*one) for one in islice(new, max(0, most))))


def _interests(streams: Sequence[StreamInfo]) -> npt.NDArray[np.int64]:
    """Small is interesting; a stream that holds nothing is not."""
    empty: npt.NDArray[np.int64] = np.multiply(message_counts(streams) == 0, len(_INTEREST), dtype=np.int64)
    return per_kind(streams, _INTEREST) + empty
