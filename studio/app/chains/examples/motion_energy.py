"""A worked example: how much moves in a video.

    studio process motion_energy recording.h5 --param width=80

The frames are decoded and shrunk, each is compared with the one before it, and the mean difference is the
motion energy, from 0 (nothing moves) to 1 (black has become white everywhere). `Video` is found in the
recording whether it is stored as JPEG or as plain pictures.
"""

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from studio.app.chains import Output, PayloadKind, Range, Video, chain
from studio.app.chains.pictures import Picture, pictures

Grey = NDArray[np.float32]


@chain
def motion_energy(
    video: Video,
    *,
    width: Annotated[int, Range(8, 1920, units="px", help="Frames are shrunk to this width")] = 160,
    noise: Annotated[float, Range(0, 1, help="Smaller differences of a pixel count as none")] = 0.02,
    smooth_s: Annotated[float, Range(0, 60, units="s", help="0: as it is")] = 0.0,
) -> dict[str, Output[float]]:
    """How much changes from frame to frame, from 0 to 1."""
    grey = pictures(video, width=width).select(to_grey)
    # `history(2)` gives each frame with the one before it, once there are two.
    energy = grey.history(2).select(lambda both: difference(both[0], both[1], noise))
    outputs = {"motion": Output(energy, PayloadKind.SCALAR)}
    if smooth_s > 0:
        smooth = energy.average(time_span=round(smooth_s * 1_000_000_000))
        outputs["smooth motion"] = Output(smooth, PayloadKind.SCALAR)
    return outputs


def to_grey(picture: Picture) -> Grey:
    """Brightness from 0 to 1."""
    grey = picture.mean(axis=2) if picture.ndim == 3 else picture
    return np.asarray(grey, np.float32) / np.float32(255)


def difference(before: Grey, after: Grey, noise: float) -> float:
    """Mean change of brightness; a frame of another size is a cut, which counts as no motion."""
    if before.shape != after.shape:
        return 0.0
    change = np.abs(after - before)
    return float(np.where(change > noise, change, 0).mean())
