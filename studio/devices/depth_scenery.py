"""What the simulated depth camera measures: a floor, a wall, a ball that comes and goes. Arithmetic only."""

import numpy as np
from numpy.typing import NDArray

from studio.timing import Timestamp

Depth = NDArray[np.uint16]
"""Millimetres; 0: nothing came back."""

WALL_MM, NEAR_FLOOR_MM = 4200.0, 1200.0
BALL_MM, BALL_SWING_MM = 2000.0, 900.0
"""Its distance goes so far up and down."""
ROUND_S = 4.0
SHADOW = 0.35
"""Beside the ball, as a share of its radius, the light of the sensor does not come back."""


class DepthScenery:
    """Pictures of one size, as functions of number and time."""

    def __init__(self, width: int, height: int) -> None:
        """Raises ValueError for a size in which nothing could be told."""
        if width < 16 or height < 16:
            raise ValueError(f"a simulated picture of depth cannot be as small as {width} x {height} pixels")
        rows = np.linspace(0.0, 1.0, height, dtype=np.float32)[:, np.newaxis]
        floor = np.where(rows > 0.5, NEAR_FLOOR_MM / np.maximum(2 * rows - 1, 1e-3), WALL_MM)
        tilt = np.linspace(-150.0, 150.0, width, dtype=np.float32)[np.newaxis, :]
        self._ground = np.minimum(floor, WALL_MM + tilt).astype(np.uint16)
        self._across = np.arange(width, dtype=np.float32)[np.newaxis, :]
        self._down = np.arange(height, dtype=np.float32)[:, np.newaxis]

    def picture(self, index: int, elapsed_s: float, time: Timestamp) -> Depth:
        """Frame `index`, (height, width) uint16 of its own memory; the ball's middle is `ball_at` away."""
        height, width = self._ground.shape
        middle, distance = ball_at(elapsed_s)
        radius = height * 0.16 * BALL_MM / distance
        away = np.hypot(self._across - middle * width, self._down - 0.45 * height)
        image: Depth = self._ground.copy()
        image[(away > radius) & (away < radius * (1 + SHADOW)) & (self._across > middle * width)] = 0
        ball = away <= radius
        bulge = np.sqrt(np.maximum(0.0, 1.0 - np.square(away[ball] / radius)))
        image[ball] = np.rint(distance + 120.0 * (1.0 - bulge)).astype(np.uint16)
        return image


def ball_at(elapsed_s: float) -> tuple[float, float]:
    """Where the ball is: share of the width, and distance of its nearest point in mm."""
    angle = 2 * np.pi * elapsed_s / ROUND_S
    return float(0.5 + 0.3 * np.sin(angle)), float(BALL_MM + BALL_SWING_MM * np.cos(angle))
