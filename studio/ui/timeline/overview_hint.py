"""What the overview strip hints at: how loud, how high or how dense the session is along its length.

Picks one telling stream and turns what the reader says of it into one bar per pixel. Nothing is drawn here.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studio.app.answers import Marks
from studio.formats.payload import PayloadKind
from studio.formats.recording import StreamInfo, StreamRef
from studio.formats.signal import SignalWindow
from studio.formats.stream_columns import message_counts, per_kind
from studio.ui.panels.column_spans import pixel_columns
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.timeline.session import Session

Bars = npt.NDArray[np.float64]

_RANKS = dict.fromkeys(PayloadKind, 0) | {PayloadKind.AUDIO: 4, PayloadKind.SAMPLES: 3, PayloadKind.SCALAR: 2}
"""Others by the number of their messages, below 1."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One span per pixel."""

    low: Bars
    """From 0 (foot of the strip) to 1; NaN: nothing was recorded there."""
    high: Bars


def hinted_stream(session: Session) -> tuple[StreamRef, StreamInfo] | None:
    """Sound, else a signal, else the stream with the most messages; None: there is nothing at all."""
    best: tuple[float, str, StreamInfo] | None = None
    for info in session.infos:
        counts = message_counts(info.streams)
        ranks = np.maximum(per_kind(info.streams, _RANKS), np.minimum(1.0, counts / 2**62)) * (counts > 0)
        first = int(np.argmax(ranks)) if len(ranks) else 0
        if len(ranks) and ranks[first] > (best[0] if best is not None else 0.0):
            best = (float(ranks[first]), info.path, info.streams[first])
    return None if best is None else (StreamRef(best[1], best[2].name), best[2])


def hint_of_signal(window: SignalWindow, axis: TimeAxis) -> Hint:
    """The spans of the first channel, spread over the height of the strip."""
    if not len(window.times):
        return nothing(axis)
    columns = pixel_columns(window, axis.left, axis.right, axis.width)
    low, high = columns.low[:, 0].copy(), columns.high[:, 0].copy()
    seen = np.isfinite(low) & np.isfinite(high)
    low[~seen] = high[~seen] = np.nan
    if not seen.any():
        return Hint(low, high)
    # A few outliers shall not flatten all the rest.
    floor, ceiling = np.percentile(low[seen], 0.5), np.percentile(high[seen], 99.5)
    room = max(float(ceiling - floor), np.finfo(np.float64).tiny)
    with np.errstate(over="ignore", invalid="ignore"):
        return Hint(np.clip((low - floor) / room, 0, 1), np.clip((high - floor) / room, 0, 1))


def hint_of_marks(marks: Marks, axis: TimeAxis) -> Hint:
    """How many messages there are: marks are thinned evenly, so their density is that of all."""
    xs = np.floor(axis.xs_of(marks.times)).astype(np.int64)
    xs = xs[(xs >= 0) & (xs < axis.width)]
    counts = np.bincount(xs, minlength=axis.width).astype(np.float64)
    if not counts.any():
        return nothing(axis)
    # Between two marks as many messages were left out: a mark stands for the pixels up to the next one.
    reach = max(1, round(3 * axis.width / max(1, len(xs))))
    smooth = np.convolve(counts, np.ones(reach) / reach, "same")
    filled = smooth > 0
    high = np.where(filled, 0.15 + 0.85 * smooth / smooth.max(), np.nan)
    return Hint(np.where(filled, 0.0, np.nan), high)


def nothing(axis: TimeAxis) -> Hint:
    """No bar at all."""
    empty = np.full(axis.width, np.nan)
    return Hint(empty, empty)
