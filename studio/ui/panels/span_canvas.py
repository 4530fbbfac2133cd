"""The pixels that the spans of a signal are painted into. While time passes, what is there moves along."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from studio.ui.panels.time_axis import TimeAxis

LookKey = tuple[float | int | str, ...]


@dataclass(frozen=True, slots=True)
class CanvasState:
    """What a canvas was painted for: any difference but the place in time needs all of it anew."""

    width: int
    height: int
    step: int
    """ns of a column; 0: the columns lie on no grid."""
    look: LookKey
    """Range, colours, widths."""

    @classmethod
    def of(cls, axis: TimeAxis, width: int, height: int, look: LookKey) -> "CanvasState":
        """The state for an axis drawn in `width` columns."""
        step, rest = divmod(axis.span, width)
        on_grid = rest == 0 and axis.left % step == 0
        return cls(width, height, step if on_grid else 0, look)


class SpanCanvas:
    """Premultiplied ARGB pixels, kept from frame to frame."""

    def __init__(self) -> None:
        self._pixels: npt.NDArray[np.uint32] = np.zeros((1, 1), np.uint32)
        self._state: CanvasState | None = None
        self._column = 0

    def begin(
        self, state: CanvasState, axis: TimeAxis, fresh_from: int | None
    ) -> tuple[npt.NDArray[np.uint32], int]:
        """Make room for what is new since the last frame; returns the pixels and the first column to paint.

        `fresh_from`: the time from which the signal may differ from what was painted; None: everywhere. The
        columns to be painted are blank.
        """
        first = self._moved(state, axis, fresh_from)
        self._state = state
        self._column = axis.left // state.step if state.step else 0
        self._pixels[:, first:] = 0
        return self._pixels, first

    def _moved(self, state: CanvasState, axis: TimeAxis, fresh_from: int | None) -> int:
        if self._pixels.shape != (state.height, state.width):
            self._pixels = np.zeros((state.height, state.width), np.uint32)
            return 0
        if state != self._state or not state.step or fresh_from is None:
            return 0
        by = axis.left // state.step - self._column
        if not 0 <= by < state.width:
            return 0
        if by:
            # All rows at once, as one move: what runs over from a row to the one above is painted anew.
            flat = self._pixels.reshape(-1)
            flat[:-by] = flat[by:]
        # The column before is drawn up to the first that changed.
        fresh = (fresh_from - axis.left) // state.step - 1
        return max(0, min(fresh, state.width - by))

    def image(self, pixel_ratio: float) -> QImage:
        """A view of the pixels."""
        height, width = self._pixels.shape
        form = QImage.Format.Format_ARGB32_Premultiplied
        image = QImage(self._pixels.data, width, height, width * 4, form)
        image.setDevicePixelRatio(pixel_ratio)
        return image
