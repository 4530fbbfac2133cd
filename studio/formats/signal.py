"""What a curve or a waveform looks like in a window of time: a few points per pixel column. Values only."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from studio.formats.payload import PayloadKind, StreamFormat
from studio.timing import Timestamp


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which a signal has no samples; nothing may be drawn across it."""

    from_time: Timestamp
    to_time: Timestamp


@dataclass(frozen=True, slots=True)
class SignalWindow:
    """Minimum and maximum of a signal in m consecutive columns of time."""

    times: npt.NDArray[np.int64]
    """(m,) centre of each column, or the time of each sample where there is one sample a column; ns UTC."""
    minimum: npt.NDArray[np.floating]
    """(m, channels); NaN where the stream has a gap, which is drawn as a gap and never bridged."""
    maximum: npt.NDArray[np.floating]
    """(m, channels); equal to `minimum` where a column holds one sample."""
    samples_per_column: float = 1.0
    """About how many samples a column stands for; 1.0: these are the samples themselves."""
    gaps: tuple[Gap, ...] = ()
    """Where samples are missing within the window."""
    unknown: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Times of columns in which some samples are no numbers and others are, in order."""


def full_scale(stream_format: StreamFormat) -> float:
    """The number that stands for full scale: 1.0, or the largest integer of the type."""
    dtype = stream_format.dtype
    if stream_format.kind is PayloadKind.AUDIO and dtype.startswith("int"):
        return float(np.iinfo(dtype).max) + 1.0
    return 1.0
