"""A worked example: how much moves in a video.

    studio process motion_energy recording.h5 --param width=80

The frames are decoded and shrunk, each is compared with the one before it, and the mean difference is the
motion energy, from 0 (nothing moves) to 1 (black has become white everywhere). `Video` is found in the
recording whether it is stored as JPEG or as plain pictures. Where it moves is told by a box, which can be
laid over the pictures: drop the stream `motion box` onto their panel.
"""

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from studio.app.chains import Output, PayloadKind, Range, Rectangle, Tag, Video, chain, shapes_message
from studio.app.chains.pictures import Picture, pictures

Grey = NDArray[np.float32]
MOST_OF_IT = 0.98
"""The box leaves out a hundredth of the motion at each side: single pixels that flicker are no motion."""


@chain
def motion_energy(
    video: Video,
    *,
    width: Annotated[int, Range(8, 1920, units="px", help="Frames are shrunk to this width")] = 160,
    noise: Annotated[float, Range(0, 1, help="Smaller differences of a pixel count as none")] = 0.02,
    smooth_s: Annotated[float, Range(0, 60, units="s", help="0: as it is")] = 0.0,
) -> dict[str, Output[float] | Output[dict[str, Any]]]:
    """How much changes from frame to frame, from 0 to 1, and where."""
    grey = pictures(video, width=width).select(to_grey)
    # `history(2)` gives each frame with the one before it, once there are two.
    changes = grey.history(2).select(lambda both: change(both[0], both[1], noise))
    energy = changes.select(lambda changed: float(changed.mean()))
    outputs: dict[str, Output[float] | Output[dict[str, Any]]] = {
        "motion": Output(energy, PayloadKind.SCALAR),
        "motion box": Output(changes.select(box), PayloadKind.JSON),
    }
    if smooth_s > 0:
        smooth = energy.average(time_span=round(smooth_s * 1_000_000_000))
        outputs["smooth motion"] = Output(smooth, PayloadKind.SCALAR)
    return outputs


def to_grey(picture: Picture) -> Grey:
    """Brightness from 0 to 1."""
    grey = picture.mean(axis=2) if picture.ndim == 3 else picture
    return np.asarray(grey, np.float32) / np.float32(255)


def change(before: Grey, after: Grey, noise: float) -> Grey:
    """How much each pixel changed; a frame of another size is a cut, which counts as no motion."""
    if before.shape != after.shape:
        return np.zeros_like(after)
    changed = np.abs(after - before)
    return np.where(changed > noise, changed, np.float32(0))


def box(changed: Grey) -> dict[str, Any]:
    """The rectangle that holds nearly all of the motion; none where nothing moves.

    A message for every frame, also without a box, so that the last one is not seen for longer than it holds.
    """
    height, width = changed.shape
    if not changed.any():
        return shapes_message(size=(width, height))
    left, right = middle_part(changed.sum(axis=0))
    top, foot = middle_part(changed.sum(axis=1))
    motion = Rectangle(left, top, right - left, foot - top, Tag("motion"))
    return shapes_message(motion, size=(width, height))  # the frames may have been shrunk


def middle_part(amounts: Grey) -> tuple[int, int]:
    """Where it begins and ends, in columns or rows."""
    share = np.cumsum(amounts, dtype=np.float64) / amounts.sum(dtype=np.float64)
    first, last = np.searchsorted(share, [(1 - MOST_OF_IT) / 2, (1 + MOST_OF_IT) / 2])
    return int(first), int(last) + 1
